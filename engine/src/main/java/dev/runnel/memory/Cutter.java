package dev.runnel.memory;

import dev.runnel.memory.LaneFaults.Fragments;
import java.util.List;
import java.util.Random;

/** How long the next piece of a direction is. */
final class Cutter {
  private final Fragments fragments;
  private final Random random;

  Cutter(Fragments fragments, Random random) {
    this.fragments = fragments;
    this.random = random;
  }

  /**
   * The most that the piece which begins at this offset may have.
   *
   * @param offset from the first byte of the direction
   */
  long next(long offset) {
    if (fragments instanceof Fragments.Sized sized) {
      return sized.size();
    }
    if (fragments instanceof Fragments.Random sizes) {
      return 1L + random.nextInt(sizes.most());
    }
    return fragments instanceof Fragments.At at ? toCut(at.offsets(), offset) : Long.MAX_VALUE;
  }

  private static long toCut(List<Long> offsets, long from) {
    for (long offset : offsets) {
      if (offset > from) {
        return offset - from;
      }
    }
    return Long.MAX_VALUE;
  }
}
