package dev.runnel.dsl

import ch.qos.logback.classic.Level
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.nulls.shouldNotBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlin.coroutines.Continuation
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.resume
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.supervisorScope
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield

/** What a coroutine may do in a handler: its answer, its log lines, and the cause it is cancelled with. */
class CoroutineHandlerTest :
  FunSpec({
    test("a handler that does not suspend is answered in the same turn, without any task") {
      val x = call { ok("now") }
      x.sent.toString() shouldBe "now"
      x.loop.executed shouldBe 0
      x.isAlive shouldBe false
    }

    test("one Job from the first line to the last, across suspensions") {
      val jobs = ArrayList<Job>()
      val x = call {
        jobs += currentCoroutineContext().job
        delay(1.seconds)
        jobs += currentCoroutineContext().job
        ok()
      }
      x.status shouldBe null
      x.loop.advance(1.seconds)
      x.status shouldBe 200
      jobs[1] shouldBeSameInstanceAs jobs[0]
      jobs[0].isCompleted shouldBe true
    }

    test("the context of a call can be read, added to and taken apart like any other") {
      val x = call {
        val context = currentCoroutineContext()
        val keys = context.fold(emptyList<CoroutineContext.Key<*>>()) { known, element -> known + element.key }
        keys shouldBe listOf(CallContext, Job, ContinuationInterceptor)
        for (key in keys) {
          val without = context.minusKey(key)
          without[key] shouldBe null
          for (other in keys - key) without[other] shouldBeSameInstanceAs context[other]
        }
        context.minusKey(CoroutineName) shouldBeSameInstanceAs context
        val named = context + CoroutineName("a call")
        named[CoroutineName]?.name shouldBe "a call"
        for (key in keys) named[key] shouldBeSameInstanceAs context[key]
        ok(withContext(CoroutineName("named")) { currentCoroutineContext()[CoroutineName]?.name ?: "nameless" })
      }
      x.sent.toString() shouldBe "named"
    }

    test("200,000 suspensions that are resumed on the loop make no dispatch and no deep stack") {
      var resume: Continuation<Unit>? = null
      val x = call {
        repeat(200_000) { suspendCancellableCoroutine { resume = it } }
        ok("done")
      }
      repeat(200_000) { resume!!.resume(Unit) }
      x.sent.toString() shouldBe "done"
      x.loop.executed shouldBe 0
    }

    test("a wake from a foreign thread makes one dispatch, and goes on on the loop") {
      val wake = CompletableDeferred<Unit>()
      var inLoop = false
      val x = call {
        wake.await()
        inLoop = exchange.loop().inLoop()
        ok()
      }
      Thread { wake.complete(Unit) }.start()
      x.loop.runUntil { x.isOver }
      inLoop shouldBe true
      x.loop.executed shouldBe 1
    }

    test("withContext(Dispatchers.Default) leaves the loop and comes back") {
      val places = ArrayList<Boolean>()
      val x = call {
        withContext(Dispatchers.Default) { places += exchange.loop().inLoop() }
        places += exchange.loop().inLoop()
        ok()
      }
      x.loop.runUntil { x.isOver }
      places shouldBe listOf(false, true)
    }

    test("withContext of the same dispatcher stays in place") {
      val x = call { withContext(currentCoroutineContext()[ContinuationInterceptor]!!) { ok() } }
      x.status shouldBe 200
      x.loop.executed shouldBe 0
    }

    test("yield lets others run") {
      val x = call {
        yield()
        ok()
      }
      x.isOver shouldBe false
      x.loop.runQueued()
      x.status shouldBe 200
    }

    test("delay and withTimeout follow the loop's clock") {
      val x = call { if (withTimeoutOrNull(60.seconds) { delay(61.seconds) } == null) ok("late") else ok() }
      x.loop.advance(59_999.milliseconds)
      x.isOver shouldBe false
      x.loop.advance(1.milliseconds)
      x.sent.toString() shouldBe "late"
      x.loop.pendingTimers shouldBe 0
    }

    test("a caught withTimeout is the handler's business") {
      val x = call {
        try {
          withTimeout(1.seconds) { awaitCancellation() }
        } catch (e: TimeoutCancellationException) {
          ok("caught")
        }
      }
      x.loop.advance(1.seconds)
      x.sent.toString() shouldBe "caught"
    }

    test("an uncaught withTimeout is a failure: 500") {
      val x = call { withTimeout(1.seconds) { awaitCancellation() } }
      x.loop.advance(1.seconds)
      x.status shouldBe 500
      x.failures.single().shouldBeInstanceOf<TimeoutCancellationException>()
    }

    test("a foreign CancellationException is a failure: 500") {
      val x = call {
        CompletableDeferred<Unit>().also { it.cancel(CancellationException("not ours")) }.await()
        ok()
      }
      x.status shouldBe 500
      x.failures.single().message shouldBe "not ours"
    }

    test("a handler that cancels its own Job fails: 500") {
      val x = call {
        currentCoroutineContext().cancel()
        delay(1)
        ok()
      }
      x.status shouldBe 500
    }

    test("a child that fails in coroutineScope is its exception") {
      val x = call {
        coroutineScope {
          launch { throw Boom() }
          awaitCancellation()
        }
      }
      x.failures.single().shouldBeInstanceOf<Boom>()
      x.status shouldBe 500
    }

    test("a child that fails on the call's context ends the handler with its exception, told once") {
      var x: FakeExchange? = null
      val lines = logged {
        x = call {
          scope.launch {
            delay(1.seconds)
            throw Boom()
          }
          awaitCancellation()
        }
        x.loop.advance(1.seconds)
      }
      x!!.failures.single().shouldBeInstanceOf<Boom>()
      x.status shouldBe 500
      lines.shouldBeEmpty() // the engine logs what it is failed with
      x.isAlive shouldBe false
    }

    test("a child that failed before a handler returns fails the call all the same") {
      val x = call {
        scope.launch { throw Boom() }
        ok()
      }
      x.failures.single().shouldBeInstanceOf<Boom>()
    }

    test("a child that fails behind the answer is logged once and changes nothing") {
      var x: FakeExchange? = null
      val lines = logged {
        x = call {
          scope.launch {
            delay(1.seconds)
            throw Boom()
          }
          ok("fine")
        }
        x.loop.advance(1.seconds)
      }
      x!!.sent.toString() shouldBe "fine"
      x.failures.shouldBeEmpty()
      val line = lines.single()
      line.level shouldBe Level.ERROR
      line.message shouldBe "id-1 failed behind its answer: GET /"
      line.error shouldBe Boom::class.java.name
      x.isAlive shouldBe false
    }

    test("a failing child in supervisorScope leaves the call alone") {
      val x = call {
        val result = supervisorScope { async { throw Boom() } }
        ok(runCatching { result.await() }.exceptionOrNull()!!.message!!)
      }
      x.sent.toString() shouldBe "boom"
    }

    test("scope.launch: the answer does not wait, the call does") {
      var done = false
      val x = call {
        scope.launch {
          delay(1.seconds)
          done = true
        }
        ok()
      }
      x.status shouldBe 200
      x.isOver shouldBe true
      x.isAlive shouldBe true
      x.loop.advance(1.seconds)
      done shouldBe true
      x.isAlive shouldBe false
    }

    test("launch on the call's context is the same") {
      val x = call {
        CoroutineScope(currentCoroutineContext()).launch { delay(1.seconds) }
        ok()
      }
      x.isOver shouldBe true
      x.isAlive shouldBe true
      x.loop.advance(1.seconds)
      x.isAlive shouldBe false
    }

    test("an Error is a failure like any other") {
      val x = call { throw StackOverflowError() }
      x.status shouldBe 500
    }

    test("the current call is known without a receiver, and only within one") {
      suspend fun target() = currentCall().request.target()
      call(FakeExchange(target = "/here")) { ok(target()) }.sent.toString() shouldBe "/here"
      runCatching { currentCall() }.exceptionOrNull().shouldBeInstanceOf<IllegalStateException>()
    }

    test("onEnd, onHead and informational work from any thread") {
      var status = 0
      val x = call {
        withContext(Dispatchers.Default) {
          onEnd { status = it.status() }
          onHead { it.withHeaders(it.headers().with("X-A", "b")) }
          informational(103, dev.runnel.http.Headers.EMPTY)
        }
        ok()
      }
      x.loop.runUntil { x.isOver }
      status shouldBe 200
      x.header("X-A") shouldBe "b"
      x.informational shouldHaveSize 1
    }

    test("an answer given through the exchange and again as a value fails loudly") {
      val x = call {
        exchange.respond(ok("first"))
        ok("second")
      }
      x.sent.toString() shouldBe "first"
      x.lateFailures.single().message.shouldNotBeNull()
    }
  })
