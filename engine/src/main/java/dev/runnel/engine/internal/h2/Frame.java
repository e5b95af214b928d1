package dev.runnel.engine.internal.h2;

/** Numbers of the frame layer (RFC 9113 4 and 6, RFC 9218 7). */
final class Frame {
  static final int HEADER = 9;

  /** Payload that a peer must take unless it allowed more, and that we take (RFC 9113 4.2). */
  static final int MAX_PAYLOAD = 1 << 14;

  static final int DATA = 0x0;
  static final int HEADERS = 0x1;
  static final int PRIORITY = 0x2;
  static final int RST_STREAM = 0x3;
  static final int SETTINGS = 0x4;
  static final int PUSH_PROMISE = 0x5;
  static final int PING = 0x6;
  static final int GOAWAY = 0x7;
  static final int WINDOW_UPDATE = 0x8;
  static final int CONTINUATION = 0x9;
  static final int PRIORITY_UPDATE = 0x10;

  static final int END_STREAM = 0x1;
  static final int ACK = 0x1;
  static final int END_HEADERS = 0x4;
  static final int PADDED = 0x8;
  static final int HAS_PRIORITY = 0x20;

  private Frame() {}
}
