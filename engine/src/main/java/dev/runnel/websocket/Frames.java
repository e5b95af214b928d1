package dev.runnel.websocket;

import dev.runnel.io.Bytes;

/**
 * Frames in the shortest form (RFC 6455 5.2): without a mask as a server sends them, or with one.
 */
public final class Frames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  static final int MAX_CONTROL = 125;

  static final int FIN = 0x80;
  static final int RSV1 = 0x40;

  private static final int MASK = 0x80;
  private static final int KEY = Integer.BYTES;

  private Frames() {}

  /**
   * A whole message as one frame, uncompressed and without a mask; the same bytes may be sent to
   * any number of sessions, by {@link FrameLink#own}.
   */
  public static Bytes of(Message message) {
    return frame(FIN | opcode(message.isText()), message.bytes());
  }

  static int opcode(boolean isText) {
    return isText ? TEXT : BINARY;
  }

  /**
   * @param first opcode and flags
   */
  static Bytes frame(int first, Bytes payload) {
    int length = payload.length();
    int head = headLength(length);
    byte[] frame = new byte[head + length];
    writeHead(frame, first, 0, length);
    payload.copyTo(frame, head);
    return Bytes.Unsafe.wrap(frame);
  }

  /**
   * The same under a mask, which is put on as the payload is copied.
   *
   * @param key its first byte highest
   */
  static Bytes masked(int first, Bytes payload, int key) {
    int length = payload.length();
    int head = headLength(length);
    byte[] frame = new byte[head + KEY + length];
    writeHead(frame, first, MASK, length);
    writeKey(frame, head, key);
    byte[] source = Bytes.Unsafe.array(payload);
    Masking.copy(source, Bytes.Unsafe.offset(payload), frame, head + KEY, length, key);
    return Bytes.Unsafe.wrap(frame);
  }

  /**
   * A copy of a frame that has no mask, with one: who else sends the same bytes sees none of it.
   */
  static Bytes masked(Bytes frame, int key) {
    byte[] source = Bytes.Unsafe.array(frame);
    int from = Bytes.Unsafe.offset(frame);
    int head = 2 + extraLength(source[from + 1]);
    byte[] target = new byte[frame.length() + KEY];
    System.arraycopy(source, from, target, 0, head);
    target[1] |= (byte) MASK;
    writeKey(target, head, key);
    Masking.copy(source, from + head, target, head + KEY, frame.length() - head, key);
    return Bytes.Unsafe.wrap(target);
  }

  private static int headLength(int length) {
    return length <= MAX_CONTROL ? 2 : length <= 0xFFFF ? 4 : 10;
  }

  /** Bytes of the length behind the second of a head. */
  private static int extraLength(byte second) {
    int shortLength = second & 0x7F;
    return shortLength <= MAX_CONTROL ? 0 : shortLength == 126 ? 2 : 8;
  }

  private static void writeHead(byte[] frame, int first, int mask, int length) {
    frame[0] = (byte) first;
    if (length <= MAX_CONTROL) {
      frame[1] = (byte) (mask | length);
    } else if (length <= 0xFFFF) {
      frame[1] = (byte) (mask | 126);
      frame[2] = (byte) (length >>> 8);
      frame[3] = (byte) length;
    } else {
      frame[1] = (byte) (mask | 127);
      for (int i = 0; i < Integer.BYTES; i++) {
        frame[9 - i] = (byte) (length >>> (8 * i));
      }
    }
  }

  private static void writeKey(byte[] frame, int at, int key) {
    for (int i = 0; i < KEY; i++) {
      frame[at + i] = (byte) (key >>> (24 - 8 * i));
    }
  }
}
