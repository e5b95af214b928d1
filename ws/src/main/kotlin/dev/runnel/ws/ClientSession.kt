package dev.runnel.ws

import dev.runnel.dsl.ServerGone
import dev.runnel.dsl.asCoroutineDispatcher
import dev.runnel.engine.CallCancelledException
import dev.runnel.engine.CallLife
import dev.runnel.http.RawConnection
import dev.runnel.http.Request
import dev.runnel.http.ResponseHead
import dev.runnel.transport.ClientException
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.FrameLink
import dev.runnel.websocket.WsClosed
import java.net.SocketAddress
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/**
 * Opens the client's end of a session on the connection that an answer gave, and runs the block with it, in the context
 * of the caller.
 *
 * |the block                 |the session                                                                                                                     |
 * |--------------------------|--------------------------------------------------------------------------------------------------------------------------------|
 * |returns                   |is closed with 1000; this waits until the server has answered, for [dev.runnel.websocket.FrameOptions.closeWithin] (5 s) at most|
 * |throws                    |is closed with 1001, or the code of a [WsClose], without waiting; the exception is the caller's                                 |
 * |is cancelled by the caller|is dropped at once, without a Close                                                                                             |
 *
 * A server that says Close ends [WsSession.incoming], and lets the block go on as long as it likes. If the server
 * vanishes the block is cancelled with [ServerGone], and this throws [ClientException]:
 * [ClientException.Reason.CONNECTION_LOST], or what the connection knows better.
 *
 * @param handshake the attempt that was answered
 * @param request what asked for the session
 * @param head the answer
 * @param connection what the answer gave; reset if it opens no session
 * @param life what the session lives and ends with: when it stops, the session is closed with 1001
 * @throws ClientException [ClientException.Reason.NOT_UPGRADED] if the answer opens no session, or wrongly
 */
public suspend fun <T> clientSession(
  handshake: WsClientHandshake,
  request: Request,
  head: ResponseHead,
  connection: RawConnection,
  life: CallLife,
  block: suspend WsSession.() -> T,
): T {
  val session = opened(life) { ClientSession(handshake.agreed(head, connection, life), request, connection, life) }
  return ClientSessionRun(session).run(block)
}

/** Whatever becomes of the caller meanwhile, somebody has to own the connection. */
private suspend fun opened(life: CallLife, make: () -> ClientSession): ClientSession {
  var made: ClientSession? = null
  try {
    return withContext(NonCancellable + life.loop().asCoroutineDispatcher()) {
      make().also {
        made = it
        it.start()
      }
    }
  } catch (e: CancellationException) {
    // NonCancellable holds for the block; on its way back to the caller's dispatcher the result can still be lost.
    made?.drop()
    throw e
  }
}

/** The client's end of a session. Made on the loop. */
internal class ClientSession(
  agreed: Agreed,
  override val request: Request,
  connection: RawConnection,
  private val life: CallLife,
) : LinkedSession(agreed) {
  private val link: FrameLink = agreed.link(life, connection, ::tellClosed)
  private val loop = life.loop()

  override val peerAddress: SocketAddress = connection.remoteAddress()

  /** Completes when the server has vanished, before anybody hears of it in another way. */
  val lost: Job = Job()

  override val isClosed: Boolean
    get() = !link.isOpen

  fun start() {
    life.onCancel { lost.cancel() }
    link.start()
  }

  override suspend fun link(): FrameLink = link

  override fun linkHere(): FrameLink? = link.takeIf { loop.inLoop() }

  override suspend fun <T> onLoop(block: suspend () -> T): T =
    if (loop.inLoop()) block() else withContext(loop.asCoroutineDispatcher()) { block() }

  /** Nobody is interested any more; at once if called on the loop. */
  fun drop() {
    if (loop.inLoop()) link.drop() else loop.execute(link::drop)
  }

  fun loss(): ClientException {
    val by = link.loss()
    val reason = (by as? ClientException)?.reason() ?: ClientException.Reason.CONNECTION_LOST
    val what = by?.message ?: "its connection is gone, or it answers no ping"
    return ClientException(reason, "the WebSocket session lost its server: $what", false, by)
  }
}

/** Runs what has the session, and closes the session as it ends. */
private class ClientSessionRun(private val session: ClientSession) {
  suspend fun <T> run(block: suspend WsSession.() -> T): T {
    val result =
      try {
        val caller = currentCoroutineContext()[Job]
        coroutineScope {
          val watch = launch(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) { dropWhenCancelled(caller) }
          val lost = session.lost.invokeOnCompletion { this@coroutineScope.coroutineContext.job.cancel(ServerGone()) }
          try {
            session.block()
          } finally {
            lost.dispose()
            watch.cancel()
          }
        }
      } catch (e: Throwable) {
        throw failed(e)
      }
    finish()
    return result
  }

  /** Does not wait for the block to notice: what it does in `finally` may take its time. */
  private suspend fun dropWhenCancelled(caller: Job?) {
    try {
      awaitCancellation()
    } finally {
      if (caller?.isCancelled == true) session.drop()
    }
  }

  /** What the caller gets for what the block threw. */
  private suspend fun failed(error: Throwable): Throwable {
    if (currentCoroutineContext()[Job]?.isCancelled == true) {
      session.drop()
      return error
    }
    if (session.lost.isCompleted && error.isOfLoss()) return session.loss()
    val reason = (error as? WsClose)?.reason() ?: CloseReason.of(CloseReason.GOING_AWAY)
    withContext(NonCancellable) { session.leave(reason) }
    return error
  }

  private fun Throwable.isOfLoss() =
    this is CancellationException || this is WsClosed || this is CallCancelledException || this is ClientException

  private suspend fun finish() {
    try {
      session.close()
    } catch (e: CancellationException) {
      session.drop()
      throw e
    }
  }
}
