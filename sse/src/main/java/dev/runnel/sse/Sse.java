package dev.runnel.sse;

import dev.runnel.http.Response;
import java.util.Objects;

/**
 * Streams of events as responses of Java handlers, of any kind: {@code r.get("/clock", req ->
 * Sse.stream(sink -> …))}. Such a response may be kept and returned often; each time the handler
 * runs anew. For HEAD it does not run. A request whose Accept field excludes {@code
 * text/event-stream} is answered with 406.
 */
public final class Sse {
  private Sse() {}

  /** A stream that blocking code sends, with default options. */
  public static Response stream(SseHandler handler) {
    return stream(SseOptions.DEFAULT, handler);
  }

  /**
   * A stream that blocking code sends: on a virtual thread (JDK 21 and later) or one of a bounded
   * pool, for as long as it runs. If too many run the answer is 503 with Retry-After.
   */
  public static Response stream(SseOptions options, SseHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return SseHead.response(new EventBody(Objects.requireNonNull(options), null, handler));
  }

  /** A stream sent without blocking, with default options. */
  public static Response streamAsync(SseAsyncHandler handler) {
    return streamAsync(SseOptions.DEFAULT, handler);
  }

  /** A stream sent without blocking: it holds no thread. */
  public static Response streamAsync(SseOptions options, SseAsyncHandler handler) {
    Objects.requireNonNull(handler, "handler");
    return SseHead.response(new EventBody(Objects.requireNonNull(options), handler, null));
  }
}
