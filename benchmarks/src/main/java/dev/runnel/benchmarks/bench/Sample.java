package dev.runnel.benchmarks.bench;

/**
 * One round of one server.
 *
 * @param cpuMicros of the server's process, per unit
 * @param perSecond units
 * @param allocated bytes of heap per unit; -1 where that is not known
 */
record Sample(
    String workload,
    String server,
    int round,
    double cpuMicros,
    double perSecond,
    double allocated,
    long p50,
    long p99,
    long p999) {}
