package dev.runnel.benchmarks.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * How far a block of the chart goes. A server that takes a hundred times as much as another would
 * leave nothing to be seen of all others, so it ends at a few times the least.
 *
 * @param least that a server takes; 0 if that was too little to be measured
 * @param end no bar is drawn beyond it
 * @param isCut whether there are some that would be
 */
record Scale(double least, double end, boolean isCut) {
  /** Most servers are within, and a difference of a tenth is still seen. */
  static final int TIMES = 5;

  /**
   * @param least the figure of which some multiples are shown
   * @param all figures
   */
  static Scale of(double least, double... all) {
    double longest = Arrays.stream(all).max().orElse(0);
    boolean cut = least > 0 && longest > TIMES * least;
    return new Scale(least, cut ? TIMES * least : longest, cut);
  }

  /** The part of the scale's length that such a bar takes. */
  double part(double value) {
    return end > 0 ? Math.min(value / end, 1) : 0;
  }

  boolean cuts(double value) {
    return value > end;
  }

  /** Multiples of the least that are on the scale. */
  DoubleStream ticks() {
    return least > 0
        ? DoubleStream.iterate(1, n -> n * least <= end * 1.000_001, n -> n + 1)
        : DoubleStream.empty();
  }
}
