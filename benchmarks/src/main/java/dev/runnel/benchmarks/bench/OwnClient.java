package dev.runnel.benchmarks.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Our own client in a process that goes on until it is closed. */
final class OwnClient implements AutoCloseable {
  private final Process process;

  OwnClient(Process process) {
    this.process = process;
  }

  /** Whether all its connections had their answer; false if it failed. */
  boolean awaitReady() throws IOException {
    return awaitSign('.');
  }

  /** Whether it said this; false if it failed. */
  boolean awaitSign(char sign) throws IOException {
    return process.getInputStream().read() == sign;
  }

  /** The line that it says next, or what there was of it. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream from = process.getInputStream();
    for (int next = from.read(); next >= 0 && next != '\n'; next = from.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  /** It is ended if it goes on for longer, so that nobody waits for it in vain. */
  void endsWithin(int seconds) {
    CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS).execute(process::destroyForcibly);
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
