package dev.runnel.websocket;

import dev.runnel.io.Bytes;
import org.jspecify.annotations.Nullable;

/** A whole message: text or binary. Immutable. */
public final class Message {
  private final boolean isText;
  private final Bytes bytes;
  private @Nullable String text; // decoded when asked for; racing threads decode the same

  private Message(boolean isText, Bytes bytes, @Nullable String text) {
    this.isText = isText;
    this.bytes = bytes;
    this.text = text;
  }

  /** A text message. Unpaired surrogates are sent as '?', because UTF-8 has none. */
  public static Message text(String text) {
    return new Message(true, Bytes.utf8(text), null);
  }

  /** A binary message. */
  public static Message binary(Bytes bytes) {
    return new Message(false, bytes, null);
  }

  /** A binary message with a copy of the bytes. */
  public static Message binary(byte[] bytes) {
    return binary(Bytes.copyOf(bytes));
  }

  /** A text message whose bytes are UTF-8, which whoever makes it vouches for. */
  public static Message utf8(Bytes checked) {
    return new Message(true, checked, null);
  }

  /** Whether it is text; else it is binary. */
  public boolean isText() {
    return isText;
  }

  /**
   * The text.
   *
   * @throws IllegalStateException if the message is binary
   */
  public String text() {
    if (!isText) {
      throw new IllegalStateException("the message is binary, " + bytes.length() + " bytes");
    }
    String decoded = text;
    if (decoded == null) {
      decoded = bytes.utf8();
      text = decoded;
    }
    return decoded;
  }

  /** The payload; of a text in UTF-8. */
  public Bytes bytes() {
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Message that && isText == that.isText && bytes.equals(that.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * bytes.hashCode() + Boolean.hashCode(isText);
  }

  /** Kind and length only: contents may be secret. */
  @Override
  public String toString() {
    return (isText ? "text" : "binary") + "(" + bytes.length() + ")";
  }
}
