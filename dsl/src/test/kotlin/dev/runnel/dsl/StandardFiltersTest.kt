package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import dev.runnel.http.Headers
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.coroutines.awaitCancellation

class StandardFiltersTest :
  FunSpec({
    fun withId(id: String) = FakeExchange(headers = Headers.of("X-Request-Id", id))

    test("a sane id is taken over, another one replaced by the engine's") {
      val x = call(withId("abc-1"), requestId()) { ok(it.id()) }
      x.header("X-Request-Id") shouldBe "abc-1"
      x.sent.toString() shouldBe "abc-1"
      for (bad in listOf("", "a b", "x".repeat(129), "<script>", "é")) {
        call(withId(bad), requestId()) { ok() }.header("X-Request-Id") shouldBe "id-1"
      }
    }

    test("the id is in error answers too") {
      call(withId("abc-1"), requestId()) { throw Boom() }.header("X-Request-Id") shouldBe "abc-1"
    }

    test("one access line for each call, with its id") {
      val lines =
        logged("runnel.access") {
          call(FakeExchange(target = "/a?b=c", headers = Headers.of("X-Request-Id", "abc")), accessLog(), requestId()) {
              ok("hello")
            }
            .status shouldBe 200
        }
      lines.single().message shouldBe "GET /a?b=c 200 5 1.234 abc"
    }

    test("499 for a client that left") {
      val lines =
        logged("runnel.access") {
          call(FakeExchange(), accessLog()) { awaitCancellation() }.cancel(CancelCause.CLIENT_GONE)
        }
      lines.single().message shouldBe "GET / 499 0 1.234 id-1 CLIENT_GONE"
    }
  })
