package dev.runnel.benchmarks.load;

import java.nio.charset.StandardCharsets;

/** The one message that is sent over WebSocket: 32 characters, masked by RFC 6455, section 5.3. */
final class Frames {
  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
  private static final int LENGTH = 32;

  /** What comes back: two bytes of frame head and the characters. */
  static final int ECHO_BYTES = 2 + LENGTH;

  private Frames() {}

  static byte[] text(int times) {
    byte[] payload = "a".repeat(LENGTH).getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[6 + LENGTH];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | LENGTH);
    System.arraycopy(MASK, 0, frame, 2, MASK.length);
    for (int i = 0; i < LENGTH; i++) {
      frame[6 + i] = (byte) (payload[i] ^ MASK[i & 3]);
    }
    byte[] frames = new byte[frame.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(frame, 0, frames, i * frame.length, frame.length);
    }
    return frames;
  }
}
