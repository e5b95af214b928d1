package dev.runnel.testing.http2;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole response.
 *
 * @param head the final HEADERS
 * @param body all DATA, in ISO-8859-1
 * @param trailers the fields behind it
 * @param informational the answers before it
 */
public record Reply(Arrival head, String body, List<Field> trailers, List<Arrival> informational) {
  /** The status of the final answer. */
  public int status() {
    return head.status();
  }

  /** The value of a field, or null; fails if there are several. */
  public @Nullable String header(String name) {
    return head.field(name);
  }

  /** The body as it was sent. */
  public byte[] bytes() {
    return body.getBytes(StandardCharsets.ISO_8859_1);
  }
}
