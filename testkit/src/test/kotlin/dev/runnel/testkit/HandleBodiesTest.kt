package dev.runnel.testkit

import dev.runnel.client.kotlin.body
import dev.runnel.client.kotlin.bytes
import dev.runnel.client.kotlin.text
import dev.runnel.dsl.body
import dev.runnel.dsl.bytes
import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.dsl.stream
import dev.runnel.dsl.text
import dev.runnel.engine.Handler
import dev.runnel.http.Body
import dev.runnel.http.BodyCollector
import dev.runnel.http.BodyReader
import dev.runnel.http.BodyWriter
import dev.runnel.http.Headers
import dev.runnel.http.Response
import dev.runnel.io.Bytes
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempfile
import io.kotest.matchers.ints.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest

/** More than any buffer on the way holds. */
private val MUCH = ByteArray(300_000) { (it % 251).toByte() }

private val echo = routes {
  POST("/size") { ok("${it.bytes().size}") }
  POST("/sum") { request -> ok("${request.bytes().contentHashCode()}") }
  POST("/pieces") { request -> ok("${request.body.toList().sumOf { it.size }}") }
  POST("/ignores") { ok("no") }
  GET("/whole") { ok(MUCH) }
}

private val sum = "${MUCH.contentHashCode()}"

/** Pulled piece by piece, and ended with a trailer. */
private class Pieces(private val count: Int) : Body.Source {
  var discarded = false

  override fun discard() {
    discarded = true
  }

  override fun open(): BodyReader = throw IllegalStateException("was not to be read")

  override fun length(): Long = count.toLong()
}

private class Produced(private val pieces: Int, private val fail: Boolean = false) : Body.Producer {
  var most = 0

  override fun produce(writer: BodyWriter) = pump(writer, 0)

  private fun pump(writer: BodyWriter, from: Int) {
    for (i in from until pieces) {
      most = i + 1
      if (fail && i == 3) throw IllegalStateException("no ink")
      if (!writer.write(Bytes.copyOf(ByteArray(1000)))) return writer.onWritable { pump(writer, i + 1) }
    }
    writer.end(Headers.of("Count", "$pieces"))
  }
}

@OptIn(ExperimentalCoroutinesApi::class)
class HandleBodiesTest :
  FunSpec({
    val file = tempfile().also { it.writeBytes(MUCH) }.toPath()

    context("the body of a request") {
      test("bytes") { runTest { echo.handle(TestRequest.post("/sum").bytes(MUCH)).text() shouldBe sum } }

      test("a file, or a part of it") {
        runTest {
          echo.handle(TestRequest.post("/sum").body(Body.File(file, 0, 300_000))).text() shouldBe sum
          echo.handle(TestRequest.post("/size").body(Body.File(file, 100, 70_000))).text() shouldBe "70000"
          val short =
            shouldThrow<ClientException> { echo.handle(TestRequest.post("/size").body(Body.File(file, 0, 300_001))) }
          short.message shouldContain "shorter"
        }
      }

      test("an output stream") {
        runTest { echo.handle(TestRequest.post("/sum").body(Body.Output { it.write(MUCH) })).text() shouldBe sum }
      }

      test("an output stream that waits while the handler lets time pass") {
        val pauses = routes {
          POST("/") { request ->
            val sizes = mutableListOf<Int>()
            request.body.collect {
              sizes += it.size
              delay(1.seconds)
            }
            ok("${sizes.sum()}")
          }
        }
        runTest {
          val pieces = Body.Output { out -> repeat(30) { out.write(MUCH, it * 10_000, 10_000) } }
          pauses.handle(TestRequest.post("/").body(pieces)).text() shouldBe "300000"
        }
      }

      test("a producer, which waits while the handler takes nothing") {
        runTest {
          echo.handle(TestRequest.post("/pieces").body(Produced(500))).text() shouldBe "500000"
          val slow = Produced(500)
          val takesOne = routes { POST("/") { request -> ok("${request.body.first().size}") } }
          takesOne.handle(TestRequest.post("/").body(slow)).text() shouldBe "1000"
          slow.most shouldBeInRange 60..140
        }
      }

      test("what another answer pulls, and who does not want it") {
        runTest {
          val from = echo.handle(TestRequest.get("/whole"))
          echo.handle(TestRequest.post("/sum").body(from.body())).text() shouldBe sum
          val unread = Pieces(10)
          echo.handle(TestRequest.post("/ignores").body(unread)).text() shouldBe "no"
          unread.discarded shouldBe true
        }
      }

      test("that fails fails the call, and cancels its handler") {
        runTest {
          var cancelled = false
          val reads = routes {
            POST("/") {
              try {
                ok(it.text())
              } catch (e: CancellationException) {
                cancelled = true
                throw e
              }
            }
          }
          val failed =
            shouldThrow<ClientException> { reads.handle(TestRequest.post("/").body(Produced(9, fail = true))) }
          failed.reason() shouldBe Reason.REQUEST_BODY
          failed.message shouldContain "no ink"
          runCurrent()
          cancelled shouldBe true
        }
      }
    }

    test("trailers behind the body of a request") {
      val counts = Handler { call ->
        val reader = call.body()
        val unused =
          BodyCollector.collect(reader, 100_000) { IllegalStateException("$it") }
            .thenAccept { bytes ->
              call.respond(Response.ok("${bytes.length()} in ${reader.trailers().get("Count")}"))
            }
      }
      runTest { counts.handle(TestRequest.post("/").body(Produced(5))).text() shouldBe "5000 in 5" }
    }

    context("the body of an answer") {
      val answers = routes {
        GET("/file") { ok(file) }
        GET("/stream") { stream("text/plain") { repeat(300) { write(MUCH.copyOfRange(it * 1000, it * 1000 + 1000)) } } }
        GET("/output") { Response.output("text/plain") { it.write(MUCH) } }
        GET("/source") { ok("").body(echo.handle(TestRequest.get("/whole")).body()) }
      }

      test("bytes") {
        runTest { echo.handle(TestRequest.get("/whole")).bytes().contentHashCode() shouldBe sum.toInt() }
      }

      for (kind in listOf("file", "stream", "output")) {
        test("a $kind") {
          runTest { answers.handle(TestRequest.get("/$kind")).bytes().contentHashCode() shouldBe sum.toInt() }
        }
      }

      test("is written no faster than it is read") {
        runTest {
          var written = 0
          val endless = routes {
            GET("/") {
              stream("text/plain") {
                while (true) {
                  write(ByteArray(1000))
                  written++
                }
              }
            }
          }
          val answer = endless.handle(TestRequest.get("/"))
          runCurrent()
          written shouldBeInRange 60..70
          answer.body.first().size shouldBe 1000
        }
      }

      test("that blocking code writes and nobody reads ends with its test") {
        val ended = AtomicInteger()
        val endless = routes {
          GET("/") {
            Response.output("text/plain") { out ->
              try {
                while (true) out.write(MUCH)
              } finally {
                ended.incrementAndGet()
              }
            }
          }
        }
        repeat(20) { round ->
          runTest {
            val unused = endless.handle(TestRequest.get("/"))
            runCurrent()
          }
          ended.get() shouldBe round + 1
        }
      }

      test("that is discarded cancels the handler") {
        runTest {
          var ended = false
          val waits = routes {
            GET("/") {
              stream("text/plain") {
                write("first")
                try {
                  awaitCancellation()
                } finally {
                  ended = true
                }
              }
            }
          }
          val answer = waits.handle(TestRequest.get("/"))
          runCurrent()
          ended shouldBe false
          Body.discard(answer.body())
          runCurrent()
          ended shouldBe true
        }
      }
    }

    test("both ways at a time") {
      runTest {
        val shouts = routes {
          POST("/") { request ->
            stream("text/plain") {
              write("HEAR")
              request.body.collect { write(it.decodeToString().uppercase()) }
            }
          }
        }
        var writer: BodyWriter? = null
        val speaks =
          object : Body.Producer {
            override fun produce(to: BodyWriter) {
              writer = to
            }
          }
        val answer = shouts.handle(TestRequest.post("/").body(speaks))
        val heard = mutableListOf<String>()
        val listening = launch { answer.body.collect { heard += it.decodeToString() } }
        runCurrent()
        val to = checkNotNull(writer)
        for (word in listOf("one", "two")) {
          to.loop().execute { to.write(Bytes.utf8(word)) }
          runCurrent()
        }
        heard shouldBe listOf("HEAR", "ONE", "TWO")
        to.loop().execute { to.end() }
        listening.join()
      }
    }
  })
