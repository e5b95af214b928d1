package dev.runnel.memory;

import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds the frames of HTTP/2 in one direction (RFC 9113 4.1), to lose some of them, or to cut the
 * connection in front of one. What a client begins otherwise than with its preface (RFC 9113 3.4)
 * has no frames, and passes.
 */
final class FrameSieve {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 9;
  private static final int WINDOW_UPDATE = 8;

  private final int cutAt;
  private final boolean windowUpdates;
  private final byte[] header = new byte[HEADER];
  private int preface; // how much of it was seen
  private boolean frameless;
  private int inHeader;
  private int payload;
  private boolean lost;
  private int frames;
  private boolean cut;

  /**
   * @param preface whether the client's preface comes first
   */
  FrameSieve(boolean preface, int cutAt, boolean windowUpdates) {
    this.preface = preface ? 0 : PREFACE.length;
    this.cutAt = cutAt;
    this.windowUpdates = windowUpdates;
  }

  /** The bytes that go on. */
  Bytes pass(Bytes bytes) {
    ByteArrayOutputStream passed = new ByteArrayOutputStream(bytes.length() + HEADER);
    for (int i = 0; i < bytes.length() && !cut; i++) {
      one(bytes.get(i), passed);
    }
    return Bytes.copyOf(passed.toByteArray());
  }

  private void one(byte b, ByteArrayOutputStream passed) {
    if (frameless) {
      passed.write(b);
    } else if (preface < PREFACE.length) {
      frameless = b != PREFACE[preface++];
      passed.write(b);
    } else if (payload > 0) {
      payload--;
      if (!lost) {
        passed.write(b);
      }
    } else if (inHeader == 0 && frames == cutAt) {
      cut = true;
    } else {
      header[inHeader++] = b;
      if (inHeader == HEADER) {
        begin(passed);
      }
    }
  }

  private void begin(ByteArrayOutputStream passed) {
    inHeader = 0;
    frames++;
    payload = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
    lost = !windowUpdates && header[3] == WINDOW_UPDATE;
    if (!lost) {
      passed.write(header, 0, HEADER);
    }
  }

  /** The beginning of a frame of which no more comes. */
  Bytes rest() {
    Bytes rest = Bytes.copyOf(header, 0, cut ? 0 : inHeader);
    inHeader = 0;
    return rest;
  }

  /** Whether the connection ends in front of what comes next. */
  boolean isCut() {
    return cut;
  }
}
