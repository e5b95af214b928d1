package dev.runnel.ws;

import java.util.Arrays;

/** An array that grows while it is filled. */
final class Growing {
  byte[] array;
  int length;

  Growing(byte[] first) {
    array = first;
  }

  /** Makes room behind what is there. */
  void ensure(int room) {
    int needed = Math.addExact(length, room);
    if (needed > array.length) {
      // Twice as much each time, so that all copies together are no more than the result.
      int twice = (int) Math.min(2L * array.length, Integer.MAX_VALUE - 8);
      array = Arrays.copyOf(array, Math.max(needed, twice));
    }
  }

  int room() {
    return array.length - length;
  }
}
