package dev.runnel.websocket;

/**
 * The head of the frame that is being read (RFC 6455 5.2), from bytes in any split. Strict: what
 * the peer must not send ends the session as soon as it is seen.
 */
final class FrameHead {
  private static final int LONGEST = 14;
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int RSV23 = 0x30;
  private static final int MASK = 0x80;

  private final byte[] raw = new byte[LONGEST];
  private final boolean masked;
  private final boolean maySetRsv1;
  private int have;
  private int need = 2;
  private long length;

  /**
   * @param masked whether the peer must mask what it sends, else it must not (RFC 6455 5.1)
   * @param maySetRsv1 whether an extension gave the bit a meaning
   */
  FrameHead(boolean masked, boolean maySetRsv1) {
    this.masked = masked;
    this.maySetRsv1 = maySetRsv1;
  }

  /** Takes bytes until the head is complete; says whether it is. */
  boolean read(Chunk in) {
    while (have < need) {
      if (in.isEmpty()) {
        return false;
      }
      raw[have++] = in.next();
      if (have == 2) {
        need = 2 + lengthBytes() + keyBytes();
        checkStart();
      }
    }
    readLength();
    return true;
  }

  boolean isComplete() {
    return have == need;
  }

  /** Ready for the next frame. */
  void reset() {
    have = 0;
    need = 2;
  }

  private int keyBytes() {
    return masked ? Integer.BYTES : 0;
  }

  private int lengthBytes() {
    int shortLength = raw[1] & 0x7F;
    return shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8;
  }

  private void checkStart() {
    if ((raw[0] & RSV23) != 0 || ((raw[0] & RSV1) != 0 && !maySetRsv1)) {
      throw FrameError.protocol("a reserved bit is set");
    }
    int opcode = opcode();
    if (opcode > Frames.PONG || (opcode > Frames.BINARY && opcode < Frames.CLOSE)) {
      throw FrameError.protocol("reserved opcode " + opcode);
    }
    if (((raw[1] & MASK) != 0) != masked) {
      throw FrameError.protocol(
          masked ? "a frame of a client must be masked" : "a frame of a server must not be masked");
    }
    if (isControl()) {
      checkControl();
    } else if (isCompressed() && opcode == Frames.CONTINUATION) {
      throw FrameError.protocol("RSV1 in the middle of a message");
    }
  }

  private void checkControl() {
    if (!isLast()) {
      throw FrameError.protocol("a fragmented control frame");
    }
    if ((raw[1] & 0x7F) > Frames.MAX_CONTROL) {
      throw FrameError.protocol("a control frame of more than 125 bytes");
    }
    if (isCompressed()) {
      throw FrameError.protocol("RSV1 in a control frame");
    }
  }

  private void readLength() {
    int count = lengthBytes();
    if (count == 0) {
      length = raw[1] & 0x7F;
      return;
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (raw[2 + i] & 0xFF);
    }
    if (value < 0) {
      throw FrameError.protocol("a frame length with the highest bit set");
    }
    if (value <= (count == 2 ? 125 : 0xFFFF)) {
      throw FrameError.protocol("a frame length in more bytes than it needs");
    }
    length = value;
  }

  int opcode() {
    return raw[0] & 0x0F;
  }

  boolean isControl() {
    return opcode() >= Frames.CLOSE;
  }

  boolean isLast() {
    return (raw[0] & FIN) != 0;
  }

  boolean isCompressed() {
    return (raw[0] & RSV1) != 0;
  }

  /** Bytes of the payload. */
  long length() {
    return length;
  }

  /** The masking key, its first byte highest; 0 where there is none. */
  int key() {
    if (!masked) {
      return 0;
    }
    int at = need - Integer.BYTES;
    return (raw[at] & 0xFF) << 24
        | (raw[at + 1] & 0xFF) << 16
        | (raw[at + 2] & 0xFF) << 8
        | (raw[at + 3] & 0xFF);
  }
}
