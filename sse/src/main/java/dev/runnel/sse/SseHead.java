package dev.runnel.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.MediaType;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import org.jspecify.annotations.Nullable;

/** What request and response say of a stream of events. */
final class SseHead {
  static final String TYPE = "text/event-stream";

  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private SseHead() {}

  /** 200 with this body as a stream of events. */
  static Response response(Body body) {
    return Response.ok()
        .body(TYPE, body)
        .setHeader(HeaderNames.CACHE_CONTROL, "no-store")
        // nginx collects answers, and so would hold events back, unless it is told not to.
        .setHeader("X-Accel-Buffering", "no");
  }

  /**
   * Throws if the client takes no streams of events.
   *
   * @throws HttpError 406
   */
  static void refuseUnacceptable(Request request) {
    Headers headers = request.headers();
    if (MediaType.quality(headers, MediaType.EVENT_STREAM) <= 0) {
      throw new HttpError(406, "this is a stream of events: the Accept field must admit " + TYPE);
    }
  }

  /** The id of the last event that the client got; null if it never got one. */
  static @Nullable String lastEventId(Request request) {
    String value = request.header(LAST_EVENT_ID);
    if (value == null || value.isEmpty()) {
      return null;
    }
    // WHATWG HTML 9.2.4: the field is UTF-8, which came to us byte by byte.
    return new String(value.getBytes(ISO_8859_1), UTF_8);
  }
}
