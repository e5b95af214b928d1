package dev.runnel.client.kotlin

import dev.runnel.client.StatusException
import dev.runnel.dsl.noContent
import dev.runnel.dsl.ok
import dev.runnel.dsl.problem
import dev.runnel.dsl.stream
import dev.runnel.http.Request
import dev.runnel.sse.SSE
import dev.runnel.sse.ServerEvent
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.comparables.shouldBeLessThanOrEqualTo
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.Serializable

@Serializable private data class Price(val cents: Int)

private const val URL = "http://server/events"

class EventsTest :
  FunSpec({
    test("goes on behind the last event until the server has no more") {
      val asked = ArrayList<String?>()
      Lab {
        GET("/events") { request ->
          asked += request.header("Last-Event-ID")
          when (asked.size) {
            1 -> stream("text/event-stream") { write("\uFEFFid: 1\r\ndata: a\r\n\r\nretry: 2000\rdata: b\r\r") }
            2 -> stream("text/event-stream") { write("id: 2\ndata: c\n\ndata: cut off") }
            else -> noContent()
          }
        }
      }
        .use { lab ->
          val waits = ArrayList<Pair<Throwable?, Duration>>()
          val options = EventsOptions(onLoss = { cause, wait -> waits += cause to wait })
          val events = lab.start { lab.client.events(URL, options).map { it.data() }.toList() }
          lab.advance(30.seconds)
          with(lab) { events.result() }.shouldContainExactly("a", "b", "c")
          asked.shouldContainExactly(null, "1", "2")
          waits.map { it.first }.shouldContainExactly(null, null)
          waits.forEach { it.second shouldBeLessThanOrEqualTo 2.seconds }
        }
    }

    test("an id is said in UTF-8, and one that no field can carry ends the stream") {
      val asked = ArrayList<String?>()
      Lab {
        GET("/events") { request ->
          asked += request.header("Last-Event-ID")
          when (asked.size) {
            1 -> stream("text/event-stream") { write("id: \u65E5\u00E4\ndata: a\n\n") }
            2 -> stream("text/event-stream") { write("id:  7 \ndata: b\n\n") }
            3 -> stream("text/event-stream") { write("id: \u0001\ndata: c\n\n") }
            else -> noContent()
          }
        }
      }
        .use { lab ->
          val seen = ArrayList<String?>()
          val events = lab.start {
            shouldThrow<ClientException> { lab.client.events(URL).collect { seen += it.data() } }
          }
          lab.advance(30.seconds)
          val error = with(lab) { events.result() }
          error.reason() shouldBe Reason.NOT_UPGRADED
          error.message shouldContain "U+0001"
          seen.shouldContainExactly("a", "b", "c")
          val utf8 = String("\u65E5\u00E4".encodeToByteArray(), Charsets.ISO_8859_1)
          asked.shouldContainExactly(null, utf8, "7")
        }
    }

    test("a body that nobody has begun to read is given up") {
      Lab { GET("/events") { stream("text/event-stream") { while (true) write("data: x\n\n") } } }
        .use { lab ->
          val pull = lab.run { BodyPull.of(lab.client.javaClient.send(Request.get(URL)).awaited {}.content()) }
          lab.client.javaClient.stats().calls() shouldBe 1
          pull.close()
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("waits longer each time that nothing comes, and 30 s at most") {
      var attempts = 0
      Lab {
        GET("/events") {
          attempts++
          if (attempts < 20) problem(503) else noContent()
        }
      }
        .use { lab ->
          val waits = ArrayList<Pair<Throwable?, Duration>>()
          val options = EventsOptions(onLoss = { cause, wait -> waits += cause to wait })
          val events = lab.start { lab.client.events(URL, options).toList() }
          lab.advance(10.minutes)
          with(lab) { events.result() }.shouldBeEmpty()
          waits.size shouldBe 19
          waits.forEachIndexed { i, (cause, wait) ->
            (cause as StatusException).status().code() shouldBe 503
            wait shouldBeLessThanOrEqualTo minOf(3.seconds * (1 shl i.coerceAtMost(10)), 30.seconds)
          }
        }
    }

    test("answers that another attempt does not mend end it with an error") {
      Lab {
        GET("/forbidden") { problem(403, "not yours") }
        GET("/text") { ok("hello") }
        GET("/large") { stream("text/event-stream") { write("data: ok\n\ndata: " + "x".repeat(200) + "\n\n") } }
      }
        .use { lab ->
          lab.run {
            val forbidden = shouldThrow<StatusException> { lab.client.events("http://server/forbidden").toList() }
            forbidden.problem()!!.detail() shouldBe "not yours"
            val text = shouldThrow<ClientException> { lab.client.events("http://server/text").toList() }
            text.reason() shouldBe Reason.NOT_UPGRADED
            text.message shouldContain "text/plain"
            val seen = ArrayList<String?>()
            val large =
              shouldThrow<ClientException> {
                lab.client.events("http://server/large", EventsOptions(maxEvent = 100)).collect { seen += it.data() }
              }
            large.reason() shouldBe Reason.TOO_LARGE
            seen.shouldContainExactly("ok")
          }
        }
    }

    test("without reconnecting an end completes and a loss fails") {
      Lab {
        GET("/end") { stream("text/event-stream") { write("data: a\n\n") } }
        GET("/loss") {
          stream("text/event-stream") {
            write("data: a\n\n")
            error("broken")
          }
        }
      }
        .use { lab ->
          val once = EventsOptions(reconnect = false)
          lab.run {
            lab.client.events("http://server/end", once).toList().size shouldBe 1
            val seen = ArrayList<ServerEvent>()
            shouldThrow<ClientException> { lab.client.events("http://server/loss", once).collect { seen += it } }
              .reason() shouldBe Reason.CONNECTION_LOST
            seen.size shouldBe 1
          }
        }
    }

    test("a stream without a heartbeat is lost, one with it is not, and neither at the client's own limits") {
      Lab({ timeouts(bodyStall = 1.seconds, call = 1.seconds) }) {
          SSE("/beating") { awaitCancellation() }
          GET("/silent") {
            stream("text/event-stream") {
              write(":\n")
              awaitCancellation()
            }
          }
        }
        .use { lab ->
          val options = EventsOptions(reconnect = false, silence = 40.seconds)
          val beating = lab.start { lab.client.events("http://server/beating", options).toList() }
          val silent = lab.start { runCatching { lab.client.events("http://server/silent", options).toList() } }
          lab.advance(39.seconds)
          silent.isActive shouldBe true
          lab.advance(2.seconds)
          val error = with(lab) { silent.result() }.exceptionOrNull() as ClientException
          error.reason() shouldBe Reason.BODY_TIMEOUT
          lab.advance(5.minutes)
          beating.isActive shouldBe true
          beating.cancel()
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("one who has enough gives the stream up, and what it throws is its own") {
      Lab { GET("/events") { stream("text/event-stream") { while (true) write("data: x\n\n") } } }
        .use { lab ->
          lab.run {
            lab.client.events(URL).take(3).toList().size shouldBe 3
            shouldThrow<ClientException> {
                lab.client.events(URL).collect { throw ClientException(Reason.CONNECT, "of the collector") }
              }
              .message shouldBe "of the collector"
          }
          lab.server.run()
          lab.client.javaClient.stats().calls() shouldBe 0
        }
    }

    test("typed events are decoded") {
      Lab { GET("/events") { stream("text/event-stream") { write("data: {\"cents\": 5}\n\ndata: {}\n\n") } } }
        .use { lab ->
          lab.run {
            lab.client.events<Price>(URL).first() shouldBe Price(5)
            val error = shouldThrow<ClientException> { lab.client.events<Price>(URL).toList() }
            error.reason() shouldBe Reason.CONTENT_DECODING
            error.message shouldContain "cents"
          }
        }
    }
  })
