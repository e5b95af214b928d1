package dev.runnel.ws

import dev.runnel.engine.LoopLife
import dev.runnel.http.Request
import dev.runnel.http.ResponseHead
import dev.runnel.http.Version
import dev.runnel.testing.VirtualLoop
import dev.runnel.testing.websocket.Opcode
import dev.runnel.testing.websocket.ScriptedConnection
import dev.runnel.testing.websocket.WsFrame
import java.time.Duration
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.currentCoroutineContext

/** A client under virtual time, whose server is a script. All on the thread of the test. */
internal class ScriptedClient(
  options: WsClientOptions = WsClientOptions.DEFAULT,
  version: Version = Version.HTTP_1_1,
  vararg more: String,
) {
  val loop = VirtualLoop()
  val server = ScriptedConnection(loop)
  var isOver = false
  val life = LoopLife(loop) { isOver = true }
  val request: Request = Request.get("ws://server/chat")
  private val handshake = WsClientHandshake.of(version, options)
  private val scope = CoroutineScope(Dispatchers.Unconfined + SupervisorJob())
  var answer: ResponseHead = ScriptedAnswer.to(handshake, *more)

  fun <T> start(block: suspend WsSession.() -> T): Deferred<T> =
    scope
      .async(start = CoroutineStart.UNDISPATCHED) {
        clientSession(handshake, request, answer, server, life, block)
      }
      .also { loop.run() }

  /** The same by a caller that is cancelled already. */
  fun <T> startCancelled(block: suspend WsSession.() -> T): Deferred<T> =
    scope
      .async(start = CoroutineStart.UNDISPATCHED) {
        currentCoroutineContext().cancel()
        clientSession(handshake, request, answer, server, life, block)
      }
      .also { loop.run() }

  /** The same by a caller that is not on the loop. */
  fun <T> startElsewhere(caller: CoroutineDispatcher, block: suspend WsSession.() -> T): Deferred<T> = elsewhere {
    scope.async(caller, CoroutineStart.UNDISPATCHED) {
      clientSession(handshake, request, answer, server, life, block)
    }
  }

  /** Does this as if on another thread, and then runs the loop. */
  fun <T> elsewhere(task: () -> T): T {
    loop.left(true)
    val result = task()
    loop.left(false)
    loop.run()
    return result
  }

  fun says(vararg frames: WsFrame) {
    server.says(*frames)
    loop.run()
  }

  fun advance(seconds: Long) {
    loop.advance(Duration.ofSeconds(seconds))
  }

  /** The code of the Close that was sent, alone. */
  fun closeCode(): Int {
    val close = server.heardOne()
    check(close.opcode() == Opcode.CLOSE) { "not a Close but $close" }
    val payload = close.payload()
    return (payload[0].toInt() and 0xff shl 8) or (payload[1].toInt() and 0xff)
  }
}
