package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.maps.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

class DetachedTest :
  FunSpec({
    test("outlives the call and its client, and counts for the server") {
      var done = false
      val x = call {
        detached {
          delay(1.seconds)
          done = true
        }
        ok()
      }
      x.isAlive shouldBe false
      x.server.detached shouldHaveSize 1
      x.cancel(CancelCause.CLIENT_GONE)
      x.loop.advance(1.seconds)
      done shouldBe true
      x.server.detached.shouldBeEmpty()
    }

    test("survives the cancelled call that started it") {
      var done = false
      val x = call {
        detached {
          delay(1.seconds)
          done = true
        }
        awaitCancellation()
      }
      x.cancel(CancelCause.CLIENT_GONE)
      x.loop.advance(1.seconds)
      done shouldBe true
    }

    test("is cancelled with ServerStopping at the drain's deadline") {
      var cause: Throwable? = null
      val x = call {
        detached {
          try {
            awaitCancellation()
          } catch (e: CancellationException) {
            cause = e
            throw e
          }
        }
        ok()
      }
      x.server.detached.values.toList().forEach { it.run() }
      cause.shouldBeInstanceOf<ServerStopping>()
      x.server.detached.shouldBeEmpty()
    }

    test("throws once the server has stopped") {
      val server = FakeServer().apply { stopped = true }
      val x =
        call(FakeExchange(server = server)) {
          detached {}
          ok()
        }
      x.failures.single().shouldBeInstanceOf<IllegalStateException>()
    }

    test("a failure is logged once, and touches nothing else") {
      var x: FakeExchange? = null
      var other = false
      val lines = logged {
        x = call {
          detached {
            delay(1.seconds)
            throw Boom()
          }
          detached {
            delay(2.seconds)
            other = true
          }
          ok()
        }
        x.loop.advance(2.seconds)
      }
      lines shouldHaveSize 1
      lines[0].message shouldBe "id-1 failed in its detached work"
      other shouldBe true
      x!!.server.detached.shouldBeEmpty()
      x.failures.shouldBeEmpty()
    }

    test("blocking, detached and launch work within it") {
      val seen = ArrayList<String>()
      val x = call {
        detached {
          delay(1.seconds)
          seen += blocking { "blocking" }
          detached { seen += "detached" }
          launch { seen += "launch" }
          currentCall().scope.launch { seen += "scope" }
        }
        ok()
      }
      x.loop.advance(1.seconds)
      x.loop.runUntil { x.server.detached.isEmpty() }
      seen shouldBe listOf("blocking", "detached", "launch", "scope")
    }
  })
