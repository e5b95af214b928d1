package dev.runnel.conformance.clients

import dev.runnel.conformance.contract.Logs
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** As many as the script has; with fewer, something was not run. */
private const val CHECKS = 9

private const val RUN_SECONDS = 240L

/** `websockets` for Python, as Debian has it. */
class PythonClientTest :
  FunSpec({
    context("python3-websockets") {
      val obstacle = obstacle()
      if (obstacle != null) {
        println("PythonClientTest is skipped: $obstacle")
        xtest("skipped: $obstacle") {}
      } else {
        val results = play()
        test("all checks were made") { results.keys shouldHaveSize CHECKS }
        for ((name, failure) in results) test(name) { failure shouldBe null }
      }
    }
  })

/** Why the client cannot be had, or null. */
private fun obstacle(): String? {
  val python = installed("python3") ?: return "there is no python3"
  val imported = run(workplace("clients-python"), RUN_SECONDS, python.toString(), "-c", "import websockets")
  return if (imported.code == 0) null else "there is no package 'websockets' for $python"
}

private fun play(): Map<String, String?> {
  val directory = workplace("clients-python")
  val script = directory.resolve("clients.py")
  script.writeText(resource("clients.py"))
  Logs().use { logs ->
    val ended =
      serve(ClientEndpoints()).use { server ->
        run(directory, RUN_SECONDS, installed("python3").toString(), script.toString(), server.port().toString())
      }
    withClue(directory.resolve("errors.log").readText()) { ended.code shouldBe 0 }
    logs.complaints() shouldBe emptyList()
    return results(ended.output)
  }
}
