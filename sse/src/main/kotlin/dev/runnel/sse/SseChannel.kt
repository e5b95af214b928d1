package dev.runnel.sse

import dev.runnel.dsl.RunnelDsl
import dev.runnel.dsl.encodeJson
import dev.runnel.http.Response
import dev.runnel.hub.Format
import dev.runnel.hub.Hub
import dev.runnel.hub.HubOptions
import dev.runnel.hub.Subscription
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.SendChannel
import kotlinx.serialization.KSerializer

/**
 * Where a handler sends its events; the receiver in [SSE] and [sse]. Its functions may be called from any coroutine and
 * thread; what one coroutine sends arrives in the order sent, and those who wait for a slow client go on in turn.
 *
 * The head is sent with the first event, by [open], or 500 ms after the handler began ([SseOptions.openAfter]). Until
 * then the handler can still [reject], or throw what becomes an error answer.
 */
@RunnelDsl
public abstract class SseChannel internal constructor() {
  /** The id of the last event that this client got before it connected again; null if there is none. */
  public abstract val lastEventId: String?

  /** How many events were dropped because the client is slow; see [SseOverflow]. */
  public abstract val dropped: Long

  /** Sends the head, if it was not sent: the client's `onopen` waits for it. */
  public abstract suspend fun open()

  /** Sends an event; see the other [send]. */
  public suspend fun send(data: String, event: String? = null, id: String? = null): Unit =
    send(ServerEvent(data, event, id))

  /**
   * Sends an event. Suspends until it is in the transport's hands and few bytes are unsent, or as [SseOverflow] has it.
   * A sender that is cancelled before the hand-over has sent nothing; after it the event arrives whole.
   *
   * @throws dev.runnel.dsl.CallCancellation if the call was cancelled: the client left or was too slow, the server
   *   stops
   * @throws SseClosedException if the handler has returned
   */
  public abstract suspend fun send(event: ServerEvent)

  /** Sends an event whose data is this value as JSON; see the other [send]. */
  public suspend inline fun <reified T : Any> send(value: T, event: String? = null, id: String? = null): Unit =
    send(jsonEvent(value, eventSerializer<T>(), event, id))

  /** Sends a comment, which clients skip. */
  public suspend fun comment(text: String): Unit = send(ServerEvent.comment(text))

  /**
   * Has the client get what is broadcast in the hub from now on, until the subscription is left or the stream ends.
   * Messages are encoded once for all streams with an equal format. What waits for a slow client is bounded by the hub;
   * a client that it closes for its slowness is cancelled with `SlowConsumer`. See [join] for a stream of nothing else.
   *
   * @param own a queue, an overflow and a key for this client, instead of the hub's
   */
  public abstract suspend fun <T : Any> subscribe(
    hub: Hub<T>,
    format: Format<in T> = SseFormat.events(),
    own: HubOptions<T>? = null,
  ): Subscription

  /**
   * Answers otherwise: 401 to who may not listen, 204 to tell an EventSource not to come back.
   *
   * @throws IllegalStateException if the head is sent
   */
  public abstract fun reject(response: Response): Nothing

  /**
   * This stream as a channel, for code that sends to one. What is in it when it is closed, or when the handler returns,
   * is sent before the stream ends. It is cancelled when the call is.
   *
   * @param capacity as for [Channel]: how many events it holds besides the one that is being sent
   */
  public abstract fun asSendChannel(capacity: Int = Channel.BUFFERED): SendChannel<ServerEvent>

  @PublishedApi
  internal fun <T> jsonEvent(value: T, serializer: KSerializer<T>, event: String?, id: String?): ServerEvent =
    ServerEvent(encodeJson(value, serializer), event, id)
}

/**
 * Sends this stream what is broadcast in the hub, for as long as the client stays: it suspends until the call is
 * cancelled, or the coroutine that called it. See [SseChannel.subscribe].
 */
public suspend fun <T : Any> Hub<T>.join(
  stream: SseChannel,
  format: Format<in T> = SseFormat.events(),
  own: HubOptions<T>? = null,
): Nothing {
  val subscription = stream.subscribe(this, format, own)
  try {
    awaitCancellation()
  } finally {
    subscription.leave()
  }
}
