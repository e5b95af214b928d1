package dev.runnel.dsl

import dev.runnel.http.Status
import dev.runnel.server.Eventually
import dev.runnel.server.Server
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldNotContain
import io.kotest.matchers.string.shouldStartWith
import java.io.IOException
import java.net.Socket
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import java.util.concurrent.CountDownLatch
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.fold
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable
import org.slf4j.MDC

@Serializable private data class Point(val x: Int, val y: Int)

private val waiting = CountDownLatch(1)
private val gone = CountDownLatch(1)

private fun RouteScope.app(goOn: CompletableDeferred<Unit> = CompletableDeferred(Unit)) {
  use(requestId())
  mapException<Boom> { problem(418, it.message) }
  GET("/hello/{name}") { ok("Hello, ${it.path("name")}!") }
  POST("/points") {
    val point = it.json<Point>()
    created("/points/1", Point(point.y, point.x))
  }
  GET("/default") { withContext(Dispatchers.Default) { ok(MDC.get("requestId")) } }
  GET("/blocking") { ok(blocking { "blocked " + MDC.get("requestId") + " " + Thread.currentThread().name }) }
  GET("/delay") {
    delay(1)
    ok("late")
  }
  GET("/rows") { ok((1..10_000).asFlow().map { i -> Point(i, i) }) }
  GET("/late-failure") {
    ok(
      flow<String> {
        delay(1)
        throw Boom("before the first byte")
      }
    )
  }
  GET("/broken") {
    stream("text/plain") {
      write("part")
      delay(1)
      throw Boom("after it")
    }
  }
  POST("/count") { request -> ok("${request.body.fold(0L) { sum, bytes -> sum + bytes.size }}") }
  POST("/text") { ok(it.text().length.toString()) }
  GET("/gone") {
    try {
      waiting.countDown()
      awaitCancellation()
    } finally {
      gone.countDown()
    }
  }
  path("/timed") {
    use(requestTimeout(50.milliseconds))
    GET("/out") { awaitCancellation() }
    GET("/stream") { stream("text/plain") { awaitCancellation() } }
  }
  GET("/bye") {
    scope.launch { goOn.await() }
    detached { goOn.await() }
    ok()
  }
}

/** The face on the real engine over TCP: what the fake exchange of the other tests cannot prove. */
class ServingTest :
  FunSpec({
    lateinit var server: Server
    val client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

    beforeSpec { server = start(port = 0) { app() } }
    afterSpec { server.stop(Duration.ofSeconds(1)) }

    fun send(path: String, body: String? = null, vararg headers: String): HttpResponse<String> {
      val request = HttpRequest.newBuilder(server.uri().resolve(path)).timeout(Duration.ofSeconds(10))
      if (body != null) request.POST(BodyPublishers.ofString(body))
      if (headers.isNotEmpty()) request.headers(*headers)
      return client.send(request.build(), BodyHandlers.ofString())
    }

    test("answers, JSON both ways, and errors that name the field") {
      send("/hello/world").body() shouldBe "Hello, world!"
      send("/points", "{\"x\":1,\"y\":2}").body() shouldBe "{\"x\":2,\"y\":1}"
      val bad = send("/points", "{\"x\":1,\"y\":\"two\"}")
      bad.statusCode() shouldBe 400
      bad.body() shouldContain "y must be a 32-bit integer, but is the string"
      bad.body() shouldNotContain "Point"
    }

    test("other threads and back, with the request id in the MDC") {
      send("/default", null, "X-Request-Id", "abc").body() shouldBe "abc"
      send("/blocking", null, "X-Request-Id", "abc").body() shouldStartWith "blocked abc runnel-blocking"
      send("/delay").body() shouldBe "late"
    }

    test("many rows, as lines and as an array") {
      send("/rows").body().lines().size shouldBeGreaterThan 10_000
      val array = send("/rows", null, "Accept", "application/json").body()
      array.startsWith("[{\"x\":1,\"y\":1},{\"x\":2,\"y\":2},{") shouldBe true
      array.takeLast(1) shouldBe "]"
    }

    test("a stream that fails is mapped before its first byte and broken off after it") {
      val mapped = send("/late-failure", null, "X-Request-Id", "abc")
      mapped.statusCode() shouldBe 418
      mapped.body() shouldContain "before the first byte"
      mapped.headers().firstValue("X-Request-Id").get() shouldBe "abc"
      val broken = runCatching { send("/broken") }
      (broken.exceptionOrNull() is IOException) shouldBe true
    }

    test("uploads, streamed and buffered up to the limit") {
      send("/count", "x".repeat(3_000_000)).body() shouldBe "3000000"
      send("/text", "x".repeat(1_000_000)).body() shouldBe "1000000"
      send("/text", "x".repeat(2_000_000)).statusCode() shouldBe Status.CONTENT_TOO_LARGE.code()
    }

    test("time limits, also of a stream without a first byte") {
      send("/timed/out").statusCode() shouldBe 503
      send("/timed/stream").statusCode() shouldBe 503
    }

    test("a client that leaves cancels the handler") {
      Socket("127.0.0.1", server.port()).use {
        it.getOutputStream().write("GET /gone HTTP/1.1\r\nHost: x\r\n\r\n".toByteArray())
        Eventually.opens(waiting, "the handler to wait")
      }
      Eventually.opens(gone, "the handler to be cancelled")
    }

    test("a drain waits for what was launched and detached") {
      val goOn = CompletableDeferred<Unit>()
      val other = start(port = 0) { app(goOn) }
      client
        .send(HttpRequest.newBuilder(other.uri().resolve("/bye")).build(), BodyHandlers.ofString())
        .statusCode() shouldBe 200
      val stop = other.stopAsync(Duration.ofHours(1)).toCompletableFuture()
      // What ends before the drain has begun is none of its business; the listener closes behind its beginning.
      Eventually.until({ runCatching { Socket("127.0.0.1", other.port()).close() }.isFailure }, "the port to close")
      stop.isDone shouldBe false
      goOn.complete(Unit) shouldBe true
      val report = Eventually.get(stop, "the drain")
      report.cancelled() shouldBe 0
      report.abandoned() shouldBe 0
      report.detachedFinished() shouldBe 1
    }

    test("what a stop abandons still comes to its finally") {
      val begun = CompletableDeferred<Unit>()
      val goOn = CompletableDeferred<Unit>()
      val cleanedUp = CountDownLatch(1)
      val other =
        start(port = 0) {
          GET("/") {
            try {
              begun.complete(Unit)
              withContext(NonCancellable) {
                goOn.await()
                delay(1)
              }
              ok()
            } finally {
              cleanedUp.countDown()
            }
          }
        }
      Socket("127.0.0.1", other.port()).use {
        it.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".toByteArray())
        Eventually.until({ begun.isCompleted }, "the handler to begin")
        other.stop(Duration.ZERO).abandoned() shouldBe 1
      }
      goOn.complete(Unit) shouldBe true
      Eventually.opens(cleanedUp, "the handler's finally")
    }

    test("nothing is left running") {
      Eventually.until({ server.calls() == 0 }, "all calls to end")
    }
  })
