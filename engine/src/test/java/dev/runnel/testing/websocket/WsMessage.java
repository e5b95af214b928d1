package dev.runnel.testing.websocket;

import dev.runnel.io.Bytes;

/**
 * A whole message of the server, decompressed.
 *
 * @param isText else binary
 * @param payload its bytes, valid UTF-8 if text
 * @param frames in how many it came
 * @param compressed whether RSV1 was set
 */
public record WsMessage(boolean isText, Bytes payload, int frames, boolean compressed) {
  /** The text of a text message; fails for a binary one. */
  public String text() {
    if (!isText) {
      throw new AssertionError("a binary message of " + payload.length() + " bytes, not a text");
    }
    return payload.utf8();
  }

  /** The bytes of a binary message; fails for text. */
  public byte[] bytes() {
    if (isText) {
      throw new AssertionError("a text, not a binary message: " + text());
    }
    return payload.toByteArray();
  }

  @Override
  public String toString() {
    return (isText ? "text" : "binary") + " of " + payload.length() + " bytes";
  }
}
