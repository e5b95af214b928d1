package dev.runnel.sse

import dev.runnel.dsl.Call
import dev.runnel.dsl.ServerStopping
import dev.runnel.dsl.toCancellation
import dev.runnel.engine.CallCancelledException
import dev.runnel.engine.SendQueue
import dev.runnel.http.BodyWriter
import dev.runnel.http.Response
import dev.runnel.hub.Format
import dev.runnel.hub.Hub
import dev.runnel.hub.HubOptions
import dev.runnel.hub.Subscription
import dev.runnel.io.Bytes
import kotlin.coroutines.resume
import kotlin.coroutines.resumeWithException
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine

/** A stream as its handler sees it. The handler's scope can end without the call: a stop does that. */
internal class StreamChannel(private val call: Call, writer: BodyWriter, options: SseOptions) : SseChannel() {
  private val stream = EventStream(call.exchange, writer, options, Watcher())
  private val channels = ArrayList<SendChannel<ServerEvent>>(0)
  private var scope: CoroutineScope? = null
  private var failure: Throwable? = null

  override val lastEventId: String? = SseHead.lastEventId(call.request)

  override val dropped: Long
    get() = stream.dropped()

  /** Runs the handler and returns when all it sent is handed over; the end of the body is left to the caller. */
  suspend fun run(handler: suspend SseChannel.() -> Unit) {
    try {
      stream.begin()
      if (!stream.isStopped) runInScope(handler)
      failure?.let { throw it }
      suspendCancellableCoroutine { drained -> stream.drain { drained.resume(Unit) } }
      failure?.let { throw it }
    } finally {
      stream.release()
    }
  }

  private suspend fun runInScope(handler: suspend SseChannel.() -> Unit) {
    try {
      coroutineScope {
        scope = this
        handler()
        closeChannels()
      }
    } catch (e: CancellationException) {
      failure?.let { throw it }
      // A stop ends the handler by this; that of a call that was cancelled meanwhile is for its owner.
      if (!stream.isStopped || call.exchange.cancelled() != null) throw e
    }
  }

  override suspend fun open(): Unit = call.onLoop { translated { stream.open() } }

  override suspend fun send(event: ServerEvent) {
    EventEncoder.encode(event) // here, as this may be another thread, and the loop has others to serve
    call.onLoop {
      currentCoroutineContext().ensureActive()
      translated {
        val left = stream.put(event)
        if (left != null) await(left)
      }
    }
  }

  private suspend fun await(bytes: Bytes) = suspendCancellableCoroutine { sender ->
    val message = Sending(bytes, sender)
    sender.invokeOnCancellation {
      val loop = stream.loop()
      if (loop.inLoop()) message.withdraw() else loop.execute(message::withdraw)
    }
    if (sender.isActive) stream.queue().send(message) // who was cancelled on the way here takes nothing back any more
  }

  override suspend fun <T : Any> subscribe(hub: Hub<T>, format: Format<in T>, own: HubOptions<T>?): Subscription =
    call.onLoop {
      translated { stream.join(hub, format, own) }
    }

  override fun reject(response: Response): Nothing {
    stream.refuseCommitted(response.status())
    dev.runnel.dsl.reject(response)
  }

  override fun asSendChannel(capacity: Int): SendChannel<ServerEvent> {
    val handler = checkNotNull(scope) { "the handler of this stream does not run" }
    val channel = Channel<ServerEvent>(capacity)
    synchronized(channels) { channels += channel }
    handler
      .launch {
        try {
          for (event in channel) send(event)
        } catch (e: Throwable) {
          channel.cancel(e as? CancellationException ?: CancellationException("the stream failed", e))
          throw e
        }
      }
      .invokeOnCompletion { channel.cancel() }
    return channel
  }

  private fun closeChannels() = synchronized(channels) { channels.forEach { it.close() } }

  private inline fun <T> translated(step: () -> T): T =
    try {
      step()
    } catch (e: CallCancelledException) {
      throw e.reason().toCancellation()
    } catch (e: SseClosedException) {
      throw if (stream.isStopped) ServerStopping() else e
    }

  private class Sending(bytes: Bytes, private val sender: CancellableContinuation<Unit>) : SendQueue.Message(bytes) {
    override fun room() = sender.resume(Unit)

    override fun failed(error: Throwable) = sender.resumeWithException(error)
  }

  private inner class Watcher : EventStream.Owner {
    override fun stopped() = end(ServerStopping())

    override fun failed(error: Throwable) {
      failure = error
      end(CancellationException("the stream failed", error))
    }

    private fun end(cause: CancellationException) {
      val job: Job? = scope?.coroutineContext?.job
      job?.cancel(cause)
    }
  }
}
