package dev.runnel.ws

import dev.runnel.dsl.Call
import dev.runnel.dsl.Upgrading
import dev.runnel.dsl.toCancellation
import dev.runnel.engine.CallCancelledException
import dev.runnel.engine.SendQueue
import dev.runnel.http.Request
import dev.runnel.http.Response
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

/** A session on a call: what its coroutines see of a [FrameLink], which lives on the call's loop. */
internal class CallSession(override val call: Call, private val upgrade: Upgrading, private val opening: Opening) :
  WsSession {
  // Written on the loop; elsewhere it is only asked whether it is open.
  @Volatile private var link: FrameLink? = null
  private val incomingMessages = Incoming(call, ::link)
  private val closed = CompletableDeferred<CloseReason>()
  private var onClosed: () -> Unit = {}

  override val request: Request
    get() = call.request

  override val protocol: String?
    get() = opening.protocol()

  override val peerAddress: SocketAddress
    get() = request.remoteAddress()

  override val closeReason: Deferred<CloseReason>
    get() = closed

  override val isClosed: Boolean
    get() = link?.isOpen == false

  /** Whether the client was told that it is open. */
  val isOpened: Boolean
    get() = upgrade.isAccepted

  override val incoming: Flow<Message>
    get() = incomingMessages.messages

  override val incomingStreams: Flow<MessageStream>
    get() = incomingMessages.streams

  // --- opening; on the loop ---

  /** The link, opened when first asked for. */
  private suspend fun link(): FrameLink =
    link ?: suspendCancellableCoroutine { waiting -> accept { if (waiting.isActive) waiting.resume(it) } }

  private fun accept(then: (FrameLink) -> Unit) {
    try {
      upgrade.accept { connection ->
        var made = link
        if (made == null) {
          made = opening.link(call.exchange, connection, ::tellClosed)
          link = made
          made.start()
        }
        then(made)
      }
    } catch (e: CallCancelledException) {
      throw e.reason().toCancellation()
    }
  }

  /** The handler has taken its time: the client shall know that the session is open. */
  fun openInTime() {
    try {
      accept {}
    } catch (e: Throwable) {
      call.exchange.fail(e)
    }
  }

  fun onClosed(listener: () -> Unit) {
    onClosed = listener
  }

  private fun tellClosed(reason: CloseReason) {
    onClosed()
    closed.complete(reason)
  }

  override suspend fun open() = call.onLoop { link().let {} }

  /** The handler has ended: says Close, unless that was said. */
  suspend fun leave(reason: CloseReason) = call.onLoop {
    val open = link()
    open.discard()
    open.close(reason)
  }

  // --- sending ---

  override suspend fun send(message: Message): Unit = call.onLoop {
    val to = link()
    if (!offer(to, message)) {
      to.await { to.message(message, it) }
    } else if (!to.queue().isFree) {
      to.await { Room(it) }
    }
  }

  private fun offer(to: FrameLink, message: Message): Boolean =
    try {
      to.offer(message)
    } catch (e: CallCancelledException) {
      throw e.reason().toCancellation()
    }

  override suspend fun trySend(message: Message): SendResult = call.onLoop {
    val to = link()
    when {
      !to.isOpen -> SendResult.CLOSED
      offer(to, message) -> SendResult.SENT
      else -> SendResult.FULL
    }
  }

  override suspend fun flush() = call.onLoop {
    val to = link()
    if (!to.isOpen) throw WsClosed(checkNotNull(to.closed()))
    if (!to.queue().isFree) to.await { Room(it) }
  }

  override suspend fun sendParts(isText: Boolean, write: suspend MessageSink.() -> Unit): Unit = call.onLoop {
    val to = link()
    PartsSink(call, to, isText).send(write)
  }

  override suspend fun <T : Any> subscribe(hub: Hub<T>): Subscription = call.onLoop {
    hub.subscribe(HubFrames.INSTANCE, HubFrames.Session(link()))
  }

  // --- the end ---

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

  override fun reject(response: Response): Nothing {
    check(!isOpened) { "the session is open already: close it with a code instead" }
    dev.runnel.dsl.reject(response)
  }

  override fun reject(status: Int, detail: String?): Nothing {
    check(!isOpened) { "the session is open already: close it with a code instead" }
    dev.runnel.dsl.reject(status, detail)
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
