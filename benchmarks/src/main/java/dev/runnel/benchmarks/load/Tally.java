package dev.runnel.benchmarks.load;

/** What was counted: units, bytes, connections that were lost, and latencies in microseconds. */
record Tally(long count, long bytes, long errors, long[] latencies) {}
