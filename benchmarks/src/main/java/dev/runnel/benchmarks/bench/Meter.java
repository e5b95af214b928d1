package dev.runnel.benchmarks.bench;

import java.io.IOException;

/** What a server used between two moments. */
final class Meter {
  private final ServerProcess server;
  private long cpuMicros;
  private long allocated;

  Meter(ServerProcess server) {
    this.server = server;
  }

  void begin() throws IOException {
    cpuMicros = server.cpuMicros(); // first: a busy server takes its time to tell what it allocated
    allocated = server.allocated();
  }

  void end() throws IOException {
    cpuMicros = server.cpuMicros() - cpuMicros;
    allocated = allocated < 0 ? -1 : server.allocated() - allocated;
  }

  /** CPU time of its process. */
  long cpuMicros() {
    return cpuMicros;
  }

  /** Bytes that it allocated; -1 if it cannot tell. */
  long allocated() {
    return allocated;
  }
}
