package dev.runnel.engine.internal.netty;

/**
 * How much room a batch of answers gets at first. The connections of a loop are much alike, so it
 * is what the last batches took: one that is too small is copied each time it grows (measured: 5 %
 * of the time of pipelined answers).
 */
final class BatchRoom {
  private static final int LEAST = 512;
  private static final int MOST = 16 << 10;

  private int bytes = LEAST;

  int bytes() {
    return bytes;
  }

  /** A batch of this many bytes is written. A larger one counts at once, smaller ones by and by. */
  void took(int written) {
    int wanted = Math.min(MOST, Math.max(LEAST, written));
    bytes = wanted > bytes ? Math.min(MOST, wanted + wanted / 4) : bytes - (bytes - wanted) / 8;
  }
}
