package dev.runnel.conformance.clients

import dev.runnel.conformance.contract.Logs
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import java.nio.file.Path
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** As many as the script has; with fewer, something was not run. */
private const val CHECKS = 21

private const val INSTALL_SECONDS = 120L
private const val RUN_SECONDS = 240L

/** `ws` and `eventsource` of npm, in the versions of the lock file, under Node. */
class NodeClientsTest :
  FunSpec({
    context("clients of npm") {
      val directory = workplace("clients-node")
      val obstacle = install(directory)
      if (obstacle != null) {
        println("NodeClientsTest is skipped: $obstacle")
        xtest("skipped: $obstacle") {}
      } else {
        val results = play(directory)
        test("all checks were made") { results.keys shouldHaveSize CHECKS }
        for ((name, failure) in results) test(name) { failure shouldBe null }
      }
    }
  })

/** Why the clients cannot be had, or null. */
private fun install(directory: Path): String? {
  val npm = installed("npm") ?: return "there is no npm"
  val unused = installed("node") ?: return "there is no node"
  val lock = resource("package-lock.json")
  val installedLock = directory.resolve("installed-lock.json")
  if (installedLock.exists() && installedLock.readText() == lock) return null
  directory.resolve("package.json").writeText(resource("package.json"))
  directory.resolve("package-lock.json").writeText(lock)
  val ended = run(directory, INSTALL_SECONDS, npm.toString(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
  if (ended.code != 0) {
    return "npm ci ended with ${ended.code}, perhaps without a network; see $directory/errors.log"
  }
  installedLock.writeText(lock)
  return null
}

private fun play(directory: Path): Map<String, String?> {
  val script = directory.resolve("clients.mjs")
  script.writeText(resource("clients.mjs"))
  Logs().use { logs ->
    val ended =
      serve(ClientEndpoints()).use { server ->
        run(directory, RUN_SECONDS, installed("node").toString(), script.toString(), server.port().toString())
      }
    withClue(directory.resolve("errors.log").readText()) { ended.code shouldBe 0 }
    logs.complaints().filter { "the handler fails" !in it } shouldBe emptyList()
    return results(ended.output)
  }
}
