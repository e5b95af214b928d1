package dev.runnel.websocket;

import dev.runnel.io.Bytes;

/**
 * What a negotiated extension does to the payloads of messages, such as permessage-deflate (RFC
 * 7692); its messages carry RSV1 on their first frame. Belongs to one session and its loop.
 */
public interface PayloadCodec {
  /**
   * Whether a message of so many bytes is sent through the codec; others go as they are, without
   * RSV1.
   */
  boolean compresses(int length);

  /**
   * The payload of a frame for a fragment of a message. Fragments come in order and whole: from one
   * that is not the last until the last, no other message is compressed.
   *
   * @param last whether the message ends with it
   */
  Bytes compress(Bytes fragment, boolean last);

  /**
   * Takes payload of a message and gives what it stands for in pieces as they come out, so that a
   * limit can stop it in the middle.
   *
   * @param last whether the message ends with it
   * @throws IllegalArgumentException if the payload is corrupt; the message says how
   */
  void expand(Bytes payload, boolean last, Sink to);

  /** Frees what it holds; the session is over. Safe to call twice. */
  void close();

  /** Takes expanded bytes, valid during the call only; what it throws ends the expansion. */
  @FunctionalInterface
  interface Sink {
    /** The next bytes of the message. */
    void accept(byte[] bytes, int offset, int length);
  }
}
