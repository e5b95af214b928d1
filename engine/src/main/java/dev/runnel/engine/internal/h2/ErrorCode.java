package dev.runnel.engine.internal.h2;

/** Why a stream or a connection ends early (RFC 9113 7). */
enum ErrorCode {
  NO_ERROR(0x0),
  PROTOCOL_ERROR(0x1),
  INTERNAL_ERROR(0x2),
  FLOW_CONTROL_ERROR(0x3),
  SETTINGS_TIMEOUT(0x4),
  STREAM_CLOSED(0x5),
  FRAME_SIZE_ERROR(0x6),
  REFUSED_STREAM(0x7),
  CANCEL(0x8),
  COMPRESSION_ERROR(0x9),
  CONNECT_ERROR(0xa),
  ENHANCE_YOUR_CALM(0xb),
  INADEQUATE_SECURITY(0xc),
  HTTP_1_1_REQUIRED(0xd);

  private static final ErrorCode[] CODES = values();

  private final int code;

  ErrorCode(int code) {
    this.code = code;
  }

  /** A code that a peer sent, for messages: its name where it has one, and its number. */
  static String name(long code) {
    String number = "code 0x" + Long.toHexString(code);
    boolean known = code >= 0 && code < CODES.length;
    return known ? CODES[(int) code] + " (" + number + ")" : number;
  }

  /** The number on the wire. */
  int code() {
    return code;
  }
}
