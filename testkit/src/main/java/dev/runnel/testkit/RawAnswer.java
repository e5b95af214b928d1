package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;

/**
 * An HTTP/1.1 answer as it stood on the wire.
 *
 * @param head the status line and the fields, without the empty line
 * @param status the code
 * @param headers the fields
 * @param body the content, without framing
 */
public record RawAnswer(String head, int status, Headers headers, Bytes body) {
  /** The body as UTF-8. */
  public String text() {
    return body.utf8();
  }

  @Override
  public String toString() {
    return head + "\n\n" + text();
  }
}
