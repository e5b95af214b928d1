package dev.runnel.hub;

import dev.runnel.io.Bytes;

/**
 * What a message is before a {@link Format} frames it: text or bytes. Immutable; any thread.
 *
 * @param text whether the bytes are text in UTF-8, which whoever makes the payload vouches for
 * @param bytes the text or the bytes
 */
public record Payload(boolean text, Bytes bytes) {
  /** Text; unpaired surrogates become question marks. */
  public static Payload text(String text) {
    return new Payload(true, Bytes.utf8(text));
  }

  /** Bytes that are no text. */
  public static Payload binary(Bytes bytes) {
    return new Payload(false, bytes);
  }

  /**
   * The payload of what needs no encoder: a String is text; {@link Bytes} and {@code byte[]} are
   * binary, an array being copied.
   *
   * @throws IllegalArgumentException if the message is nothing of these
   */
  public static Payload of(Object message) {
    if (message instanceof String string) {
      return text(string);
    }
    if (message instanceof Bytes bytes) {
      return binary(bytes);
    }
    if (message instanceof byte[] array) {
      return binary(Bytes.copyOf(array));
    }
    throw new IllegalArgumentException(
        "a hub sends String, Bytes and byte[] by itself, but not "
            + message.getClass().getName()
            + ": make it with HubOptions.withPayload(message -> Payload.text(...))");
  }
}
