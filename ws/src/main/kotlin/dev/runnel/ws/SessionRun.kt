package dev.runnel.ws

import dev.runnel.dsl.ClientGone
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.WsClosed
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.job
import kotlinx.coroutines.withContext
import org.slf4j.LoggerFactory

/** Runs the handler of a session, and closes the session as the handler ends. */
internal class SessionRun(private val session: CallSession, private val options: WsOptions) {
  private val call = session.call
  private val loop = call.exchange.loop()
  private var overstayed = false

  suspend fun run(handler: suspend WsServerSession.() -> Unit) {
    val patience = loop.schedule(session::openInTime, options.acceptAfter())
    val reason =
      try {
        inScope(handler)
        NORMAL
      } catch (e: WsClose) {
        e.reason()
      } catch (e: Throwable) {
        failed(e)
      } finally {
        patience.cancel()
      }
    // A failed child may have cancelled the call's own Job; the peer is told all the same.
    withContext(NonCancellable) { session.leave(reason) }
  }

  /** A scope of its own, which a session that is over can cancel without the call. */
  private suspend fun inScope(handler: suspend WsServerSession.() -> Unit) = coroutineScope {
    val job = coroutineContext.job
    session.onClosed { letLeave(job) }
    session.handler()
  }

  /** The session is closed: the handler has a while to notice and return. */
  private fun letLeave(job: Job) {
    val timer =
      loop.schedule(
        {
          overstayed = true
          job.cancel(ClientGone())
        },
        options.leaveWithin(),
      )
    job.invokeOnCompletion { timer.cancel() }
  }

  /** What the peer is told; rethrows what is no failure of an open session. */
  private fun failed(error: Throwable): CloseReason {
    if (call.exchange.cancelled() != null || !session.isOpened) throw error
    if (overstayed || (error is WsClosed && session.isClosed)) return NORMAL
    val request = call.request
    LOG.error("{} failed in its session, closed with 1011: {}", request.id(), request.rawPath(), error)
    return CloseReason.of(CloseReason.INTERNAL_ERROR)
  }

  private companion object {
    val LOG = LoggerFactory.getLogger("runnel.call")

    val NORMAL: CloseReason = CloseReason.of(CloseReason.NORMAL)
  }
}
