package dev.runnel.benchmarks.bench;

import com.fasterxml.jackson.annotation.JsonAlias;

/**
 * What a load saw.
 *
 * @param count of units done, of the whole run
 * @param bytes received, 0 where the load does not count them
 * @param micros it took
 * @param errors of any kind: what has one is not compared
 * @param p50 latency in microseconds, 0 where the load has none
 */
record Outcome(
    @JsonAlias("requests") long count,
    long bytes,
    long micros,
    long errors,
    long p50,
    long p99,
    long p999) {
  Outcome withCount(long other) {
    return new Outcome(other, bytes, micros, errors, p50, p99, p999);
  }
}
