package dev.runnel.websocket;

import dev.runnel.io.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Received bytes that were not looked at yet. */
final class Chunk {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] array = Bytes.Unsafe.array(Bytes.EMPTY);
  private int at;
  private int end;

  void set(Bytes bytes) {
    array = Bytes.Unsafe.array(bytes);
    at = Bytes.Unsafe.offset(bytes);
    end = at + bytes.length();
  }

  /** Keeps nothing. */
  void clear() {
    set(Bytes.EMPTY);
  }

  boolean isEmpty() {
    return at == end;
  }

  int size() {
    return end - at;
  }

  byte next() {
    return array[at++];
  }

  /**
   * Takes bytes and takes the mask off them (RFC 6455 5.3), eight at a time.
   *
   * @param key the masking key, turned so that its highest byte is for the first of these bytes
   */
  void unmask(byte[] target, int to, int count, int key) {
    int from = at;
    long wide = ((long) key << 32) | (key & 0xFFFF_FFFFL);
    int i = 0;
    for (; i <= count - Long.BYTES; i += Long.BYTES) {
      LONGS.set(target, to + i, ((long) LONGS.get(array, from + i)) ^ wide);
    }
    for (int shift = 24; i < count; i++) {
      target[to + i] = (byte) (array[from + i] ^ (key >>> shift));
      shift = shift == 0 ? 24 : shift - 8;
    }
    at = from + count;
  }
}
