package dev.runnel.benchmarks.bench;

import java.io.IOException;

/** Our own client in a process that goes on until it is closed. */
final class OwnClient implements AutoCloseable {
  private final Process process;

  OwnClient(Process process) {
    this.process = process;
  }

  /** Whether all its connections had their answer; false if it failed. */
  boolean awaitReady() throws IOException {
    return process.getInputStream().read() == '.';
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
