package dev.runnel.ws

import dev.runnel.dsl.ServerGone
import dev.runnel.engine.CancelCause
import dev.runnel.http.Headers
import dev.runnel.http.ResponseHead
import dev.runnel.http.Status
import dev.runnel.http.Version
import dev.runnel.io.Bytes
import dev.runnel.testing.websocket.Opcode
import dev.runnel.testing.websocket.WsFrame
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.WsClosed
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable

@Serializable data class Tick(val n: Int)

/** The client's end for coroutines: what a block gets, and what becomes of the session when it ends. */
class ClientSessionTest :
  FunSpec({
    // --- the block ends ---

    test("a block that returns closes with 1000 and waits for the answer") {
      val client = ScriptedClient()
      val result = client.start { 42 }
      client.closeCode() shouldBe 1000
      result.isCompleted shouldBe false
      client.says(WsFrame.close(1000))
      result.value() shouldBe 42
      client.isOver shouldBe false
      client.server.ends()
      client.server.isClosed shouldBe true
      client.isOver shouldBe true
    }

    test("a server that does not answer is waited for 5 s") {
      val client = ScriptedClient()
      val result = client.start { "done" }
      client.advance(4)
      result.isCompleted shouldBe false
      client.advance(1)
      result.value() shouldBe "done"
      client.advance(2)
      client.isOver shouldBe true
    }

    test("what comes while the answer is waited for is dropped") {
      val client = ScriptedClient()
      val result = client.start { 1 }
      client.says(WsFrame.binary(ByteArray(2_000_000)), WsFrame.text("late"), WsFrame.close(1000))
      client.closeCode() shouldBe 1000
      result.value() shouldBe 1
    }

    test("a block that throws leaves with 1001, and its caller does not wait") {
      val client = ScriptedClient()
      val result = client.start { error("mine") }
      result.error().message shouldBe "mine"
      client.closeCode() shouldBe 1001
      client.advance(7)
      client.isOver shouldBe true
    }

    test("a block may choose the code") {
      val client = ScriptedClient()
      val result = client.start { throw WsClose(3000, "mine") }
      result.error().shouldBeInstanceOf<WsClose>().reason() shouldBe CloseReason(3000, "mine")
      client.closeCode() shouldBe 3000
    }

    test("a failed child fails the block") {
      val client = ScriptedClient()
      val result = client.start {
        coroutineScope {
          launch { error("child") }
          awaitCancellation()
        }
      }
      result.error().message shouldBe "child"
      client.closeCode() shouldBe 1001
    }

    test("close() in the block sends its code, and nothing more at the end") {
      val client = ScriptedClient()
      val result = client.start {
        close(4000, "bye")
        closeReason.await()
      }
      client.closeCode() shouldBe 4000
      client.says(WsFrame.close(4000))
      result.value() shouldBe CloseReason.of(4000)
      client.server.heard().shouldBeEmpty()
    }

    // --- the caller loses interest ---

    test("a cancelled caller drops the connection at once, without a Close") {
      val client = ScriptedClient()
      var cleanedUp = false
      val result = client.start {
        try {
          awaitCancellation()
        } finally {
          cleanedUp = true
        }
      }
      result.cancel()
      client.server.isReset shouldBe true
      client.server.heard().shouldBeEmpty()
      cleanedUp shouldBe true
      client.isOver shouldBe true
    }

    test("a block that is slow to notice holds no connection") {
      val client = ScriptedClient()
      val goOn = CompletableDeferred<Unit>()
      val result = client.start { withContext(NonCancellable) { goOn.await() } }
      result.cancel()
      client.server.isReset shouldBe true
      result.isCompleted shouldBe false
      goOn.complete(Unit) shouldBe true
      result.isCancelled shouldBe true
    }

    test("a caller that is cancelled while the answer to our Close is waited for") {
      val client = ScriptedClient()
      val result = client.start {}
      client.closeCode() shouldBe 1000
      client.server.isReset shouldBe false
      result.cancel()
      client.server.isReset shouldBe true
      client.isOver shouldBe true
    }

    test("a caller that is cancelled before it began leaves no connection behind") {
      val client = ScriptedClient()
      var ran = false
      val caller = client.start { ran = true }
      caller.cancel()
      val late = ScriptedClient()
      val result = late.startCancelled { ran = true }
      result.isCancelled shouldBe true
      late.server.isReset shouldBe true
      late.isOver shouldBe true
      client.server.isReset shouldBe true
    }

    test("a caller that is cancelled before it hears of its session leaves no connection behind") {
      val client = ScriptedClient()
      val caller = ManualDispatcher()
      var ran = false
      val result = client.startElsewhere(caller) { ran = true }
      client.server.isReset shouldBe false
      result.cancel()
      client.elsewhere(caller::run)
      client.server.isReset shouldBe true
      client.isOver shouldBe true
      ran shouldBe false
      result.isCancelled shouldBe true
    }

    // --- the server's end ---

    test("a server that vanishes cancels the block, and the caller gets a typed loss") {
      val client = ScriptedClient()
      var cause: Throwable? = null
      val result = client.start {
        try {
          incoming.collect {}
          error("an orderly end?")
        } catch (e: Throwable) {
          cause = e
          throw e
        }
      }
      client.server.ends()
      client.loop.run()
      cause.shouldBeInstanceOf<ServerGone>().reason shouldBe CancelCause.SERVER_GONE
      result.loss() shouldBe Reason.CONNECTION_LOST
      client.server.isReset shouldBe true
      client.isOver shouldBe true
    }

    test("what the connection knows of the loss is passed on") {
      val client = ScriptedClient()
      val result = client.start { incoming.collect {} }
      val error = ClientException(Reason.STREAM_RESET, "reset by the server")
      client.server.breaks(error)
      client.loop.run()
      result.loss() shouldBe Reason.STREAM_RESET
      result.error().cause shouldBeSameInstanceAs error
    }

    test("a life that is cancelled is a loss") {
      val client = ScriptedClient()
      val result = client.start { awaitCancellation() }
      client.life.cancel(CancelCause.SERVER_GONE)
      result.loss() shouldBe Reason.CONNECTION_LOST
      client.isOver shouldBe true
    }

    test("a server that answers no ping has vanished") {
      val client = ScriptedClient()
      val result = client.start { awaitClose() }
      client.advance(39)
      result.isCompleted shouldBe false
      client.advance(1)
      result.loss() shouldBe Reason.CONNECTION_LOST
    }

    test("a failure of the block's own stays what it is, although the server is gone too") {
      val client = ScriptedClient()
      val result = client.start {
        try {
          awaitCancellation()
        } finally {
          error("mine")
        }
      }
      client.server.ends()
      client.loop.run()
      result.error().message shouldBe "mine"
    }

    test("a Close of the server ends incoming, and the block goes on as long as it likes") {
      val client = ScriptedClient()
      val goOn = CompletableDeferred<Unit>()
      var error: Throwable? = null
      val result = client.start {
        val all = incoming.map { it.text() }.toList()
        error = runCatching { send("late") }.exceptionOrNull()
        goOn.await()
        all
      }
      client.says(WsFrame.text("a"), WsFrame.text("b"), WsFrame.close(3000, "enough"))
      client.closeCode() shouldBe 3000
      client.server.ends()
      error.shouldBeInstanceOf<WsClosed>().code() shouldBe 3000
      client.advance(600)
      result.isCompleted shouldBe false
      goOn.complete(Unit) shouldBe true
      result.value() shouldContainExactly listOf("a", "b")
    }

    test("a block that lets WsClosed through fails with it") {
      val client = ScriptedClient()
      val result = client.start {
        awaitClose().code() shouldBe 1013
        send("late")
      }
      client.says(WsFrame.close(1013))
      result.error().shouldBeInstanceOf<WsClosed>().code() shouldBe 1013
    }

    test("a stop of the client closes with 1001") {
      val client = ScriptedClient()
      val result = client.start { incoming.toList().size }
      client.life.stop()
      client.closeCode() shouldBe 1001
      client.says(WsFrame.close(1001))
      result.value() shouldBe 0
    }

    // --- messages ---

    test("messages go both ways, and a collector that stops early loses none") {
      val client = ScriptedClient()
      val result = client.start {
        send("hello")
        val first = incoming.first().text()
        val rest = incoming.take(2).map { it.text() }.toList()
        listOf(first) + rest
      }
      client.server.heardOne().content() shouldBe "hello"
      client.says(WsFrame.text("a"), WsFrame.text("b").notLast(), WsFrame.continuation("c"), WsFrame.text("d"))
      client.closeCode() shouldBe 1000
      client.says(WsFrame.close(1000))
      result.value() shouldContainExactly listOf("a", "bc", "d")
    }

    test("send waits for a slow server, trySend does not") {
      val client = ScriptedClient()
      var sent = 0
      val result = client.start {
        send("fills")
        sent++
        send("waits")
        sent++
        trySend("at once")
      }
      sent shouldBe 2
      client.server.heard().size shouldBe 4
      result.isCompleted shouldBe false
      val slow = ScriptedClient()
      slow.server.room(false)
      val tried = slow.start {
        coroutineScope {
          launch { send("fills") }
          trySend("no")
        }
      }
      tried.isCompleted shouldBe false
      slow.server.heardOne().content() shouldBe "fills"
      slow.server.room(true)
      slow.closeCode() shouldBe 1000
      slow.says(WsFrame.close(1000))
      tried.value() shouldBe SendResult.FULL
    }

    test("half a message that fails leaves with 1001") {
      val client = ScriptedClient()
      val result = client.start {
        sendParts(isText = true) {
          write(Bytes.utf8("half"))
          error("a message")
        }
      }
      result.error().message shouldBe "a message"
      val frames = client.server.heard()
      frames[0].frame().content() shouldBe "half"
      frames[0].frame().isLast shouldBe false
      frames.size shouldBe 2
      frames[0].key() shouldNotBe frames[1].key()
    }

    test("a sender that pauses within a message for longer than a peer may") {
      val client = ScriptedClient()
      val goOn = CompletableDeferred<Unit>()
      val result = client.start {
        sendParts(isText = true) {
          write(Bytes.utf8("a"))
          goOn.await()
          write(Bytes.utf8("b"))
        }
      }
      client.server.heardOne().content() shouldBe "a"
      client.advance(31)
      client.server.heardOne().opcode() shouldBe Opcode.PING
      goOn.complete(Unit) shouldBe true
      client.server.heard().map { it.frame().opcode() } shouldContainExactly
        listOf(Opcode.CONTINUATION, Opcode.CONTINUATION, Opcode.CLOSE)
      client.says(WsFrame.close(1000))
      result.value()
    }

    test("a server that takes no part of a message for 30 s") {
      val client = ScriptedClient()
      client.server.room(false)
      val result = client.start { sendParts(isText = true) { write(Bytes.utf8("a")) } }
      client.server.heardOne().content() shouldBe "a"
      client.advance(29)
      client.server.heard().shouldBeEmpty()
      client.advance(1)
      client.closeCode() shouldBe 1008
      result.error().shouldBeInstanceOf<WsClosed>().code() shouldBe 1008
    }

    test("typed sessions") {
      val client = ScriptedClient()
      val result = client.start {
        val typed = typed<Tick, Tick>()
        typed.send(Tick(1))
        typed.incoming.first().n
      }
      client.server.heardOne().content() shouldBe """{"n":1}"""
      client.says(WsFrame.text("""{"n":2}"""))
      client.closeCode() shouldBe 1000
      client.says(WsFrame.close(1000))
      result.value() shouldBe 2
    }

    test("what does not decode is closed with 1007, what is no text with 1003") {
      for ((frame, code) in listOf(WsFrame.text("""{"n":"x"}""") to 1007, WsFrame.binary(ByteArray(1)) to 1003)) {
        val client = ScriptedClient()
        val result = client.start { typed<Tick, Tick>().incoming.first() }
        client.says(frame)
        client.closeCode() shouldBe code
        result.error().shouldBeInstanceOf<WsClose>().reason().code() shouldBe code
      }
    }

    // --- the opening ---

    test("over HTTP/2 it is the same session") {
      val client =
        ScriptedClient(WsClientOptions.DEFAULT.withProtocols("v1"), Version.HTTP_2, "Sec-WebSocket-Protocol", "v1")
      val result = client.start {
        open()
        peerAddress shouldBe client.server.remoteAddress()
        request shouldBeSameInstanceAs client.request
        isClosed shouldBe false
        protocol
      }
      client.says(WsFrame.close(1000))
      result.value() shouldBe "v1"
    }

    test("an answer that opens no session") {
      val client = ScriptedClient()
      client.answer = ResponseHead(Status.of(404), Headers.EMPTY)
      var ran = false
      val result = client.start { ran = true }
      result.loss() shouldBe Reason.NOT_UPGRADED
      result.error().message shouldContain "404"
      ran shouldBe false
      client.server.isReset shouldBe true
    }

    test("a handshake of the wrong proof") {
      val client = ScriptedClient()
      client.answer = ScriptedClient().answer
      client.start {}.loss() shouldBe Reason.NOT_UPGRADED
    }
  })

@OptIn(ExperimentalCoroutinesApi::class) private fun <T> Deferred<T>.value(): T = getCompleted()

@OptIn(ExperimentalCoroutinesApi::class)
private fun Deferred<*>.error(): Throwable = checkNotNull(getCompletionExceptionOrNull()) { "it did not fail" }

private fun Deferred<*>.loss(): Reason = error().shouldBeInstanceOf<ClientException>().reason()

/** Runs what it was given when the test says so. */
private class ManualDispatcher : CoroutineDispatcher() {
  private val tasks = ArrayDeque<Runnable>()

  override fun dispatch(context: CoroutineContext, block: Runnable) {
    tasks += block
  }

  fun run() {
    while (tasks.isNotEmpty()) tasks.removeFirst().run()
  }
}
