package dev.runnel.client.kotlin

import dev.runnel.client.StatusException
import dev.runnel.dsl.problem
import dev.runnel.dsl.redirect
import dev.runnel.http.Response
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import dev.runnel.transport.Destination.Protocol
import dev.runnel.websocket.CloseReason
import dev.runnel.ws.Deflate
import dev.runnel.ws.WS
import dev.runnel.ws.WsClientOptions
import dev.runnel.ws.WsOptions
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.Serializable

@Serializable private data class Question(val text: String)

@Serializable private data class Reply(val length: Int)

class WebSocketsTest :
  FunSpec({
    test("a session over HTTP/1.1 and HTTP/2 with a sub-protocol and compression") {
      OnSockets({ use { request, next -> next(request.withHeaders { it.with("X-Token", "t") }) } }) {
          WS("/chat", WsOptions.DEFAULT.withProtocols("b", "a").withDeflate(Deflate.DEFAULT)) { request ->
            send(protocol + request.header("X-Token") + request.version())
            incoming.collect { send(it) }
          }
        }
        .let { lab ->
          for (version in listOf(Protocol.HTTP_1_1, Protocol.HTTP_2)) {
            val heard = ArrayList<String>()
            lab.run { at ->
              val session = WsClientOptions.DEFAULT.withProtocols("a").withDeflate(Deflate.DEFAULT)
              lab.client.webSocket("$at/chat", session, { options { withProtocol(version) } }) {
                send("hello")
                heard += incoming.map { it.text() }.take(2).toList()
              }
            }
            heard.shouldContainExactly(
              "at" + version.toString().replace("HTTP_1_1", "HTTP/1.1").replace("HTTP_2", "HTTP/2"),
              "hello",
            )
          }
        }
    }

    test("typed sessions") {
      OnSockets { WS<Question, Reply>("/typed") { incoming.collect { send(Reply(it.text.length)) } } }
        .let { lab ->
          lab.run { at ->
            lab.client.webSocket<Reply, Question>("$at/typed") {
              send(Question("four"))
              incoming.first() shouldBe Reply(4)
            }
          }
        }
    }

    test("no session: the status is told, and redirects are not followed") {
      Lab {
        GET("/no") { problem(403, "members only") }
        GET("/moved") { redirect("/chat") }
        WS("/chat") {}
      }
        .use { lab ->
          lab.run {
            val no = shouldThrow<ClientException> { lab.client.webSocket("ws://server/no") {} }
            no.reason() shouldBe Reason.NOT_UPGRADED
            (no.cause as StatusException).status().code() shouldBe 403
            val moved = shouldThrow<ClientException> { lab.client.webSocket("ws://server/moved") {} }
            (moved.cause as StatusException).status().code() shouldBe 302
          }
        }
    }

    test("cancelling the block drops the session") {
      Lab { WS("/chat") { incoming.collect {} } }
        .use { lab ->
          val session = lab.start { lab.client.webSocket("ws://server/chat") { awaitCancellation() } }
          lab.server.calls() shouldBe 1
          session.cancel()
          lab.server.run()
          lab.server.calls() shouldBe 0
          lab.connections shouldBe 0
        }
    }

    for (version in listOf(Protocol.HTTP_1_1, Protocol.HTTP_2)) {
      test("the time limit of a call is that of opening the session: $version") {
        Lab {
          WS("/chat") { incoming.collect { send(it) } }
          method("GET", "/slow") { awaitCancellation() }
          method("CONNECT", "/slow") { awaitCancellation() }
        }
          .use { lab ->
            val limited: RequestScope.() -> Unit = {
              options { withProtocol(version) }
              timeouts { withCall(java.time.Duration.ofSeconds(2)) }
            }
            val session = lab.start {
              lab.client.webSocket("ws://server/chat", build = limited) {
                delay(1.hours)
                send("still there")
                incoming.first().text() shouldBe "still there"
              }
            }
            val slow = lab.start {
              shouldThrow<ClientException> { lab.client.webSocket("ws://server/slow", build = limited) {} }
            }
            lab.advance(2.seconds)
            slow.isCompleted shouldBe true
            with(lab) { slow.result() }.reason() shouldBe Reason.CALL_TIMEOUT
            lab.advance(1.hours)
            session.isCompleted shouldBe true
            with(lab) { session.result() }
          }
      }

      test("a session that was opened for a filter which ends without it is dropped: $version") {
        val before = CompletableDeferred<Unit>()
        Lab({
            use { request, next ->
              val first = next(request)
              when (request.header("X-Filter")) {
                "twice" -> next(request)
                "waits" -> first.also { before.await() }
                "fails" -> error("not today")
                "else" -> Response.ok()
                else -> first
              }
            }
          }) {
            WS("/chat") { incoming.collect { send(it) } }
          }
          .use { lab ->
            suspend fun session(filter: String) =
              lab.client.webSocket(
                "ws://server/chat",
                build = {
                  options { withProtocol(version) }
                  header("X-Filter", filter)
                },
              ) {
                send("hello")
                incoming.first().text() shouldBe "hello"
              }
            val waiting = lab.start { session("waits") }
            lab.server.calls() shouldBe 1
            waiting.cancel()
            lab.server.run()
            lab.server.calls() shouldBe 0
            lab.run { shouldThrow<IllegalStateException> { session("fails") }.message shouldBe "not today" }
            lab.run { shouldThrow<ClientException> { session("else") }.reason() shouldBe Reason.NOT_UPGRADED }
            lab.run { session("twice") }
            lab.server.run()
            lab.server.calls() shouldBe 0
          }
      }

      test("a stop of the client closes its sessions with 1001, and is over when the server has answered: $version") {
        var seen: CloseReason? = null
        Lab { WS("/chat") { seen = awaitClose() } }
          .use { lab ->
            val session = lab.start {
              lab.client.webSocket("ws://server/chat", build = { options { withProtocol(version) } }) {
                incoming.collect {}
              }
            }
            val stopped = lab.start { lab.client.close(10.seconds) }
            lab.advance(50.milliseconds)
            seen?.code() shouldBe CloseReason.GOING_AWAY
            session.isCompleted shouldBe true
            stopped.isCompleted shouldBe true
          }
      }
    }

    test("a session that is opened while the client stops is closed with 1001 at once") {
      var seen: CloseReason? = null
      Lab {
        WS("/chat") {
          delay(200.milliseconds)
          open()
          seen = awaitClose()
        }
      }
        .use { lab ->
          val session = lab.start { lab.client.webSocket("ws://server/chat") { incoming.collect {} } }
          val stopped = lab.start { lab.client.close(10.seconds) }
          lab.advance(300.milliseconds)
          seen?.code() shouldBe CloseReason.GOING_AWAY
          session.isCompleted shouldBe true
          stopped.isCompleted shouldBe true
        }
    }
  })
