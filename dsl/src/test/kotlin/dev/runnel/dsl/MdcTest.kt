package dev.runnel.dsl

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.maps.shouldBeEmpty
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.slf4j.MDC

/** What log lines of a call carry: there around every entry into user code, never in another call's. */
class MdcTest :
  FunSpec({
    fun mdcNow() = MDC.getCopyOfContextMap().orEmpty()

    beforeTest { MDC.clear() }
    afterTest { mdcNow().shouldBeEmpty() }

    val tenant = filter { request, next ->
      mdc("tenant", request.target())
      next(request)
    }

    test("there before the first suspension and after each, gone in between") {
      val seen = ArrayList<String?>()
      val x =
        call(FakeExchange(target = "/a"), tenant) {
          seen += MDC.get("tenant")
          delay(1.seconds)
          seen += MDC.get("tenant")
          delay(1.seconds)
          seen += MDC.get("tenant")
          ok()
        }
      mdcNow().shouldBeEmpty()
      x.loop.advance(1.seconds)
      mdcNow().shouldBeEmpty()
      x.loop.advance(1.seconds)
      seen shouldBe listOf("/a", "/a", "/a")
      mdcNow().shouldBeEmpty()
    }

    test("on other threads, and not left there") {
      var there: String? = null
      val x =
        call(FakeExchange(target = "/a"), tenant) {
          withContext(Dispatchers.Default) { there = MDC.get("tenant") }
          ok(MDC.get("tenant"))
        }
      x.loop.runUntil { x.isOver }
      there shouldBe "/a"
      x.sent.toString() shouldBe "/a"
    }

    test("two calls on one loop keep theirs apart, also when one wakes the other") {
      val loop = FakeLoop()
      val wake = CompletableDeferred<Unit>()
      val sleeper =
        call(FakeExchange(loop, target = "/sleeper"), tenant) {
          wake.await()
          ok(MDC.get("tenant"))
        }
      val waker =
        call(FakeExchange(loop, target = "/waker"), tenant) {
          wake.complete(Unit)
          ok(MDC.get("tenant"))
        }
      waker.sent.toString() shouldBe "/waker"
      sleeper.sent.toString() shouldBe "/sleeper"
    }

    test("what a handler puts by itself does not reach the next request") {
      call {
        MDC.put("user", "alice")
        ok()
      }
      call { ok(MDC.get("user") ?: "nobody") }.sent.toString() shouldBe "nobody"
    }

    test("in blocking code, in streaming bodies, in launched and in detached work") {
      val seen = ArrayList<String?>()
      val x =
        call(FakeExchange(target = "/a"), tenant) {
          seen += blocking { MDC.get("tenant") }
          scope.launch { seen += MDC.get("tenant") }
          detached { seen += MDC.get("tenant") }
          stream("text/plain") { write(MDC.get("tenant")) }
        }
      x.loop.runUntil { x.isOver }
      seen shouldBe listOf("/a", "/a", "/a")
      x.sent.toString() shouldBe "/a"
    }

    test("an id that a filter of the engine puts is there for Kotlin code behind it") {
      val x =
        call(FakeExchange(headers = dev.runnel.http.Headers.of("X-Request-Id", "abc-1")), requestId()) {
          delay(1.seconds)
          ok(MDC.get("requestId"))
        }
      x.loop.advance(1.seconds)
      x.sent.toString() shouldBe "abc-1"
      x.header("X-Request-Id") shouldBe "abc-1"
      x.request.id() shouldBe "abc-1"
    }

    test("and for Kotlin filters in front of it, once it has answered") {
      var after: String? = null
      val outer = filter { request, next -> next(request).also { after = MDC.get("requestId") } }
      call(FakeExchange(), outer, requestId()) {
          delay(1.seconds)
          ok()
        }
        .loop
        .advance(1.seconds)
      after shouldBe "id-1"
    }
  })
