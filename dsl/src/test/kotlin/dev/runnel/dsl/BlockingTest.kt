package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

class BlockingTest :
  FunSpec({
    test("runs elsewhere, goes on on the loop") {
      var there = true
      val x = call {
        val text = blocking {
          there = exchange.loop().inLoop()
          "result"
        }
        ok(text + exchange.loop().inLoop())
      }
      x.loop.runUntil { x.isOver }
      there shouldBe false
      x.sent.toString() shouldBe "resulttrue"
      x.loop.runUntil { !x.isAlive }
    }

    test("works from another dispatcher") {
      val x = call { withContext(Dispatchers.Default) { ok(blocking { "result" }) } }
      x.loop.runUntil { x.isOver }
      x.sent.toString() shouldBe "result"
    }

    test("its exceptions are the handler's") {
      val x = call { blocking { throw Boom() } }
      x.loop.runUntil { x.isOver }
      x.failures.single().shouldBeInstanceOf<Boom>()
    }

    test("full: 503 with Retry-After, and nothing stays held") {
      val x = call(FakeExchange(server = FakeServer(blockingCalls = 0))) { ok(blocking { "never" }) }
      x.status shouldBe 503
      x.header("Retry-After") shouldBe "1"
      x.isAlive shouldBe false
    }

    test("a cancelled call goes on at once; the thread is left alone and counts until it returns") {
      val release = CountDownLatch(1)
      var interrupted = true
      var ended = false
      val x = call {
        try {
          blocking {
            release.await()
            interrupted = Thread.interrupted()
            ok()
          }
        } finally {
          ended = true
        }
      }
      x.cancel(CancelCause.CLIENT_GONE)
      ended shouldBe true
      x.isAlive shouldBe true
      release.countDown()
      x.loop.runUntil { !x.isAlive }
      interrupted shouldBe false
    }

    test("interruptible: the thread is interrupted") {
      var error: Throwable? = null
      val started = CountDownLatch(1)
      val x = call {
        blocking(interruptible = true) {
          started.countDown()
          try {
            CountDownLatch(1).await()
          } catch (e: InterruptedException) {
            error = e
          }
          ok()
        }
      }
      started.await()
      x.cancel(CancelCause.CLIENT_GONE)
      x.loop.runUntil { !x.isAlive }
      error.shouldBeInstanceOf<InterruptedException>()
    }
  })
