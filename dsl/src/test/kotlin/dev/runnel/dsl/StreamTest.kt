package dev.runnel.dsl

import dev.runnel.engine.CancelCause
import dev.runnel.http.Headers
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable

@Serializable private data class Row(val n: Int, val name: String = "row")

class StreamTest :
  FunSpec({
    fun accepting(type: String?) =
      FakeExchange(headers = if (type == null) Headers.EMPTY else Headers.of("Accept", type))

    test("a flow of text is raw, of bytes is raw, of items is JSON") {
      val text = call { ok(flowOf("a", "b")) }
      text.sent.toString() shouldBe "ab"
      text.header("Content-Type") shouldBe "text/plain; charset=utf-8"
      val bytes = call { ok(flowOf("a".toByteArray(), "b".toByteArray())) }
      bytes.sent.toString() shouldBe "ab"
      bytes.header("Content-Type") shouldBe "application/octet-stream"
      val items = call { ok(flowOf(Row(1), Row(2))) }
      items.sent.toString() shouldBe "{\"n\":1,\"name\":\"row\"}\n{\"n\":2,\"name\":\"row\"}\n"
      items.header("Content-Type") shouldBe "application/x-ndjson"
      items.header("Vary") shouldBe "Accept"
    }

    for ((accept, array) in
      listOf(
        null to false,
        "*/*" to false,
        "application/json" to true,
        "application/x-ndjson" to false,
        "application/json, text/plain, */*" to true,
        "application/json;q=0.5, application/x-ndjson" to false,
        "application/x-ndjson, application/json" to false,
        "application/*" to false,
        "text/html" to false,
      )) {
      test("Accept: $accept gives ${if (array) "a JSON array" else "lines"}") {
        val x = call(accepting(accept)) { ok(flowOf(1, 2)) }
        x.sent.toString() shouldBe if (array) "[1,2]" else "1\n2\n"
      }
    }

    test("an empty flow is an empty document of its kind") {
      call(accepting("application/json")) { ok(emptyFlow<Row>()) }.sent.toString() shouldBe "[]"
      call { ok(emptyFlow<Row>()) }.sent.toString() shouldBe ""
    }

    test("a constant response with a flow may be returned again and again") {
      val constant = ok(flowOf("a", "b"))
      repeat(3) { call { constant }.sent.toString() shouldBe "ab" }
    }

    test("the body runs after the filters, in the call's root coroutine") {
      val steps = ArrayList<String>()
      val trace = filter { request, next -> next(request).also { steps += "filter" } }
      var same = false
      val x =
        call(FakeExchange(), trace) {
          val handlerJob = currentCoroutineContext().job
          stream("text/plain") {
            steps += "body"
            same = currentCoroutineContext().job === handlerJob
            write("x")
          }
        }
      x.isOver shouldBe true
      steps shouldBe listOf("filter", "body")
      same shouldBe true
    }

    test("HEAD never starts a producer") {
      var started = false
      val x =
        call(FakeExchange(method = "HEAD")) {
          stream("text/plain") {
            started = true
            write("x")
          }
        }
      x.status shouldBe 200
      x.header("Content-Type") shouldBe "text/plain"
      started shouldBe false
      x.isAlive shouldBe false
    }

    test("writing suspends while the peer is slow") {
      val written = ArrayList<Int>()
      val x = FakeExchange()
      x.writable = false
      call(x) {
        ok(
          flow<String> {
            for (i in 1..3) {
              emit("$i")
              written += i
            }
          }
        )
      }
      x.sent.toString() shouldBe "1"
      written shouldBe emptyList()
      x.writable = true
      x.loop.runQueued()
      x.sent.toString() shouldBe "123"
      x.isOver shouldBe true
    }

    test("several coroutines may write at a time: all are woken") {
      val x = FakeExchange()
      x.writable = false
      call(x) {
        stream("text/plain") {
          coroutineScope {
            launch { write("a") }
            launch { write("b") }
          }
          write("c")
        }
      }
      x.sent.toString() shouldBe "ab"
      x.writable = true
      x.loop.runQueued()
      x.sent.toString() shouldBe "abc"
      x.isOver shouldBe true
    }

    test("writing from another dispatcher goes through the loop") {
      val x = call {
        stream("text/plain") {
          withContext(Dispatchers.Default) { write("from afar") }
          write(", home")
        }
      }
      x.loop.runUntil { x.isOver }
      x.sent.toString() shouldBe "from afar, home"
    }

    test("a flow that runs elsewhere is collected on the loop") {
      val x = call { ok(flow<String> { repeat(100) { emit("x") } }.flowOn(Dispatchers.Default)) }
      x.loop.runUntil { x.isOver }
      x.sent.length shouldBe 100
    }

    test("a lost client cancels the body") {
      var cause: Throwable? = null
      val endless: Flow<String> = flow {
        try {
          while (true) {
            emit("tick ")
            delay(1.seconds)
          }
        } catch (e: Throwable) {
          cause = e
          throw e
        }
      }
      val x = call { ok(endless) }
      x.loop.advance(2.seconds)
      x.sent.toString() shouldBe "tick tick tick "
      x.cancel(CancelCause.CLIENT_GONE)
      cause.shouldBeInstanceOf<ClientGone>()
      x.isAlive shouldBe false
      x.loop.pendingTimers shouldBe 0
    }

    test("a body that waits for room is cancelled too") {
      var ended = false
      val x = FakeExchange()
      x.writable = false
      call(x) {
        stream("text/plain") {
          try {
            write("a")
          } finally {
            ended = true
          }
        }
      }
      x.cancel(CancelCause.WRITE_STALLED)
      ended shouldBe true
      x.isAlive shouldBe false
    }

    test("a foreign cancellation and a failed child of a body are failures") {
      val foreign = call { stream("text/plain") { currentCoroutineContext().cancel().also { delay(1) } } }
      foreign.status shouldBe 500
      val child = call {
        scope.launch {
          delay(1.seconds)
          throw Boom()
        }
        stream("text/plain") { awaitCancellation() }
      }
      child.loop.advance(1.seconds)
      child.status shouldBe 500
      child.failures.single().shouldBeInstanceOf<Boom>()
    }

    test("what was launched outlives the body") {
      val x = call {
        scope.launch { delay(1.seconds) }
        stream("text/plain") { write("x") }
      }
      x.isOver shouldBe true
      x.isAlive shouldBe true
      x.loop.advance(1.seconds)
      x.isAlive shouldBe false
    }

    test("trailers go behind the body") {
      var count = 0
      val x = call {
        stream("text/plain") {
            write("x")
            count++
          }
          .withTrailers { Headers.of("X-Count", "$count") }
      }
      x.sent.toString() shouldBe "x[X-Count: 1]"
    }

    test("a body may be wrapped by a filter") {
      val shout = filter { request, next ->
        val response = next(request)
        val inner = response.body() as dev.runnel.http.Body.Producer
        response.body(TestProducer { inner.produce(ShoutingWriter(it)) })
      }
      val x =
        call(FakeExchange(), shout) {
          stream("text/plain") {
            write("a")
            delay(1.seconds)
            write("b")
          }
        }
      x.loop.advance(1.seconds)
      x.sent.toString() shouldBe "AB"
      x.isAlive shouldBe false
    }

    test("a body that a filter replaces is never started, and nothing waits for it") {
      val x =
        call(FakeExchange(), filter { request, next -> next(request).body(dev.runnel.http.Body.EMPTY) }) {
          stream("text/plain") { error("not wanted") }
        }
      x.status shouldBe 200
      x.sent.toString() shouldBe ""
      x.isAlive shouldBe false
    }

    test("a body answered outside of Kotlin says what is wrong") {
      val outside = stream("text/plain") { write("x") }
      val x = FakeExchange().handle { it.respond(outside) }
      x.status shouldBe 500
      x.failures.single().shouldBeInstanceOf<IllegalStateException>()
    }
  })

private class ShoutingWriter(private val writer: dev.runnel.http.BodyWriter) : dev.runnel.http.BodyWriter by writer {
  override fun write(bytes: dev.runnel.io.Bytes): Boolean =
    writer.write(dev.runnel.io.Bytes.utf8(bytes.utf8().uppercase()))
}
