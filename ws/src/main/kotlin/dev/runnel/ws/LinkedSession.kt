package dev.runnel.ws

import dev.runnel.dsl.toCancellation
import dev.runnel.engine.CallCancelledException
import dev.runnel.engine.SendQueue
import dev.runnel.hub.Hub
import dev.runnel.hub.Subscription
import dev.runnel.io.Bytes
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.FrameLink
import dev.runnel.websocket.Message
import dev.runnel.websocket.Sent
import dev.runnel.websocket.WsClosed
import java.net.SocketAddress
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.suspendCancellableCoroutine

/** What coroutines see of a [FrameLink], which lives on its loop: the same at both ends. */
internal abstract class LinkedSession(private val agreed: Agreed) : WsSession {
  private val incomingMessages = Incoming(this)
  private val closed = CompletableDeferred<CloseReason>()

  /** The link; on the loop. */
  abstract suspend fun link(): FrameLink

  /** The link, if it is open and this is its loop: the way without a coroutine of its own for each message. */
  abstract fun linkHere(): FrameLink?

  /** Runs the block on the loop of the link, in place when already there. */
  abstract suspend fun <T> onLoop(block: suspend () -> T): T

  override val protocol: String?
    get() = agreed.protocol()

  override val peerAddress: SocketAddress
    get() = request.remoteAddress()

  override val closeReason: Deferred<CloseReason>
    get() = closed

  override val incoming: Flow<Message>
    get() = incomingMessages.messages

  override val incomingStreams: Flow<MessageStream>
    get() = incomingMessages.streams

  // --- sending ---

  override suspend fun send(message: Message) {
    val here = linkHere() ?: return sendOnLoop(message)
    return send(here, message)
  }

  private suspend fun sendOnLoop(message: Message) = onLoop { send(link(), message) }

  // Each call of a suspend function is the last thing done, so that none of them makes a continuation.
  private suspend fun send(to: FrameLink, message: Message) {
    if (!offer(to, message)) return to.await { to.message(message, it) }
    if (!to.queue().isFree) return to.await { Room(it) }
  }

  private fun offer(to: FrameLink, message: Message): Boolean =
    try {
      to.offer(message)
    } catch (e: CallCancelledException) {
      throw e.reason().toCancellation()
    }

  override suspend fun trySend(message: Message): SendResult = onLoop {
    val to = link()
    when {
      !to.isOpen -> SendResult.CLOSED
      offer(to, message) -> SendResult.SENT
      else -> SendResult.FULL
    }
  }

  override suspend fun flush() = onLoop {
    val to = link()
    if (!to.isOpen) throw WsClosed(checkNotNull(to.closed()))
    if (!to.queue().isFree) to.await { Room(it) }
  }

  override suspend fun sendParts(isText: Boolean, write: suspend MessageSink.() -> Unit): Unit = onLoop {
    val to = link()
    PartsSink(this, to, isText).send(write)
  }

  override suspend fun <T : Any> subscribe(hub: Hub<T>): Subscription = onLoop {
    hub.subscribe(HubFrames.INSTANCE, HubFrames.Session(link()))
  }

  override suspend fun open() = onLoop { link().let {} }

  // --- the end ---

  /** Told by the link, on the loop. */
  protected open fun tellClosed(reason: CloseReason) {
    closed.complete(reason)
  }

  /** Whoever had the session is done with it: says Close, unless that was said. */
  suspend fun leave(reason: CloseReason): Unit = onLoop {
    val open = link()
    open.discard()
    open.close(reason)
  }

  override suspend fun close(code: Int, reason: String) {
    val ours = CloseReason(code, reason).requireSendable()
    leave(ours)
    closed.join()
  }

  override suspend fun awaitClose(): CloseReason {
    open()
    incomingMessages.dropUnlessCollected()
    return closed.await()
  }
}

/** Waits in the queue until there is room, and sends nothing. */
private class Room(private val sent: Sent) : SendQueue.Message(Bytes.EMPTY) {
  override fun room() = sent.room()

  override fun failed(error: Throwable) = sent.failed(error)
}

/** Puts a message into the queue and suspends until it was handed over and there is room again. */
internal suspend fun FrameLink.await(make: (Sent) -> SendQueue.Message): Unit = suspendCancellableCoroutine { waiting ->
  val message = make(Resumption(waiting))
  queue().send(message)
  waiting.invokeOnCancellation { onLoop { message.withdraw() } }
}

private inline fun FrameLink.onLoop(crossinline block: () -> Unit) {
  if (loop().inLoop()) block() else loop().execute { block() }
}

private class Resumption(private val waiting: CancellableContinuation<Unit>) : Sent {
  override fun room() {
    if (waiting.isActive) waiting.resume(Unit)
  }

  override fun failed(error: Throwable) {
    if (waiting.isActive) waiting.resumeWithException(seenBySender(error))
  }
}

/** The same error for each sender, with the stack of the one who gets it. */
internal fun seenBySender(error: Throwable): Throwable =
  when (error) {
    is WsClosed -> WsClosed(error.reason())
    is CallCancelledException -> error.reason().toCancellation()
    else -> error
  }
