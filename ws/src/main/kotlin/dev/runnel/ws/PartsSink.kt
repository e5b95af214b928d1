package dev.runnel.ws

import dev.runnel.io.Bytes
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.FrameLink
import dev.runnel.websocket.OutgoingParts
import dev.runnel.websocket.Sent
import dev.runnel.websocket.WsClosed
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.suspendCancellableCoroutine

/** A message on its way in parts. On the loop, but for [write]. */
internal class PartsSink(private val session: LinkedSession, private val link: FrameLink, isText: Boolean) :
  MessageSink, Sent {
  private val parts: OutgoingParts = link.parts(isText, this)
  private var waiting: CancellableContinuation<Unit>? = null
  private var failure: Throwable? = null
  private var begun = false

  suspend fun send(write: suspend MessageSink.() -> Unit) {
    try {
      awaitTurn()
      write()
      failure?.let { throw seenBySender(it) }
      parts.end()
    } catch (e: Throwable) {
      if (begun && link.isOpen) link.fail((e as? WsClose)?.reason() ?: CloseReason.of(link.role().failure()))
      parts.withdraw()
      throw e
    }
  }

  private suspend fun awaitTurn() = suspendCancellableCoroutine {
    waiting = it
    link.queue().send(parts)
  }

  override suspend fun write(bytes: Bytes): Unit = session.onLoop {
    failure?.let { throw seenBySender(it) }
    if (!link.isOpen) throw WsClosed(checkNotNull(link.closed()))
    begun = true
    if (!parts.part(bytes)) suspendCancellableCoroutine { waiting = it }
  }

  override fun room() {
    waiting?.let { if (it.isActive) it.resume(Unit) }
  }

  override fun failed(error: Throwable) {
    failure = error
    waiting?.let { if (it.isActive) it.resumeWithException(seenBySender(error)) }
  }
}
