package dev.runnel.engine.internal.link;

/**
 * Arrays that all connections of a loop take turns with, so that idle connections hold none. What
 * stands in them is valid until user code is called or the machine's step ends, whichever is first.
 */
public final class LoopScratch {
  private final byte[] input;
  private byte[] output = new byte[4 << 10];
  private long turn;

  /**
   * @param inputBytes the longest head there can be
   */
  public LoopScratch(int inputBytes) {
    input = new byte[inputBytes];
  }

  /** Received bytes to be parsed. */
  public byte[] input() {
    return input;
  }

  /** Begins a use of {@link #input()}; the number tells later whether it is still ours. */
  public long claim() {
    return ++turn;
  }

  /** Whether nobody else used {@link #input()} since. */
  public boolean isClaimed(long claim) {
    return turn == claim;
  }

  /** A head to be encoded, at least so large. */
  public byte[] output(int capacity) {
    if (output.length < capacity) {
      output = new byte[Math.max(capacity, 2 * output.length)];
    }
    return output;
  }
}
