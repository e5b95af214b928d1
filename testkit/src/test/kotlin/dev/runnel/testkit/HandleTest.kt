package dev.runnel.testkit

import dev.runnel.client.kotlin.json
import dev.runnel.client.kotlin.text
import dev.runnel.dsl.ok
import dev.runnel.dsl.problem
import dev.runnel.dsl.routes
import dev.runnel.dsl.stream
import dev.runnel.dsl.text
import dev.runnel.engine.Limits
import dev.runnel.engine.ServerOptions
import dev.runnel.http.Body
import dev.runnel.http.Headers
import dev.runnel.http.Method
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Router
import dev.runnel.routing.RouterOptions
import dev.runnel.routing.TrailingSlash
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext

class HandleTest :
  FunSpec({
    val users = routes {
      use { request, next ->
        val answer = next(request)
        answer.header("X-Seen", "${request.method()} ${request.authority()}")
      }
      mapException<IllegalArgumentException> { problem(422, it.message) }
      GET("/users/{id:int}") { ok("user ${it.pathInt("id")} of ${it.query("page")}") }
      POST("/users") { ok(mapOf("name" to it.text())) }
      GET("/wrong") { throw IllegalArgumentException("no such thing") }
      GET("/broken") { error("secret") }
    }

    test("routing, filters and parameters of path and query") {
      runTest {
        val answer = users.handle(TestRequest.get("/users/7").query("page", 2))
        answer.status().code() shouldBe 200
        answer.text() shouldBe "user 7 of 2"
        answer.header("X-Seen") shouldBe "GET localhost"
      }
    }

    test("the host that is asked, by a whole URL") {
      runTest {
        users.handle(Request.get("https://api.example:444/users/7")).header("X-Seen") shouldBe "GET api.example:444"
      }
    }

    test("a target that is neither path nor URL is refused") {
      shouldThrow<IllegalArgumentException> { TestRequest.get("users") }.message shouldContain "'users'"
      shouldThrow<IllegalArgumentException> { TestRequest.get("//evil.example/") }.message shouldContain "one slash"
    }

    test("errors are problem documents, mapped by the group or by the engine") {
      runTest {
        val mapped = users.handle(TestRequest.get("/wrong"))
        mapped.status().code() shouldBe 422
        mapped.header("Content-Type") shouldBe "application/problem+json"
        mapped.content().text() shouldContain "no such thing"
        val broken = users.handle(TestRequest.get("/broken"))
        broken.status().code() shouldBe 500
        val document = broken.text()
        document shouldContain "requestId"
        document.contains("secret") shouldBe false
      }
    }

    test("what the router itself answers: 404, 405, OPTIONS, and HEAD with the length of GET") {
      runTest {
        users.handle(TestRequest.get("/nowhere")).status().code() shouldBe 404
        val wrongMethod = users.handle(TestRequest.delete("/users"))
        wrongMethod.status().code() shouldBe 405
        wrongMethod.header("Allow") shouldContain "POST"
        users.handle(TestRequest.options("/users")).status().code() shouldBe 204
        val head = users.handle(TestRequest.head("/users/7"))
        head.header("Content-Length") shouldBe "${"user 7 of null".length}"
        head.text() shouldBe ""
      }
    }

    test("a router with options, and a handler") {
      runTest {
        val strict = Router.of(users, RouterOptions(TrailingSlash.REDIRECT, RouterOptions.DEFAULT.encodedSlash()))
        strict.handle(TestRequest.get("/users/7/")).status().code() shouldBe 308
        val bare = dev.runnel.engine.Handler { it.respond(Response.ok(it.request().target())) }
        bare.handle(TestRequest.of(Method.of("PROPFIND"), "/x?y")).text() shouldBe "/x?y"
      }
    }

    test("JSON both ways, and where it came from") {
      runTest {
        val answer = users.handle(TestRequest.post("/users").text("Ann"))
        answer.json<Map<String, String>>() shouldBe mapOf("name" to "Ann")
        answer.received()?.uri()?.text() shouldBe "http://localhost/users"
      }
    }

    test("limits of bodies and other options hold") {
      runTest {
        val options = ServerOptions.builder().limits(Limits.DEFAULT.withBufferedBody(3)).build()
        users.handle(TestRequest.post("/users").text("four"), options).status().code() shouldBe 413
      }
    }

    test("an upgrade is refused with a hint, and its handler cancelled") {
      runTest {
        val takes = routes { GET("/ws") { Response.upgrade("chat", Body.Upgrade { error("nobody is there") }) } }
        val asks = TestRequest.get("/ws").header("Connection", "upgrade").header("Upgrade", "chat")
        val refused = shouldThrow<ClientException> { takes.handle(asks) }
        refused.reason() shouldBe Reason.NOT_UPGRADED
        refused.message shouldContain "GET /ws was answered with 101"
        takes.handle(TestRequest.get("/ws")).status().code() shouldBe 426
      }
    }

    test("a stream that breaks off says why to who reads it") {
      runTest {
        val breaks = routes {
          GET("/") {
            stream("text/plain") {
              write("half")
              error("the disk is full")
            }
          }
        }
        val answer = breaks.handle(TestRequest.get("/"))
        val broken = shouldThrow<ClientException> { answer.text() }
        broken.reason() shouldBe Reason.STREAM_RESET
        broken.message shouldContain "the disk is full"
      }
    }

    test("a blocking read where the handler runs is refused, and elsewhere reads") {
      runTest {
        val streams = routes { GET("/") { stream("text/plain") { write("a stream") } } }
        val refused = shouldThrow<IllegalStateException> { streams.handle(TestRequest.get("/")).content().text() }
        refused.message shouldContain "response.text()"
        val answer = streams.handle(TestRequest.get("/"))
        withContext(Dispatchers.IO) { answer.content().text() } shouldBe "a stream"
      }
    }

    test("without runTest it runs in the caller's context") {
      val threads = AtomicReference<String>()
      val where = routes { GET("/") { ok("x").also { threads.set(Thread.currentThread().name) } } }
      withContext(Dispatchers.Default) { where.handle(TestRequest.get("/")).text() shouldBe "x" }
      threads.get() shouldContain "DefaultDispatcher"
    }

    test("trailers of the answer") {
      runTest {
        val sum = routes {
          GET("/") { stream("text/plain") { write("x") }.withTrailers { Headers.of("Sum", "1") } }
        }
        val answer = sum.handle(TestRequest.get("/"))
        answer.text() shouldBe "x"
        answer.trailers()?.get() shouldBe Headers.of("Sum", "1")
      }
    }
  })

private fun Response.header(name: String): String? = headers().get(name)
