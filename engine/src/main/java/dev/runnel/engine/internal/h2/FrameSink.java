package dev.runnel.engine.internal.h2;

import io.netty.buffer.ByteBuf;

/**
 * Takes frames whose form is right: lengths, padding, the order of header blocks. What they mean at
 * this moment is the sink's to judge.
 */
interface FrameSink {
  /**
   * DATA.
   *
   * @param in the data starts here; the sink need not take it
   * @param length of the data without padding
   * @param flow what counts for the windows, padding included
   */
  void data(int stream, ByteBuf in, int length, int flow, boolean end) throws Http2Error;

  /**
   * A whole header block, already decoded, so that the state of HPACK is right whatever happens.
   */
  void headers(HeaderFrame block, HeaderFields fields) throws Http2Error;

  /**
   * PUSH_PROMISE with its whole block, already decoded.
   *
   * @param stream the stream that the promise stands on
   * @param promised the stream that is reserved by it
   * @param tooLarge whether the list was over the limit, and its fields are lost
   */
  void promise(int stream, int promised, boolean tooLarge, HeaderFields fields) throws Http2Error;

  /** PRIORITY, or a type that nobody knows: nothing but a cost. */
  void meaningless(int cost) throws Http2Error;

  /** RST_STREAM. */
  void reset(int stream, long code) throws Http2Error;

  /** SETTINGS; the payload starts here. */
  void settings(ByteBuf in, int length) throws Http2Error;

  /** The peer has seen our SETTINGS. */
  void settingsAcknowledged() throws Http2Error;

  /** PING. */
  void ping(long opaque, boolean ack) throws Http2Error;

  /** GOAWAY. */
  void goAway(int last, long code) throws Http2Error;

  /** WINDOW_UPDATE. */
  void windowUpdate(int stream, int increment) throws Http2Error;

  /** PRIORITY_UPDATE (RFC 9218 7.1). */
  void priorityUpdate(int stream, String value) throws Http2Error;

  /**
   * What the frame that starts a header block says, and what came of decoding it.
   *
   * @param stream the stream
   * @param end whether the stream ends with it
   * @param tooLarge whether the list was over the limit, and its fields are lost
   * @param dependsOnItself whether its priority says so, an error of the stream (RFC 7540 5.3.1)
   */
  record HeaderFrame(int stream, boolean end, boolean tooLarge, boolean dependsOnItself) {}
}
