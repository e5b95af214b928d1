package dev.runnel.conformance.api

import dev.runnel.client.Client
import dev.runnel.client.kotlin.HttpClient
import dev.runnel.dsl.RouteScope
import dev.runnel.server.Server
import dev.runnel.sse.ServerEvent
import dev.runnel.testkit.TestServer
import dev.runnel.ws.WsOptions
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.createParentDirectories
import kotlin.io.path.readText
import kotlin.io.path.writeText

/**
 * The public API is a file in the repository, so that a review sees each signature that changes. A failure names the
 * command that writes it anew.
 */
class ApiTest :
  FunSpec({
    test("the engine's API is the one that was reviewed") {
      compare("engine/api/engine.api", engineApi())
    }

    test("the DSL's API is the one that was reviewed") {
      compare("dsl/api/dsl.api", KotlinApi(Classes.of(RouteScope::class.java)).text())
    }

    test("the API of streams of events is the one that was reviewed, in both languages") {
      compare("sse/api/sse.api", mixedApi(Classes.of(ServerEvent::class.java)))
    }

    test("the API of WebSocket is the one that was reviewed, in both languages") {
      compare("ws/api/ws.api", mixedApi(Classes.of(WsOptions::class.java)))
    }

    test("the client's API is the one that was reviewed") {
      compare("client/api/client.api", JavaApi(Classes.of(Client::class.java), setOf("dev.runnel.client")).text())
    }

    test("the API of the client's suspend face is the one that was reviewed") {
      compare("client-kotlin/api/client-kotlin.api", KotlinApi(Classes.of(HttpClient::class.java)).text())
    }

    test("the API of the test harness is the one that was reviewed, in both languages") {
      compare("testkit/api/testkit.api", mixedApi(Classes.of(TestServer::class.java)))
    }

    test("a listing has what users call, and nothing else") {
      val engine = engineApi()
      engine shouldContain "  static Response ok(String text)\n"
      engine.contains("internal") shouldBe false
      val dsl = KotlinApi(Classes.of(RouteScope::class.java)).text()
      dsl shouldContain "suspend fun Request.text(): String\n"
      dsl.contains("CoroutineHandler") shouldBe false
    }
  })

private fun engineApi() = JavaApi(Classes.of(Server::class.java), exportedByEngine()).text()

/** The half in Java, then the half in Kotlin. */
private fun mixedApi(classes: List<Class<*>>): String {
  val (kotlin, java) = classes.partition { it.isAnnotationPresent(Metadata::class.java) }
  return JavaApi(java, java.map { it.packageName }.toSet()).text() + "\n" + KotlinApi(kotlin).text()
}

private fun compare(name: String, fresh: String) {
  val file = Path.of("").toAbsolutePath().parent.resolve(name)
  if (java.lang.Boolean.getBoolean("api.update")) {
    file.createParentDirectories().writeText(fresh)
    return
  }
  val reviewed = if (Files.exists(file)) file.readText() else ""
  if (fresh != reviewed) throw AssertionError(difference(name, reviewed, fresh))
}

private fun difference(name: String, reviewed: String, fresh: String): String {
  val gone = headed(reviewed) - headed(fresh).toSet()
  val new = headed(fresh) - headed(reviewed).toSet()
  val lines = gone.map { "- $it" } + new.map { "+ $it" }
  return (listOf("$name is not what the code has:") + lines.ifEmpty { listOf("(only the order differs)") } + UPDATE)
    .joinToString("\n")
}

/** The members with the type that they belong to, which tells apart those of one name. */
private fun headed(text: String): List<String> {
  var type = ""
  return text
    .lines()
    .filter { it.isNotBlank() }
    .map { line ->
      if (line.startsWith("  ")) "$type: ${line.trim()}" else line.also { type = it.substringBefore(" : ") }
    }
}

private const val UPDATE =
  "If that is meant, write it anew and look at its diff: mvn -B -ntp -pl conformance -am test -Dtest=ApiTest " +
    "-Dsurefire.failIfNoSpecifiedTests=false -Dapi.update=true"
