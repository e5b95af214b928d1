package dev.runnel.ws

import dev.runnel.io.Bytes
import dev.runnel.websocket.FrameLink
import dev.runnel.websocket.Message
import dev.runnel.websocket.Part
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.resume
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.suspendCancellableCoroutine

private fun Part.toMessage() = if (isText) Message.text(bytes.utf8()) else Message.binary(bytes)

/**
 * A flow without the checks of `flow { }`, which refuses to emit once it is cancelled: what was taken for it then would
 * be lost.
 */
private fun <T> direct(block: suspend FlowCollector<T>.() -> Unit): Flow<T> =
  object : Flow<T> {
    override suspend fun collect(collector: FlowCollector<T>) = collector.block()
  }

/**
 * What the peer sends, as flows. What was taken from the link stays in hand until it is emitted: a collector on another
 * thread may be cancelled on the way back to it, and the next one then gets the message.
 */
internal class Incoming(private val session: LinkedSession) {
  private val isCollected = AtomicBoolean()
  private var message: Message? = null
  private var part: Part? = null
  private var unfinished: Stream? = null

  val messages: Flow<Message> = direct {
    collecting {
      takeOverPart()
      while (true) {
        fetch()
        currentCoroutineContext().ensureActive()
        val next = message ?: break
        message = null
        emit(next)
      }
    }
  }

  val streams: Flow<MessageStream> = direct {
    collecting {
      takeOverMessage()
      while (true) {
        unfinished?.skipRest()
        val stream = Stream(nextPart() ?: break)
        unfinished = stream
        emit(stream)
      }
    }
  }

  /** A part that was in hand for a collector of streams: a whole message if nobody saw a part of it before. */
  private fun takeOverPart() {
    val inHand = part
    part = null
    if (inHand != null && inHand.isLast && unfinished?.isEnded != false) message = inHand.toMessage()
    unfinished = null
  }

  /** A message that was in hand for a collector of messages. */
  private fun takeOverMessage() {
    message?.let { part = Part(it.isText, it.bytes(), true) }
    message = null
  }

  /** Reads and drops all, if nobody else reads. */
  suspend fun dropUnlessCollected() {
    if (!isCollected.get()) messages.collect {}
  }

  private suspend inline fun collecting(block: () -> Unit) {
    check(isCollected.compareAndSet(false, true)) {
      "the incoming messages are being collected already: one collector at a time"
    }
    try {
      block()
    } finally {
      isCollected.set(false)
    }
  }

  /** Has the next message in hand, unless all is over. Inlined: on the loop it makes nothing for a message. */
  @Suppress("NOTHING_TO_INLINE")
  private suspend inline fun fetch() {
    while (message == null) {
      val here = session.linkHere() ?: return fetchElsewhere()
      message = here.poll()
      if (message == null && here.isEnded) return
      if (message == null) ready(here)
    }
  }

  private suspend fun fetchElsewhere() = session.onLoop { message = await { it.poll() } }

  private suspend fun nextPart(): Part? {
    if (part == null) session.onLoop { part = await { it.pollPart() } }
    currentCoroutineContext().ensureActive()
    return part.also { part = null }
  }

  /** Polls until there is something or the end. */
  private suspend fun <T : Any> await(poll: (FrameLink) -> T?): T? {
    val from = session.link()
    while (true) {
      val polled = poll(from)
      if (polled != null || from.isEnded) return polled
      ready(from)
    }
  }

  private suspend fun ready(from: FrameLink): Unit = suspendCancellableCoroutine { waiting ->
    from.onReady { if (waiting.isActive) waiting.resume(Unit) }
  }

  private inner class Stream(private val first: Part) : MessageStream {
    private var isBegun = false

    var isEnded: Boolean = first.isLast
      private set

    override val isText: Boolean
      get() = first.isText

    override val parts: Flow<Bytes> = flow {
      check(!isBegun) { "the parts of a message can be collected once" }
      isBegun = true
      emit(first.bytes)
      while (!isEnded) {
        val next = nextPart() ?: break
        isEnded = next.isLast
        emit(next.bytes)
      }
    }

    suspend fun skipRest() {
      while (!isEnded) {
        val next = nextPart() ?: break
        isEnded = next.isLast
      }
    }
  }
}
