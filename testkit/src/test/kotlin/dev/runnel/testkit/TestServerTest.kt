@file:OptIn(kotlinx.coroutines.ExperimentalCoroutinesApi::class)

package dev.runnel.testkit

import dev.runnel.dsl.blocking
import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.dsl.text
import dev.runnel.sse.SSE
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import dev.runnel.ws.WS
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.util.concurrent.CompletableFuture.delayedExecutor
import java.util.concurrent.CompletableFuture.supplyAsync
import java.util.concurrent.TimeUnit.MILLISECONDS
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runTest

private val app = routes {
  GET("/hello/{name}") { req -> ok("Hello, ${req.path("name")}") }
  GET("/slow") {
    delay(30.seconds)
    ok("at last")
  }
  GET("/foreign") { ok(blocking { supplyAsync({ "of others" }, delayedExecutor(50, MILLISECONDS)).join() }) }
  GET("/foreign-soon") { ok(blocking { supplyAsync { "of others" }.join() }) }
  GET("/never") { awaitCancellation() }
  POST("/echo") { req -> ok(req.text()) }
  SSE("/clock") {
    var i = 0
    while (true) {
      send("${i++}")
      delay(1.seconds)
    }
  }
  SSE("/hourly") {
    var hours = 0
    while (true) {
      send("${hours++}")
      delay(1.hours)
    }
  }
  WS("/upper") { incoming.collect { send(it.text().uppercase()) } }
}

class TestServerTest :
  FunSpec({
    for (protocol in TestProtocol.entries) {
      val options = TestOptions.DEFAULT.withProtocol(protocol)

      context("$protocol") {
        test("a call") { testServer(app, options = options) { get("/hello/you").text() shouldBe "Hello, you" } }

        test("a body") {
          testServer(app, options = options) {
            post("/echo") { text("x".repeat(100_000)) }.text().length shouldBe 100_000
          }
        }

        test("time passes while all wait") {
          testServer(app, options = options) {
            get("/slow").text() shouldBe "at last"
            elapsed shouldBe 30.seconds
          }
        }

        test("events") {
          testServer(app, options = options) {
            val events = sse("/clock")
            advance(3500.milliseconds)
            events.received().map { it.data() } shouldContainExactly listOf("0", "1", "2", "3")
            events.vanish()
            calls.active() shouldBe 0
          }
        }

        test("a session") {
          testServer(app, options = options) {
            webSocket("/upper") {
              send("hello")
              incoming.first().text() shouldBe "HELLO"
            }
          }
        }
      }
    }

    test("time stands while blocking code waits for others") {
      testServer(app) {
        get("/foreign").text() shouldBe "of others"
        elapsed shouldBe 0.seconds
        repeat(500) { get("/foreign-soon").text() shouldBe "of others" }
        elapsed shouldBe 0.seconds
      }
      runTest {
        testServer(app) {
          repeat(500) { get("/foreign-soon").text() shouldBe "of others" }
          elapsed shouldBe 0.seconds
        }
      }
    }

    test("on TCP") { testServer(app, transport = tcp) { get("/hello/you").text() shouldBe "Hello, you" } }

    test("within runTest there is one clock") {
      runTest {
        testServer(app) {
          coroutineScope {
            val answer = async { get("/slow").text() }
            delay(29.seconds)
            calls.active() shouldBe 1
            delay(2.seconds)
            calls.active() shouldBe 0
            answer.await() shouldBe "at last"
          }
        }
        currentTime shouldBe 31_000
      }
    }

    test("a failure tells seed, time and wires") {
      val error = shouldThrow<AssertionError> { testServer(app) { get("/hello/you").text() shouldBe "Goodbye" } }
      val report = error.suppressed.first { it is TestReport }.message
      report shouldContain "seed 0"
      report shouldContain "GET /hello/you HTTP/1.1"
      report shouldContain "Hello, you"
    }

    test("what never comes is a failure, not a hang") {
      val error = shouldThrow<ClientException> { testServer(app) { get("/never").status() shouldBe 200 } }
      error.reason() shouldBe Reason.HEAD_TIMEOUT
      error.suppressed.first { it is TestReport }.message shouldContain "GET /never"
    }

    test("a day of a quiet stream, kept alive by heartbeats") {
      testServer(app) {
        val events = sse("/hourly")
        val wire = raw().send("GET /hourly HTTP/1.1\r\nHost: x\r\n\r\n")
        advance(24.hours)
        events.received().map { it.data() } shouldContainExactly (0..24).map { "$it" }
        // One each 15 seconds, but for the seconds in which an event came.
        val beats = String(wire.received()).lines().count { it.startsWith(":") }
        beats shouldBe 24 * 239
        calls.active() shouldBe 2
        events.vanish()
      }
    }
  })
