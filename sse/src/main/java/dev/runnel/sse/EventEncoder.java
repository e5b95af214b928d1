package dev.runnel.sse;

import dev.runnel.io.Bytes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes events as a stream has them (WHATWG HTML 9.2.5), in UTF-8 with LF. */
public final class EventEncoder {
  private EventEncoder() {}

  /**
   * The event with the empty line that ends it. Encoded once for each event, whoever asks; safe
   * from any thread.
   */
  public static Bytes encode(ServerEvent event) {
    return event.encoded();
  }

  static Bytes write(ServerEvent event) {
    StringBuilder out = new StringBuilder();
    lines(out, "", event.comment());
    line(out, "event", event.event());
    line(out, "id", event.id());
    Duration retry = event.retry();
    if (retry != null) {
      line(out, "retry", Long.toString(retry.toMillis()));
    }
    lines(out, "data", event.data());
    return Bytes.utf8(out.append('\n').toString());
  }

  private static void line(StringBuilder out, String field, @Nullable String value) {
    if (value != null) {
      out.append(field).append(": ").append(value).append('\n');
    }
  }

  /** A field line for each line of the text. The space keeps one that the text begins with. */
  private static void lines(StringBuilder out, String field, @Nullable String text) {
    if (text == null) {
      return;
    }
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r' || c == '\n') {
        out.append(field).append(": ").append(text, from, i).append('\n');
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
    out.append(field).append(": ").append(text, from, text.length()).append('\n');
  }
}
