package dev.runnel.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Puts a mask on and takes it off, which is the same (RFC 6455 5.3), on the way to another array.
 */
final class Masking {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Masking() {}

  /**
   * Copies through the mask, eight bytes at a time: one pass, and the source stays as it is.
   *
   * @param key the masking key, turned so that its highest byte is for the first of these bytes; 0
   *     is no mask
   */
  static void copy(byte[] source, int from, byte[] target, int to, int count, int key) {
    if (key == 0) {
      System.arraycopy(source, from, target, to, count);
      return;
    }
    long wide = ((long) key << 32) | (key & 0xFFFF_FFFFL);
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      LONGS.set(target, to + i, ((long) LONGS.get(source, from + i)) ^ wide);
    }
    for (int shift = 24; i < count; i++) {
      target[to + i] = (byte) (source[from + i] ^ (key >>> shift));
      shift = shift == 0 ? 24 : shift - 8;
    }
  }
}
