package dev.runnel.hub;

import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A loop on a thread of its own. */
final class ThreadLoop implements Loop, AutoCloseable {
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "hub-test-loop");
            thread.setDaemon(true);
            return thread;
          });
  private final Thread thread = call(Thread::currentThread);

  /** Whether it waits for a lock. */
  boolean isBlocked() {
    return thread.getState() == Thread.State.BLOCKED;
  }

  /** Runs it on the loop and waits for it. */
  void on(Runnable task) {
    CompletableFuture.runAsync(task, executor)
        .orTimeout(Eventually.CROWD_PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private <T> T call(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, executor)
        .orTimeout(Eventually.CROWD_PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    ScheduledFuture<?> timer = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
