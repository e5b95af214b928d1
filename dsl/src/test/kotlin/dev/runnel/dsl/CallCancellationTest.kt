package dev.runnel.dsl

import ch.qos.logback.classic.Level
import dev.runnel.engine.CancelCause
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** A call that was cancelled: what its coroutines see, and how long it counts. */
class CallCancellationTest :
  FunSpec({
    test("a lost connection cancels what was launched, also behind the answer") {
      var cause: Throwable? = null
      val x = call {
        scope.launch {
          try {
            awaitCancellation()
          } catch (e: CancellationException) {
            cause = e
            throw e
          }
        }
        ok()
      }
      x.cancel(CancelCause.CLIENT_GONE)
      cause.shouldBeInstanceOf<ClientGone>().reason shouldBe CancelCause.CLIENT_GONE
      x.isAlive shouldBe false
    }

    for (reason in CancelCause.entries) {
      test("a call cancelled with $reason runs finally and answers nothing") {
        var cause: Throwable? = null
        var cleanedUp = false
        var x: FakeExchange? = null
        val lines = logged {
          x = call {
            try {
              awaitCancellation()
            } catch (e: CancellationException) {
              cause = e
              throw e
            } finally {
              cleanedUp = true
            }
          }
          x.cancel(reason)
        }
        cause.shouldBeInstanceOf<CallCancellation>().reason shouldBe reason
        cleanedUp shouldBe true
        x!!.status shouldBe null
        x.failures.shouldBeEmpty()
        x.lateFailures.shouldBeEmpty()
        lines.shouldBeEmpty()
        x.isAlive shouldBe false
      }
    }

    test("a cancelled handler that turns it into another error is not answered, and told at debug only") {
      var x: FakeExchange? = null
      val lines =
        logged(level = Level.DEBUG) {
          x = call {
            try {
              awaitCancellation()
            } finally {
              throw Boom()
            }
          }
          x.cancel(CancelCause.CLIENT_GONE)
        }
      x!!.failures.shouldBeEmpty()
      lines.single().level shouldBe Level.DEBUG
    }

    test("NonCancellable work goes on when the client is gone, and the call counts until it is done") {
      var saved = false
      val x = call {
        withContext(NonCancellable) {
          delay(1.seconds)
          saved = true
        }
        ok()
      }
      x.cancel(CancelCause.CLIENT_GONE)
      x.isAlive shouldBe true
      x.loop.advance(1.seconds)
      saved shouldBe true
      x.isAlive shouldBe false
      x.status shouldBe null
    }

    test("cancelling one call leaves another alone") {
      val loop = FakeLoop()
      val one = call(FakeExchange(loop)) { awaitCancellation() }
      val other =
        call(FakeExchange(loop)) {
          delay(1.seconds)
          ok()
        }
      one.cancel(CancelCause.CLIENT_GONE)
      loop.advance(1.seconds)
      other.status shouldBe 200
    }
  })
