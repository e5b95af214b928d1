package dev.runnel.conformance.clients

import dev.runnel.conformance.contract.Logs
import dev.runnel.testing.TlsFiles
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException
import kotlin.io.path.readText

/** As many as the page has; with fewer, something was not run. */
private const val CHECKS = 13

private const val PATIENCE_SECONDS = 180L

/** WebSocket and EventSource of a headless Chromium, over HTTP/1.1 and over HTTP/2 with TLS. */
class BrowserTest :
  FunSpec({
    for (secure in listOf(false, true)) {
      context(if (secure) "over HTTP/2 with TLS" else "over HTTP/1.1") {
        val program = Browser.program()
        if (program == null) {
          println("BrowserTest is skipped: there is no Chromium")
          xtest("skipped: there is no Chromium") {}
        } else {
          val endpoints = ClientEndpoints()
          val results = visit(endpoints, secure)
          test("all checks were made") { results.keys shouldHaveSize CHECKS }
          test("sessions and streams had the version") {
            val version = if (secure) "HTTP/2" else "HTTP/1.1"
            for (path in listOf("/echo", "/events", "/report")) endpoints.requests shouldContain "$version $path"
            endpoints.requests.filter { !it.startsWith(version) } shouldBe emptyList()
          }
          for ((name, failure) in results) test(name) { failure shouldBe null }
        }
      }
    }
  })

private fun visit(endpoints: ClientEndpoints, secure: Boolean): Map<String, String?> {
  val directory = workplace(if (secure) "clients-browser-h2" else "clients-browser-h1")
  val tls = if (secure) TlsFiles.server().build() else null
  Logs().use { logs ->
    val report =
      serve(endpoints, tls).use { server ->
        val url = (if (secure) "https://localhost" else "http://127.0.0.1") + ":${server.port()}/page"
        Browser(checkNotNull(Browser.program()), url, directory).use {
          try {
            endpoints.report.get(PATIENCE_SECONDS, TimeUnit.SECONDS)
          } catch (e: TimeoutException) {
            throw AssertionError("the page reported nothing: ${directory.resolve("log").readText()}", e)
          }
        }
      }
    withClue("complaints") { logs.complaints().filter { "the handler fails" !in it } shouldBe emptyList() }
    return results(report)
  }
}
