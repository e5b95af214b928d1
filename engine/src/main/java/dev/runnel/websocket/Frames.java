package dev.runnel.websocket;

import dev.runnel.io.Bytes;

/** Frames as a server sends them (RFC 6455 5.2): without a mask, in the shortest form. */
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

  private Frames() {}

  /**
   * A whole message as one frame, uncompressed; the same bytes may be sent to any number of
   * sessions.
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
    int head = length <= MAX_CONTROL ? 2 : length <= 0xFFFF ? 4 : 10;
    byte[] frame = new byte[head + length];
    frame[0] = (byte) first;
    if (head == 2) {
      frame[1] = (byte) length;
    } else if (head == 4) {
      frame[1] = 126;
      frame[2] = (byte) (length >>> 8);
      frame[3] = (byte) length;
    } else {
      frame[1] = 127;
      for (int i = 0; i < Integer.BYTES; i++) {
        frame[9 - i] = (byte) (length >>> (8 * i));
      }
    }
    payload.copyTo(frame, head);
    return Bytes.Unsafe.wrap(frame);
  }
}
