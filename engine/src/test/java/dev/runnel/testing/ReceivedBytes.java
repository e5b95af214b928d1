package dev.runnel.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Bytes that came, of which the last ones can be had without a copy of all. */
final class ReceivedBytes extends ByteArrayOutputStream {
  byte[] from(int from) {
    return Arrays.copyOfRange(buf, from, count);
  }
}
