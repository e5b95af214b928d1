package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import dev.runnel.engine.Handler
import dev.runnel.http.Response
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.withTimeout

/** Both filters of this name keep one contract: the Kotlin one within a coroutine, the engine's on the SPI. */
class RequestTimeoutTest :
  FunSpec({
    val faces =
      mapOf(
        "Kotlin" to { limit: Duration -> requestTimeout(limit) },
        "Java" to { limit: Duration -> dev.runnel.server.Filters.requestTimeout(limit.toJavaDuration()) },
      )
    for ((face, timeout) in faces) {
      context(face) {
        test("503 as a problem through the outer filters; the handler is cancelled") {
          var ended = false
          val x =
            call(FakeExchange(), tag("outer"), timeout(2.seconds)) {
              try {
                awaitCancellation()
              } finally {
                ended = true
              }
            }
          x.loop.advance(1_999.milliseconds)
          x.isOver shouldBe false
          x.loop.advance(1.milliseconds)
          x.status shouldBe 503
          x.header("Content-Type") shouldBe "application/problem+json"
          x.order shouldBe listOf("outer")
          ended shouldBe true
          x.isAlive shouldBe false
          x.cancelled() shouldBe null
        }

        test("in time: nothing is left behind") {
          val x =
            call(FakeExchange(), timeout(2.seconds)) {
              delay(1.seconds)
              ok()
            }
          x.loop.advance(1.seconds)
          x.status shouldBe 200
          x.loop.pendingTimers shouldBe 0
        }

        test("a streaming body leaves the deadline with its first byte") {
          val x =
            call(FakeExchange(), timeout(2.seconds)) {
              stream("text/plain") {
                delay(1.seconds)
                write("a")
                delay(60.seconds)
                write("b")
              }
            }
          x.loop.advance(61.seconds)
          x.status shouldBe 200
          x.sent.toString() shouldBe "ab"
          x.loop.pendingTimers shouldBe 0
        }

        test("a streaming body without a first byte is taken back: 503") {
          var ended = false
          val x =
            call(FakeExchange(), timeout(2.seconds)) {
              delay(1.seconds)
              stream("text/plain") {
                try {
                  awaitCancellation()
                } finally {
                  ended = true
                }
              }
            }
          x.loop.advance(2.seconds)
          x.status shouldBe 503
          ended shouldBe true
          x.isAlive shouldBe false
        }

        test("a Java handler is told, and its late answer dropped") {
          var told: CancelCause? = null
          lateinit var late: () -> Unit
          val java = Handler { exchange ->
            exchange.onCancel { told = it }
            late = { exchange.respond(Response.ok("late")) }
          }
          val x = FakeExchange().handle(behind(timeout(2.seconds), handler = java))
          x.loop.advance(2.seconds)
          x.status shouldBe 503
          told shouldBe CancelCause.TIMEOUT
          late()
          x.failures.shouldBeEmpty()
          x.sent.toString() shouldContain "no answer within"
        }

        test("the handler's own withTimeout is not ours: 500") {
          val x = call(FakeExchange(), timeout(2.seconds)) { withTimeout(1.seconds) { awaitCancellation() } }
          x.loop.advance(1.seconds)
          x.status shouldBe 500
        }

        test("a lost client cancels with its own cause") {
          var reason: CancelCause? = null
          val x =
            call(FakeExchange(), timeout(2.seconds)) {
              try {
                awaitCancellation()
              } catch (e: CallCancellation) {
                reason = e.reason
                throw e
              }
            }
          x.cancel(CancelCause.CLIENT_GONE)
          reason shouldBe CancelCause.CLIENT_GONE
          x.loop.pendingTimers shouldBe 0
        }

        test("of two deadlines the earlier one counts") {
          val x =
            call(FakeExchange(), timeout(3.seconds), timeout(1.seconds)) {
              stream("text/plain") { awaitCancellation() }
            }
          x.loop.advance(1.seconds)
          x.status shouldBe 503
        }

        test("a limit must be positive") { shouldThrow<IllegalArgumentException> { timeout(Duration.ZERO) } }
      }
    }
  })
