package dev.runnel.sse;

import dev.runnel.http.BodyCodec;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.hub.Format;
import dev.runnel.hub.Hub;
import dev.runnel.hub.HubOptions;
import dev.runnel.hub.Subscription;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where events are sent. Safe from any thread; what one thread sends arrives in the order sent.
 *
 * <p>The head is sent with the first event, by {@link #open()}, or {@link SseOptions#openAfter()
 * 500 ms} after the handler was called. Until then another answer can be given.
 *
 * <p>{@code send}, {@code sendJson} and {@code comment} wait while the client is slow and must not
 * be called on the loop: they throw {@link IllegalStateException} there.
 */
public interface SseSink {
  /** The request. */
  Request request();

  /**
   * The id of the last event that this client got before it connected again; null if there is none.
   */
  @Nullable String lastEventId();

  /**
   * Sends the head, if it was not sent.
   *
   * @throws SseClosedException if the stream has ended
   * @throws dev.runnel.engine.CallCancelledException if the call was cancelled
   */
  void open();

  /** Sends an event with this data; see {@link #send(ServerEvent)}. */
  default void send(String data) {
    send(ServerEvent.of(data));
  }

  /**
   * Sends an event whose data is this value as JSON, by {@link BodyCodec#json()}; see {@link
   * #send(ServerEvent)}.
   */
  default void sendJson(Object value) {
    send(ServerEvent.json(value));
  }

  /**
   * Sends an event. Returns when it is in the transport's hands and few bytes are unsent, or as
   * {@link SseOverflow} has it.
   *
   * @throws SseClosedException if the stream has ended
   * @throws dev.runnel.engine.CallCancelledException if the call was cancelled: the client left, or
   *     was too slow
   */
  void send(ServerEvent event);

  /** Sends a comment, which clients skip. */
  default void comment(String text) {
    send(ServerEvent.comment(text));
  }

  /**
   * Sends an event, from the loop too.
   *
   * @return completes when the event is in the transport's hands and few bytes are unsent: whoever
   *     sends many waits for it, as at most {@link #MOST_WAITING} may wait. Cancelling it takes the
   *     event back, unless it was handed over
   */
  CompletionStage<Void> sendAsync(ServerEvent event);

  /** As many events that were sent without waiting are kept; one more fails. */
  int MOST_WAITING = 1024;

  /** Joins with {@link SseFormat#events()}; see {@link #join(Hub, Format)}. */
  <T> Subscription join(Hub<T> hub);

  /**
   * Has the client get what is broadcast in the hub from now on, until the subscription is left or
   * the stream ends. Messages are encoded once for all streams with an equal format. What waits for
   * a slow client is bounded by the hub; one that it closes is cancelled as {@code SLOW_CONSUMER}.
   *
   * @param format usually a {@link SseFormat}
   * @throws SseClosedException if the stream has ended
   */
  <T> Subscription join(Hub<T> hub, Format<? super T> format);

  /** Joins with a queue, an overflow and a key of its own; see {@link #join(Hub, Format)}. */
  <T> Subscription join(Hub<T> hub, Format<? super T> format, HubOptions<T> own);

  /** Ends the stream behind what was sent; the handler may go on. Does nothing to an ended one. */
  void close();

  /**
   * Completes when nothing can be sent any more, for whatever reason: the client left, the server
   * stops, the handler has returned. Never exceptionally.
   */
  CompletionStage<Void> closed();

  /** Whether nothing can be sent any more. */
  boolean isClosed();

  /** How many events were dropped because the client was slow. */
  long dropped();

  /**
   * Ends the handler with another answer: 401 to who may not listen, 204 to tell an EventSource not
   * to come back. Always throws; {@code throw sink.reject(…)} tells the compiler so.
   *
   * @throws IllegalStateException if the head is sent
   */
  RuntimeException reject(Response response);
}
