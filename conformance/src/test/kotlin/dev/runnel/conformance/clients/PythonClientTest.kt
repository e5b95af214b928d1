package dev.runnel.conformance.clients

import dev.runnel.conformance.contract.Logs
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import java.nio.file.Path
import kotlin.io.path.readText
import kotlin.io.path.writeText

/** As many as the script has; with fewer, something was not run. */
private const val CHECKS = 9

private const val RUN_SECONDS = 240L

/** `websockets` for Python, as Debian has it. */
class PythonClientTest :
  FunSpec({
    context("python3-websockets") {
      val python = python()
      if (python == null) {
        println("PythonClientTest is skipped: there is no Python with the package 'websockets'")
        xtest("skipped: there is no Python with the package 'websockets'") {}
      } else {
        val results = play(python)
        test("all checks were made") { results.keys shouldHaveSize CHECKS }
        for ((name, failure) in results) test(name) { failure shouldBe null }
      }
    }
  })

/** The Python that has the client, or null: the first on the path may be another one than Debian's. */
private fun python(): Path? =
  listOfNotNull(Path.of("/usr/bin/python3"), installed("python3"))
    .filter { it.toFile().canExecute() }
    .firstOrNull {
      run(workplace("clients-python"), RUN_SECONDS, it.toString(), "-c", "import websockets").code == 0
    }

private fun play(python: Path): Map<String, String?> {
  val directory = workplace("clients-python")
  val script = directory.resolve("clients.py")
  script.writeText(resource("clients.py"))
  Logs().use { logs ->
    val ended =
      serve(ClientEndpoints()).use { server ->
        run(directory, RUN_SECONDS, python.toString(), script.toString(), server.port().toString())
      }
    withClue(directory.resolve("errors.log").readText()) { ended.code shouldBe 0 }
    logs.complaints() shouldBe emptyList()
    return results(ended.output)
  }
}
