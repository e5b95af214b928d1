package dev.runnel.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes that came, of which the last ones can be had without a copy of all. */
public final class ReceivedBytes extends ByteArrayOutputStream {
  /** The bytes that came, from one on. */
  public byte[] from(int from) {
    return Arrays.copyOfRange(buf, from, count);
  }
}
