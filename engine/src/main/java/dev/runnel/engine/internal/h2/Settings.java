package dev.runnel.engine.internal.h2;

import dev.runnel.engine.Http2Options;
import io.netty.buffer.ByteBuf;

/** What the peer wants us to keep to (RFC 9113 6.5.2), at the values of the start. */
final class Settings {
  private static final int HEADER_TABLE_SIZE = 0x1;
  private static final int ENABLE_PUSH = 0x2;
  private static final int MAX_CONCURRENT_STREAMS = 0x3;
  private static final int INITIAL_WINDOW_SIZE = 0x4;
  private static final int MAX_FRAME_SIZE = 0x5;
  private static final int MAX_HEADER_LIST_SIZE = 0x6;
  private static final int ENABLE_CONNECT_PROTOCOL = 0x8; // RFC 8441 3
  private static final int NO_RFC7540_PRIORITIES = 0x9; // RFC 9218 2.1
  private static final int ENTRY = 6;
  private static final int LARGEST_FRAME = (1 << 24) - 1;

  /** The window of each stream and of the connection before anything is said (RFC 9113 6.9.2). */
  static final int FIRST_WINDOW = 0xFFFF;

  long headerTable = 4096;

  /** The smallest of those that one frame said, or the one before it. */
  long leastHeaderTable = 4096;

  boolean push = true;
  long concurrentStreams = Long.MAX_VALUE;
  int window = FIRST_WINDOW;
  long headerList = Long.MAX_VALUE;
  boolean extendedConnect;

  /** Takes over what a frame says. */
  void read(ByteBuf in, int length) throws Http2Error {
    if (length % ENTRY != 0) {
      throw Http2Error.connection(
          ErrorCode.FRAME_SIZE_ERROR,
          "SETTINGS of " + length + " bytes, which is no multiple of 6");
    }
    leastHeaderTable = headerTable;
    for (int left = length; left > 0; left -= ENTRY) {
      set(in.readUnsignedShort(), in.readUnsignedInt());
    }
  }

  private void set(int id, long value) throws Http2Error {
    switch (id) {
      case HEADER_TABLE_SIZE -> {
        headerTable = value;
        leastHeaderTable = Math.min(leastHeaderTable, value);
      }
      case ENABLE_PUSH -> {
        require(value <= 1, ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH", value);
        push = value == 1;
      }
      case MAX_CONCURRENT_STREAMS -> concurrentStreams = value;
      case INITIAL_WINDOW_SIZE -> {
        require(
            value <= Integer.MAX_VALUE,
            ErrorCode.FLOW_CONTROL_ERROR,
            "SETTINGS_INITIAL_WINDOW_SIZE",
            value);
        window = (int) value;
      }
      // Ours never need more than the least a peer must take.
      case MAX_FRAME_SIZE ->
          require(
              value >= Frame.MAX_PAYLOAD && value <= LARGEST_FRAME,
              ErrorCode.PROTOCOL_ERROR,
              "SETTINGS_MAX_FRAME_SIZE",
              value);
      case MAX_HEADER_LIST_SIZE -> headerList = value;
      case ENABLE_CONNECT_PROTOCOL -> {
        require(value <= 1, ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_CONNECT_PROTOCOL", value);
        extendedConnect = value == 1;
      }
      case NO_RFC7540_PRIORITIES ->
          require(value <= 1, ErrorCode.PROTOCOL_ERROR, "SETTINGS_NO_RFC7540_PRIORITIES", value);
      default -> {
        // unknown ones are to be ignored (RFC 9113 6.5.2)
      }
    }
  }

  private static void require(boolean holds, ErrorCode code, String name, long value)
      throws Http2Error {
    if (!holds) {
      throw Http2Error.connection(code, name + " is " + value);
    }
  }

  /** What a server says of itself, as the payload of its first frame. */
  static byte[] ofServer(Http2Options options, int headerList) {
    return payload(
        MAX_CONCURRENT_STREAMS,
        options.concurrentStreams(),
        INITIAL_WINDOW_SIZE,
        options.streamWindow(),
        MAX_HEADER_LIST_SIZE,
        headerList,
        ENABLE_CONNECT_PROTOCOL,
        1,
        NO_RFC7540_PRIORITIES,
        1);
  }

  /**
   * What a client says of itself: how many promises it takes, which is none unless it wants them.
   */
  static byte[] ofClient(Http2Options options, int headerList) {
    int pushes = options.pushes();
    return payload(
        ENABLE_PUSH,
        pushes > 0 ? 1 : 0,
        MAX_CONCURRENT_STREAMS,
        pushes,
        INITIAL_WINDOW_SIZE,
        options.streamWindow(),
        MAX_HEADER_LIST_SIZE,
        headerList,
        NO_RFC7540_PRIORITIES,
        1);
  }

  private static byte[] payload(int... pairs) {
    byte[] payload = new byte[pairs.length / 2 * ENTRY];
    for (int i = 0, at = 0; i < pairs.length; i += 2, at += ENTRY) {
      payload[at] = (byte) (pairs[i] >> 8);
      payload[at + 1] = (byte) pairs[i];
      for (int b = 0; b < 4; b++) {
        payload[at + 2 + b] = (byte) (pairs[i + 1] >> (24 - 8 * b));
      }
    }
    return payload;
  }
}
