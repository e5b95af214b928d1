package dev.runnel.testing.websocket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A frame as a client sent it.
 *
 * @param frame without its mask
 * @param key the masking key, its first byte highest
 */
public record ClientFrame(WsFrame frame, int key) {
  private static final int MASK = 0x80;

  /** The frames of all these bytes; fails where one has no mask, or is not whole. */
  public static List<ClientFrame> parse(byte[] bytes) {
    List<ClientFrame> frames = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int second = bytes[at + 1] & 0xff;
      check((second & MASK) != 0, "a frame without a mask (RFC 6455 5.1)");
      int extra = (second & 0x7f) == 126 ? 2 : (second & 0x7f) == 127 ? 8 : 0;
      long length = extra == 0 ? second & 0x7f : number(bytes, at + 2, extra);
      check(extra != 2 || length > 125, "a length in more bytes than it needs");
      check(extra != 8 || length > 0xffff, "a length in more bytes than it needs");
      int keyAt = at + 2 + extra;
      int from = keyAt + Integer.BYTES;
      check(from + length <= bytes.length, "half a frame");
      byte[] payload = Arrays.copyOfRange(bytes, from, from + (int) length);
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= bytes[keyAt + (i & 3)];
      }
      int first = bytes[at] & 0xff;
      WsFrame frame = WsFrame.received(first >= 0x80, first >> 4 & 7, first & 0xf, payload);
      frames.add(new ClientFrame(frame, (int) number(bytes, keyAt, Integer.BYTES)));
      at = from + payload.length;
    }
    return frames;
  }

  private static long number(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }

  private static void check(boolean good, String complaint) {
    if (!good) {
      throw new AssertionError("the client sent " + complaint);
    }
  }
}
