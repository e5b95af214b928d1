package dev.runnel.dsl

import dev.runnel.engine.Filter
import dev.runnel.engine.Handler
import dev.runnel.engine.Handlers
import dev.runnel.http.Headers
import dev.runnel.http.Response
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.job
import kotlinx.coroutines.withTimeoutOrNull

class FilterTest :
  FunSpec({
    /** Notes when a request passes and when its response comes back. */
    class Trace {
      val steps = ArrayList<String>()

      fun kotlin(name: String) = filter { request, next ->
        steps += "$name>"
        next(request).also { steps += "<$name" }
      }

      fun java(name: String) = Filter { next ->
        Handler { exchange ->
          steps += "$name>"
          exchange.onEnd { steps += "<$name" }
          next.handle(exchange)
        }
      }
    }

    test("filters run in the order written") {
      val trace = Trace()
      call(FakeExchange(), trace.kotlin("a"), trace.kotlin("b"), trace.kotlin("c")) { ok() }.status shouldBe 200
      trace.steps shouldBe listOf("a>", "b>", "c>", "<c", "<b", "<a")
    }

    test("Kotlin and Java filters keep their order when mixed") {
      val trace = Trace()
      val filters = arrayOf(trace.java("j1"), trace.kotlin("k1"), trace.java("j2"), trace.kotlin("k2"))
      call(FakeExchange(), *filters) { ok() }.status shouldBe 200
      trace.steps.filter { it.endsWith(">") } shouldBe listOf("j1>", "k1>", "j2>", "k2>")
      trace.steps.filter { it.startsWith("<k") } shouldBe listOf("<k2", "<k1")
    }

    test("the same before a Java handler") {
      val trace = Trace()
      val java = Handler { it.respond(Response.ok("java")) }
      val composed = behind(trace.kotlin("k1"), trace.java("j1"), trace.kotlin("k2"), handler = java)
      FakeExchange().handle(composed).sent.toString() shouldBe "java"
      trace.steps.filter { it.endsWith(">") } shouldBe listOf("k1>", "j1>", "k2>")
    }

    test("consecutive Kotlin filters and the handler are one coroutine") {
      val jobs = ArrayList<Job>()
      val note = filter { request, next ->
        jobs += currentCoroutineContext().job
        next(request)
      }
      val x =
        call(FakeExchange(), note, note) {
          jobs += currentCoroutineContext().job
          ok()
        }
      x.status shouldBe 200
      jobs.distinct().single() shouldBeSameInstanceAs jobs[0]
    }

    test("a filter may answer by itself, change the response, or ask twice") {
      call(FakeExchange(), filter { _, _ -> forbidden() }) { error("not reached") }.status shouldBe 403
      call(FakeExchange(), tag("outer"), tag("inner")) { ok() }.order shouldBe listOf("inner", "outer")
      var tries = 0
      val retry = filter { request, next -> runCatching { next(request) }.getOrElse { next(request) } }
      call(FakeExchange(), retry) { if (tries++ == 0) throw Boom() else ok("second") }.sent.toString() shouldBe "second"
    }

    test("a decorated request reaches the handler, its body and the receiver's request") {
      val decorate = filter { request, next -> next(request.withHeaders { it.with("X-User", "alice") }) }
      val x = call(FakeExchange(), decorate) { ok(it.header("X-User")!! + request.header("X-User")) }
      x.sent.toString() shouldBe "alicealice"

      val java = Handler { exchange ->
        exchange.respond(Response.ok(exchange.request().header("X-User") + exchange.body().poll()!!.utf8()))
      }
      val exchange = FakeExchange()
      exchange.body.feed("body")
      exchange.handle(behind(decorate, handler = java)).sent.toString() shouldBe "alicebody"
    }

    test("a Java handler that answers later is a value to the filter") {
      val later = CompletableFuture<Response>()
      val x = FakeExchange().handle(behind(tag("k"), handler = Handlers.async { later }))
      x.isOver shouldBe false
      later.complete(Response.ok("later"))
      x.sent.toString() shouldBe "later"
      x.order shouldBe listOf("k")
    }

    test("a Java handler that answers from a thread is a value to the filter") {
      val x = FakeExchange()
      x.handle(behind(tag("k"), handler = Handlers.blocking { Response.ok("blocked") }))
      x.loop.runUntil { x.isOver }
      x.sent.toString() shouldBe "blocked"
      x.order shouldBe listOf("k")
    }

    test("what a Java handler throws or fails with arrives in next()") {
      val caught = ArrayList<Throwable>()
      val catching = filter { request, next ->
        try {
          next(request)
        } catch (e: Boom) {
          caught += e
          status(418)
        }
      }
      FakeExchange().handle(behind(catching, handler = { throw Boom("thrown") })).status shouldBe 418
      FakeExchange().handle(behind(catching, handler = { it.fail(Boom("failed")) })).status shouldBe 418
      caught.map { it.message } shouldBe listOf("thrown", "failed")
    }

    test("a Java handler that streams is a value with a body, and keeps its back-pressure") {
      val room = ArrayList<Boolean>()
      var writable = 0
      val java = Handler { exchange ->
        val writer = exchange.respond(dev.runnel.http.Status.OK, Headers.of("Content-Type", "text/plain"))
        room += writer.write(dev.runnel.io.Bytes.utf8("one "))
        writer.onWritable {
          writable++
          room += writer.write(dev.runnel.io.Bytes.utf8("two "))
          writer.onWritable {
            writable++
            room += writer.write(dev.runnel.io.Bytes.utf8("three"))
            writer.end()
          }
        }
      }
      val slow = filter { request, next ->
        val response = next(request)
        delay(1.seconds)
        response.header("X-Order", "k")
      }
      val x = FakeExchange()
      x.writable = false
      x.handle(behind(slow, handler = java))
      room shouldBe listOf(false) // nobody takes the body yet
      x.loop.advance(1.seconds)
      x.sent.toString() shouldBe "one "
      writable shouldBe 0
      x.writable = true
      x.loop.runQueued()
      x.sent.toString() shouldBe "one two three"
      x.order shouldBe listOf("k")
      x.isOver shouldBe true
    }

    test("a streaming Java handler whose answer a filter replaces learns that nobody wants it") {
      var error: Throwable? = null
      val java = Handler { exchange ->
        val writer = exchange.respond(dev.runnel.http.Status.OK, Headers.EMPTY)
        writer.write(dev.runnel.io.Bytes.utf8("one"))
        writer.onWritable { error = runCatching { writer.write(dev.runnel.io.Bytes.utf8("two")) }.exceptionOrNull() }
      }
      val replace = filter { request, next ->
        val _ = next(request)
        noContent()
      }
      FakeExchange().handle(behind(replace, handler = java)).status shouldBe 204
      error.shouldBeInstanceOf<IllegalStateException>()
    }

    test("a Java handler that fails behind its streamed head aborts the answer") {
      lateinit var fail: () -> Unit
      val java = Handler { exchange ->
        val writer = exchange.respond(dev.runnel.http.Status.OK, Headers.EMPTY)
        writer.write(dev.runnel.io.Bytes.utf8("part"))
        fail = { exchange.fail(Boom()) }
      }
      val x = FakeExchange().handle(behind(tag("k"), handler = java))
      fail()
      x.aborted shouldBe true
      x.failures.single().shouldBeInstanceOf<Boom>()
    }

    test("a filter that gives up tells the Java handler, and drops its late answer") {
      lateinit var answer: () -> Unit
      var told: Any? = null
      val java = Handler { exchange ->
        exchange.onCancel { told = it }
        answer = { exchange.respond(Response.ok("too late")) }
      }
      val impatient = filter { request, next -> withTimeoutOrNull(1.seconds) { next(request) } ?: status(504) }
      val x = FakeExchange().handle(behind(impatient, handler = java))
      x.loop.advance(1.seconds)
      x.status shouldBe 504
      told shouldBe dev.runnel.engine.CancelCause.TIMEOUT
      answer()
      x.failures.shouldBeEmpty()
      x.status shouldBe 504
    }

    test("a Kotlin handler behind a Java filter behind a Kotlin filter streams through all of them") {
      val x =
        call(FakeExchange(), tag("outer"), javaTag("j"), tag("inner")) {
          stream("text/plain") {
            write("a")
            delay(1.seconds)
            write("b")
          }
        }
      x.order shouldBe listOf("inner", "outer")
      x.header("X-Java") shouldBe "j"
      x.loop.advance(1.seconds)
      x.sent.toString() shouldBe "ab"
      x.isAlive shouldBe false
    }
  })
