package dev.runnel.websocket;

import dev.runnel.io.Bytes;

/** Received bytes that were not looked at yet. */
final class Chunk {
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
   * Takes bytes and takes the mask off them (RFC 6455 5.3).
   *
   * @param key the masking key, turned so that its highest byte is for the first of these bytes; 0
   *     where there is no mask
   */
  void unmask(byte[] target, int to, int count, int key) {
    Masking.copy(array, at, target, to, count, key);
    at += count;
  }
}
