package dev.runnel.dsl

import dev.runnel.http.HttpError
import dev.runnel.routing.Router
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.coroutineScope

class RejectTest :
  FunSpec({
    test("the answer comes from however deep") {
      suspend fun deep(): Nothing = coroutineScope { reject(401, "who are you?") }
      val x = call { deep() }
      x.status shouldBe 401
      x.sent.toString() shouldContain "who are you?"
    }

    test("any response will do, also one that is no error, and nothing is logged") {
      logged {
        val x = call { reject(noContent().header("X-Why", "done")) }
        x.status shouldBe 204
        x.header("X-Why") shouldBe "done"
      }
        .shouldBeEmpty()
    }

    test("a streaming answer that has not begun is replaced, even by another stream") {
      val x = call { stream("text/plain") { reject(stream("text/x-other") { write("other") }) } }
      x.status shouldBe 200
      x.header("Content-Type") shouldBe "text/x-other"
      x.sent.toString() shouldBe "other"
    }

    test("it is not mapped") {
      val routes = routes {
        mapException<HttpError> { ok("mapped") }
        mapException<RuntimeException> { ok("mapped") }
        GET("/now") { reject(403) }
        GET("/later") { stream("text/plain") { reject(403) } }
      }
      val router = Router.of(routes)
      for (path in listOf("/now", "/later")) FakeExchange(target = path).handle(router).status shouldBe 403
    }

    test("a filter may look at it as at any exception") {
      val seen = ArrayList<Throwable>()
      val watching = filter { request, next ->
        try {
          next(request)
        } catch (e: HttpError) {
          seen += e
          throw e
        }
      }
      call(FakeExchange(), watching) { reject(409) }.status shouldBe 409
      seen.map { (it as HttpError).status().code() } shouldBe listOf(409)
    }

    test("once a stream has begun it is too late") {
      val x = call {
        stream("text/plain") {
          write("begun")
          reject(403)
        }
      }
      x.status shouldBe 200
      x.aborted shouldBe true
    }
  })
