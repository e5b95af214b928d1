package dev.runnel.testing.websocket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts what a server sends into frames, in any split, and takes only what RFC 6455 5.2 allows. */
final class FrameReader {
  private static final int MASK = 0x80;

  private byte[] unread = new byte[1 << 10];
  private int from;
  private int until;

  void add(byte[] bytes) {
    if (unread.length - until < bytes.length) {
      int left = until - from;
      unread = Arrays.copyOf(Arrays.copyOfRange(unread, from, until), 2 * (left + bytes.length));
      from = 0;
      until = left;
    }
    System.arraycopy(bytes, 0, unread, until, bytes.length);
    until += bytes.length;
  }

  /** Whether bytes of a next frame are there, which is not whole. */
  boolean hasRest() {
    return from < until;
  }

  /** The next whole frame, or null. */
  @Nullable WsFrame next() {
    if (until - from < 2) {
      return null;
    }
    int first = unread[from] & 0xff;
    int second = unread[from + 1] & 0xff;
    check((second & MASK) == 0, "a masked frame (RFC 6455 5.1)");
    int head = headLength(second);
    if (until - from < head) {
      return null;
    }
    long length = length(second);
    int opcode = first & 0xf;
    check(Opcode.isKnown(opcode), "the reserved opcode " + opcode);
    if (Opcode.isControl(opcode)) {
      check(length <= 125, "a control frame of " + length + " bytes (RFC 6455 5.5)");
      check(first >= 0x80, "a fragmented control frame (RFC 6455 5.5)");
    }
    if (until - from - head < length) {
      return null;
    }
    int at = from + head;
    from = at + (int) length;
    byte[] payload = Arrays.copyOfRange(unread, at, from);
    return WsFrame.received(first >= 0x80, first >> 4 & 7, opcode, payload);
  }

  private static int headLength(int second) {
    return switch (second) {
      case 126 -> 4;
      case 127 -> 10;
      default -> 2;
    };
  }

  private long length(int second) {
    if (second < 126) {
      return second;
    }
    long length = 0;
    for (int i = 2; i < headLength(second); i++) {
      length = length << 8 | (unread[from + i] & 0xff);
    }
    long least = second == 126 ? 126 : 0x10000;
    check(length >= least, "a length that is negative or not minimal: " + length);
    check(length <= Integer.MAX_VALUE / 4, "a frame that no test asks for: " + length + " bytes");
    return length;
  }

  private static void check(boolean good, String complaint) {
    if (!good) {
      throw new AssertionError("the server sent " + complaint);
    }
  }
}
