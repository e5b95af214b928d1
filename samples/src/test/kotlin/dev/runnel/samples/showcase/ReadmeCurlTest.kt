package dev.runnel.samples.showcase

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.TimeUnit
import kotlin.io.path.readLines

/** Every curl line of the README, run against the showcase as it stands there. */
class ReadmeCurlTest :
  FunSpec({
    val root = Path.of("").toAbsolutePath().parent
    val lines = root.resolve("README.md").readLines().filter { it.startsWith("curl ") }

    /** What each line must show, in the order of the README. */
    val shows =
      listOf(
        "Runnel showcase",
        "Hello, you!",
        "{\"message\":\"Hello, World!\"}",
        "{\"message\":\"Hello, World!\"}",
        "hello",
        "chunk 10\n",
        "waited 100 ms",
        "id: 3\ndata: 2",
        "{\"prices\":[{\"item\":\"tea\"",
        "{\"item\":\"tea\"",
        "{\"id\":1,\"name\":\"Ada\",\"age\":36}",
        "age must be a 32-bit integer, but is the string",
        "[{\"id\":1,\"name\":\"Ada\",\"age\":36}]",
        " bytes",
        "HTTP/1.1 503 Service Unavailable",
        "{\"number\":5,\"square\":25}]",
      )

    test("each line works").config(enabled = hasCurl()) {
      val server = start(Place(port = 0))
      try {
        lines.size shouldBe shows.size
        for ((line, expected) in lines.zip(shows)) {
          run(root, line.replace(":8080", ":${server.port()}").replaceFirst("curl", "curl -sS")) shouldContain expected
        }
      } finally {
        val report = server.stop(Duration.ofSeconds(5))
        report.abandoned() shouldBe 0
      }
    }
  })

private fun hasCurl() = System.getenv("PATH").split(':').any { Path.of(it, "curl").toFile().canExecute() }

private fun run(folder: Path, line: String): String {
  val process = ProcessBuilder("sh", "-c", line).directory(folder.toFile()).redirectErrorStream(true).start()
  val output = process.inputStream.readBytes().decodeToString()
  process.waitFor(20, TimeUnit.SECONDS) shouldBe true
  process.exitValue() shouldBe 0
  return output
}
