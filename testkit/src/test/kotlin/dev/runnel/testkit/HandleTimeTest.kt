package dev.runnel.testkit

import dev.runnel.client.kotlin.body
import dev.runnel.client.kotlin.text
import dev.runnel.dsl.blocking
import dev.runnel.dsl.clock
import dev.runnel.dsl.ok
import dev.runnel.dsl.requestTimeout
import dev.runnel.dsl.routes
import dev.runnel.dsl.stream
import dev.runnel.http.Body
import dev.runnel.http.Response
import dev.runnel.io.Bytes
import dev.runnel.routing.Routes
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.longs.shouldBeInRange
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.UnconfinedTestDispatcher
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import kotlinx.coroutines.test.runTest
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.yield

@OptIn(ExperimentalCoroutinesApi::class)
class HandleTimeTest :
  FunSpec({
    val ticks = routes {
      GET("/slow") {
        delay(1.hours)
        ok("done")
      }
      GET("/ticks") {
        stream("text/plain") {
          while (true) {
            delay(1.minutes)
            write("tick")
          }
        }
      }
    }

    test("a delay is virtual, and the test's own clock moves with it") {
      runTest {
        ticks.handle(TestRequest.get("/slow")).text() shouldBe "done"
        currentTime shouldBe 1.hours.inWholeMilliseconds
      }
    }

    test("the test moves the clock by hand") {
      runTest {
        val answer = async { ticks.handle(TestRequest.get("/slow")) }
        advanceTimeBy(59.minutes)
        answer.isCompleted shouldBe false
        advanceTimeBy(61.seconds)
        answer.isCompleted shouldBe true
      }
    }

    test("a day of a stream, which the end of the test cancels") {
      runTest {
        ticks.handle(TestRequest.get("/ticks")).body.take(24 * 60).toList() shouldHaveSize 24 * 60
        currentTime shouldBe 24.hours.inWholeMilliseconds
      }
    }

    test("time limits and the clock of a request go by it") {
      runTest {
        val limited = routes {
          use(requestTimeout(2.seconds))
          GET("/") { request ->
            val mark = request.clock.markNow()
            delay(1.seconds)
            ok("${mark.elapsedNow()}")
          }
          GET("/never") { awaitCancellation() }
        }
        limited.handle(TestRequest.get("/")).text() shouldBe "1s"
        limited.handle(TestRequest.get("/never")).status().code() shouldBe 503
        currentTime shouldBe 3_000
      }
    }

    test("virtual time stands while blocking code runs") {
      runTest {
        val working = CompletableFuture<Unit>()
        val goOn = CompletableFuture<Unit>()
        val blocks = routes {
          use(requestTimeout(1.seconds))
          GET("/") {
            blocking {
              working.complete(Unit)
              goOn.join()
            }
            ok("worked")
          }
        }
        val waker = launch(Dispatchers.Default) { working.thenRun { goOn.complete(Unit) } }
        blocks.handle(TestRequest.get("/")).text() shouldBe "worked"
        waker.join()
        currentTime shouldBe 0
      }
    }

    test("blocking code that waits for a body lets time pass") {
      runTest {
        val java = Routes.of { r -> r.post("/") { request -> Response.ok(request.body().text()) } }
        var taken = 0
        val late = Body.Producer { writer ->
          val send = Runnable {
            val unused = writer.write(Bytes.utf8("late"))
            taken++
            writer.end()
          }
          val unused = writer.loop().schedule(send, 30.seconds.toJavaDuration())
        }
        java.handle(TestRequest.post("/").body(late)).text() shouldBe "late"
        taken shouldBe 1
        currentTime shouldBe 30_000
      }
    }

    test("an unconfined test, and many calls at a time") {
      runTest(UnconfinedTestDispatcher()) {
        val answers = List(50) { async { ticks.handle(TestRequest.get("/slow")).text() } }
        answers.awaitAll().toSet() shouldBe setOf("done")
        currentTime shouldBe 1.hours.inWholeMilliseconds
      }
    }

    test("a handler that yields for ever does not keep the test from running") {
      runTest {
        val spins = routes {
          GET("/") {
            while (true) yield()
            @Suppress("UNREACHABLE_CODE") ok()
          }
        }
        val answer = async { spins.handle(TestRequest.get("/")) }
        repeat(100) { yield() }
        answer.cancel()
        answer.join()
      }
    }

    test("a caller that is cancelled is a client that leaves") {
      runTest {
        var told: String? = null
        val waits = routes {
          GET("/") {
            try {
              awaitCancellation()
            } catch (e: Throwable) {
              told = e.message
              throw e
            }
          }
        }
        withTimeoutOrNull(1.seconds) { waits.handle(TestRequest.get("/")) } shouldBe null
        runCurrent()
        told shouldContain "client"
      }
    }

    test("a handler that never answers fails, with what it waits for") {
      runTest {
        val never = routes {
          GET("/") {
            val unused = CompletableDeferred<Unit>().await()
            ok()
          }
          POST("/") { ok("${it.body().bytesAsync().toCompletableFuture().join().size}") }
        }
        val error =
          shouldThrow<IllegalStateException> { never.handle(TestRequest.get("/?q=1"), patience = 50.milliseconds) }
        error.message shouldContain "GET / was not answered, and nothing of it ran for 50ms"
        error.message shouldContain "a coroutine that is not resumed"
      }
    }

    test("a stream that does not go on fails who reads it") {
      runTest {
        val stops = routes {
          GET("/") {
            stream("text/plain") {
              write("first")
              awaitCancellation()
            }
          }
        }
        val answer = stops.handle(TestRequest.get("/"), patience = 50.milliseconds)
        shouldThrow<IllegalStateException> { answer.text() }.message shouldContain "does not go on"
      }
    }

    test("blocking code that never returns fails the call, and its place is named") {
      runTest {
        val goOn = CompletableFuture<Unit>()
        val stuck = routes {
          GET("/") {
            blocking { stuckHere(goOn) }
            ok()
          }
        }
        val error =
          shouldThrow<IllegalStateException> { stuck.handle(TestRequest.get("/"), patience = 50.milliseconds) }
        goOn.complete(Unit)
        error.message shouldContain "blocking code has not returned"
        error.message shouldContain "stuckHere"
      }
    }

    test("the end of the outermost coroutine cancels what was forgotten") {
      val ended = CopyOnWriteArrayList<String>()
      val forgets = routes {
        GET("/") {
          stream("text/plain") {
            try {
              write("x")
              awaitCancellation()
            } finally {
              ended += "ended"
            }
          }
        }
      }
      runTest {
        val unused = forgets.handle(TestRequest.get("/"))
        runCurrent()
        ended.shouldBeEmpty()
      }
      ended shouldBe listOf("ended")
    }

    test("a call that does not end with its test is a leak that is told") {
      val told = CompletableDeferred<Throwable>()
      val clings = routes {
        GET("/cling") {
          stream("text/plain") {
            write("x")
            withContext(NonCancellable) { awaitCancellation() }
          }
        }
      }
      val scope = CoroutineScope(Dispatchers.Default + CoroutineExceptionHandler { _, e -> told.complete(e) })
      scope.launch {
        val unused = clings.handle(TestRequest.get("/cling"))
      }
      told.await().cause?.message shouldContain "GET /cling did not end when its test did"
    }

    test("by the wall clock without runTest") {
      val waits = routes {
        GET("/") { request ->
          val mark = request.clock.markNow()
          delay(20)
          ok("${mark.elapsedNow().inWholeMilliseconds}")
        }
      }
      waits.handle(TestRequest.get("/")).text().toLong() shouldBeInRange 20L..20_000L
    }
  })

private fun stuckHere(goOn: CompletableFuture<Unit>) = goOn.join()
