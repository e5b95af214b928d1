package dev.runnel.client.kotlin

import dev.runnel.client.StatusException
import dev.runnel.dsl.body
import dev.runnel.dsl.bytes
import dev.runnel.dsl.filter
import dev.runnel.dsl.form
import dev.runnel.dsl.json
import dev.runnel.dsl.ok
import dev.runnel.dsl.problem
import dev.runnel.dsl.requestId
import dev.runnel.dsl.text
import dev.runnel.http.Problem
import dev.runnel.http.Response
import dev.runnel.http.Status
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.nio.file.Files
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.Serializable

@Serializable private data class User(val name: String, val age: Int)

private const val AT = "http://server"

class HttpClientTest :
  FunSpec({
    test("JSON goes there and comes back; headers and query are as written") {
      Lab {
        POST("/users") { request ->
          val user: User = request.json()
          ok(user.copy(age = user.age + 1)).header("X-Seen", request.header("X-A") + request.query("q"))
        }
      }
        .use { lab ->
          lab.run {
            val answer =
              lab.client.post("$AT/users") {
                header("X-A", "a")
                query("q", "b&c")
                json(User("Ada", 36))
              }
            answer.headers().get("X-Seen") shouldBe "ab&c"
            answer.json<User>() shouldBe User("Ada", 37)
          }
        }
    }

    test("text, bytes, forms, files and multipart forms arrive") {
      val file = Files.createTempFile("runnel", ".txt").also { Files.writeString(it, "of a file") }
      Lab {
        POST("/echo") { ok(it.text()) }
        POST("/form") { ok(it.form().require("a")) }
        POST("/type") { ok(it.header("Content-Type")!!.substringBefore(';') + " " + it.bytes().isNotEmpty()) }
      }
        .use { lab ->
          lab.run {
            lab.client.post("$AT/echo") { text("héllo") }.text() shouldBe "héllo"
            lab.client.post("$AT/echo") { bytes("abc".toByteArray()) }.bytes().decodeToString() shouldBe "abc"
            lab.client.post("$AT/echo") { file(file) }.text() shouldBe "of a file"
            lab.client.post("$AT/form") { form("a" to "1 & 2") }.text() shouldBe "1 & 2"
            val multipart = lab.client.post("$AT/type") { multipart { field("a", "b") } }
            multipart.text() shouldBe "multipart/form-data true"
          }
        }
      Files.delete(file)
    }

    test("a flow is sent as it emits, and its upload is told") {
      Lab { POST("/echo") { ok(it.text()) } }
        .use { lab ->
          lab.run {
            val told = ArrayList<Long>()
            val parts = listOf("a", "b", "c").asFlow().map { it.toByteArray() }
            val answer =
              lab.client.post("$AT/echo") {
                flow(parts)
                onUpload { told += it.bytes }
              }
            answer.text() shouldBe "abc"
            told.last() shouldBe 3L
          }
        }
    }

    test("a flow that fails fails the call, and nothing else") {
      Lab { POST("/echo") { ok(it.text()) } }
        .use { lab ->
          lab.run {
            val failing = flow {
              emit("a".toByteArray())
              error("no more")
            }
            val error = shouldThrow<ClientException> { lab.client.post("$AT/echo") { flow(failing) } }
            error.reason() shouldBe Reason.REQUEST_BODY
            error.cause!!.message shouldBe "no more"
            lab.client.post("$AT/echo") { text("still here") }.text() shouldBe "still here"
          }
        }
    }

    test("cancelling a call cancels its flow and the server's handler") {
      val cancelled = CompletableDeferred<Unit>()
      val flowEnded = CompletableDeferred<Unit>()
      Lab {
        POST("/slow") {
          try {
            awaitCancellation()
          } finally {
            cancelled.complete(Unit)
          }
        }
      }
        .use { lab ->
          val endless = flow {
            try {
              emit("a".toByteArray())
              awaitCancellation()
            } finally {
              flowEnded.complete(Unit)
            }
          }
          val call = lab.start { lab.client.post("$AT/slow") { flow(endless) } }
          call.isActive shouldBe true
          call.cancel()
          lab.server.run()
          flowEnded.isCompleted shouldBe true
          cancelled.isCompleted shouldBe true
          lab.connections shouldBe 0
        }
    }

    test("a flow is cancelled when the server answers without waiting for it") {
      val flowEnded = CompletableDeferred<Unit>()
      Lab { POST("/no") { problem(403) } }
        .use { lab ->
          lab.run {
            val endless = flow {
              try {
                emit("a".toByteArray())
                awaitCancellation()
              } finally {
                flowEnded.complete(Unit)
              }
            }
            lab.client.post("$AT/no") { flow(endless) }.status() shouldBe Status.FORBIDDEN
          }
          flowEnded.isCompleted shouldBe true
        }
    }

    test("filters of both kinds run in their order, in the caller's coroutine") {
      val order = ArrayList<String>()
      val mark = filter { request, next ->
        order += "second"
        next(request.withHeaders { it.with("X-Token", "secret") })
      }
      Lab({
          use { request, next ->
            order += "first"
            delay(1.seconds)
            next(request)
          }
          use(mark)
        }) {
          GET("/") { ok(it.header("X-Token")!!) }
        }
        .use { lab ->
          val text = lab.start { lab.client.get("$AT/").text() }
          lab.advance(1.seconds)
          with(lab) { text.result() } shouldBe "secret"
          order shouldContainExactly listOf("first", "second")
        }
    }

    test("filters that work on a server's call are refused") {
      shouldThrow<IllegalArgumentException> { HttpClientScope().use(requestId()) }
    }

    test("a status that is no success is an error with its problem, without Jackson") {
      Lab {
        GET("/gone") { problem(Problem.of(Status.of(410), "it was here").with("since", 3)) }
        GET("/plain") { Response.of(500).text("oops") }
      }
        .use { lab ->
          lab.run {
            val gone = shouldThrow<StatusException> { lab.client.get("$AT/gone").orThrow() }
            gone.status().code() shouldBe 410
            gone.problem()!!.detail() shouldBe "it was here"
            gone.problem()!!.extensions()["since"] shouldBe 3
            val plain = shouldThrow<StatusException> { lab.client.get("$AT/plain").orThrow() }
            plain.problem() shouldBe null
          }
        }
    }

    test("an answer that does not decode is an error of the client, not a 400 of ours") {
      Lab { GET("/") { ok(mapOf("name" to "Ada", "age" to "old")) } }
        .use { lab ->
          lab.run {
            val error = shouldThrow<ClientException> { lab.client.get("$AT/").json<User>() }
            error.reason() shouldBe Reason.CONTENT_DECODING
            error.message shouldContain "age must be a 32-bit integer, but is the string \"old\""
          }
        }
    }

    test("errors keep their type and reason across dispatchers") {
      Lab {}
        .use { lab ->
          lab.run {
            val error =
              shouldThrow<ClientException> {
                withContext(Dispatchers.Default) {
                  coroutineScope { async { lab.client.get("http://gone.example/") }.await() }
                }
              }
            error.reason() shouldBe Reason.RESOLVE
          }
        }
    }

    test("what withTimeout and async got is read behind them") {
      Lab { GET("/") { ok("here") } }
        .use { lab ->
          lab.run {
            withTimeout(5.seconds) { lab.client.get("$AT/") }.text() shouldBe "here"
            coroutineScope { async { lab.client.get("$AT/") } }.await().text() shouldBe "here"
          }
        }
    }

    test("a time limit around a call cancels it") {
      Lab { GET("/") { awaitCancellation() } }
        .use { lab ->
          val call = lab.start { runCatching { withTimeout(5.seconds) { lab.client.get("$AT/") } }.isFailure }
          lab.advance(5.seconds)
          with(lab) { call.result() } shouldBe true
          lab.connections shouldBe 0
        }
    }

    test("a body is a flow; one who stops early gives the rest up") {
      Lab { GET("/") { ok(flow<ByteArray> { while (true) emit(ByteArray(1000) { 7 }) }) } }
        .use { lab ->
          lab.run { lab.client.get("$AT/").body.first()[0] shouldBe 7.toByte() }
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("cancelling who reads a whole body gives it up") {
      Lab {
        GET("/") {
          ok(
            flow<ByteArray> {
              emit(ByteArray(10))
              awaitCancellation()
            }
          )
        }
      }
        .use { lab ->
          val read = lab.start { lab.client.get("$AT/").bytes() }
          lab.client.javaClient.stats().calls() shouldBe 1
          read.cancel()
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("a body that nobody reads is given up at the end of the coroutine, or of use") {
      Lab {
        GET("/") {
          ok(
            flow<ByteArray> {
              emit(ByteArray(10))
              awaitCancellation()
            }
          )
        }
      }
        .use { lab ->
          lab.run {
            lab.client.get("$AT/").use { it.status() } shouldBe Status.OK
          }
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
          val forgetting = lab.start {
            val forgotten = lab.client.get("$AT/")
            delay(1.seconds)
            forgotten.status()
          }
          lab.client.javaClient.stats().calls() shouldBe 1
          lab.advance(1.seconds)
          with(lab) { forgetting.result() } shouldBe Status.OK
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("a handler's calls are cancelled with it, and its bodies given up with the exchange") {
      Lab { lab ->
        GET("/outer") {
          lab.client.get("$AT/endless")
          awaitCancellation()
        }
        GET("/endless") {
          ok(
            flow<ByteArray> {
              emit(ByteArray(10))
              awaitCancellation()
            }
          )
        }
      }
        .use { lab ->
          val call = lab.start { lab.client.get("$AT/outer") }
          lab.client.javaClient.stats().calls() shouldBe 2
          call.cancel()
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("an answer is saved as a file, and downloads tell how far they are") {
      val folder = Files.createTempDirectory("runnel")
      val content = ByteArray(100_000) { it.toByte() }
      Lab {
        GET("/file") { ok(content) }
        GET("/none") { problem(404) }
      }
        .use { lab ->
          lab.run { lab.client.get("$AT/file").save(folder.resolve("a")).bytes() } shouldBe 100_000L
          lab.run { lab.client.download("$AT/file", folder.resolve("b")).path() } shouldBe folder.resolve("b")
          lab.run { lab.client.downloading("$AT/file", folder.resolve("c")).toList().last().bytes() } shouldBe 100_000L
          lab.run { shouldThrow<StatusException> { lab.client.download("$AT/none", folder.resolve("d")) } }
          Files.readAllBytes(folder.resolve("c")) shouldBe content
          Files.exists(folder.resolve("d")) shouldBe false
        }
      folder.toFile().deleteRecursively()
    }

    test("a request that a server received can be sent on as it is") {
      Lab { lab ->
        POST("/a") { lab.client(it.withUri(dev.runnel.http.Uri.of("$AT/b"))) }
        POST("/b") { ok(it.text() + " " + it.target()) }
      }
        .use { lab -> lab.run { lab.client.post("$AT/a") { text("x") }.text() } shouldBe "x /b" }
    }
  })
