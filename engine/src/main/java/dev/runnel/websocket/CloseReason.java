package dev.runnel.websocket;

import dev.runnel.io.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Why a session was closed (RFC 6455 7.4).
 *
 * @param code the close code
 * @param reason text for a person, or empty
 */
public record CloseReason(int code, String reason) {
  /** The session has done what it was for. */
  public static final int NORMAL = 1000;

  /** The endpoint goes away: the server stops, the page is left. */
  public static final int GOING_AWAY = 1001;

  /** The frames broke the protocol. */
  public static final int PROTOCOL_ERROR = 1002;

  /** A kind of data that cannot be accepted, such as binary where text is expected. */
  public static final int UNSUPPORTED_DATA = 1003;

  /** The peer's Close named no code. Never sent. */
  public static final int NO_STATUS = 1005;

  /** The connection was lost without a Close. Never sent. */
  public static final int ABNORMAL = 1006;

  /** Data that is not what its type says: text that is not UTF-8. */
  public static final int INVALID_PAYLOAD = 1007;

  /** Something that the endpoint does not put up with. */
  public static final int POLICY_VIOLATION = 1008;

  /** The message is larger than the limit. */
  public static final int TOO_BIG = 1009;

  /** The client needs an extension that the server did not agree to. */
  public static final int MANDATORY_EXTENSION = 1010;

  /** The endpoint failed. */
  public static final int INTERNAL_ERROR = 1011;

  /** The TLS handshake failed. Never sent. */
  public static final int TLS_FAILED = 1015;

  /** What a reason may take in UTF-8: a control frame has 125 bytes, two are the code. */
  static final int MAX_REASON = 123;

  private static final int NAMED_UNTIL = 1014;

  /** A code without words. */
  public static CloseReason of(int code) {
    return new CloseReason(code, "");
  }

  /**
   * Checks that it may be sent.
   *
   * @throws IllegalArgumentException for codes that never stand in a frame (RFC 6455 7.4.1: 1005,
   *     1006, 1015), and for those that mean nothing (7.4.2)
   */
  public CloseReason requireSendable() {
    if (!isOnTheWire(code)) {
      throw new IllegalArgumentException(
          "a Close cannot carry the code "
              + code
              + ": send one of 1000 to 1003, 1007 to 1014, or 3000 to 4999");
    }
    return this;
  }

  /** Whether a Close frame may carry this code; 1012 to 1014 are registered with IANA. */
  static boolean isOnTheWire(int code) {
    return (code >= NORMAL && code <= UNSUPPORTED_DATA)
        || (code >= INVALID_PAYLOAD && code <= NAMED_UNTIL)
        || (code >= 3000 && code <= 4999);
  }

  /** The payload of the Close frame; the reason is cut at a character where it is too long. */
  Bytes payload() {
    if (code == NO_STATUS) {
      return Bytes.EMPTY;
    }
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = text.length <= MAX_REASON ? text.length : cut(text);
    byte[] payload = new byte[2 + length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, length);
    return Bytes.Unsafe.wrap(payload);
  }

  private static int cut(byte[] text) {
    int end = MAX_REASON;
    while ((text[end] & 0xC0) == 0x80) {
      end--;
    }
    return end;
  }

  /**
   * What a Close frame says (RFC 6455 5.5.1).
   *
   * @throws FrameError 1002 for a code that has no place there, 1007 for a reason that is not UTF-8
   */
  static CloseReason parse(byte[] payload, int length) {
    if (length == 0) {
      return of(NO_STATUS);
    }
    if (length == 1) {
      throw new FrameError(PROTOCOL_ERROR, "half a close code");
    }
    int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    if (!isOnTheWire(code)) {
      throw new FrameError(PROTOCOL_ERROR, "close code " + code);
    }
    Utf8Check check = new Utf8Check();
    if (!check.accept(payload, 2, length - 2) || !check.isComplete()) {
      throw new FrameError(INVALID_PAYLOAD, "the reason is not UTF-8");
    }
    return new CloseReason(
        code, new String(Arrays.copyOfRange(payload, 2, length), StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
  }
}
