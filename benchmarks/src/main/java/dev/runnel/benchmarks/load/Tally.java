package dev.runnel.benchmarks.load;

import java.util.Arrays;

/** What was counted: units, bytes, connections that were lost, and latencies in microseconds. */
record Tally(long count, long bytes, long errors, long p50, long p99, long p999) {
  static Tally of(long count, long bytes, long errors) {
    return new Tally(count, bytes, errors, 0, 0, 0);
  }

  /** With the percentiles of these latencies, which are sorted here. */
  Tally withLatencies(long[] micros) {
    Arrays.sort(micros);
    return new Tally(count, bytes, errors, at(micros, 0.5), at(micros, 0.99), at(micros, 0.999));
  }

  private static long at(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))];
  }
}
