package dev.runnel.io;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The single thread that owns a connection and every call on it. All state of a call is touched
 * from here only; the loop's clock is the only clock of the engine, so that a test can replace it.
 */
public interface Loop extends Executor {
  /** Runs the task on this loop, after what it does now. May be called from any thread. */
  @Override
  void execute(Runnable task);

  /** Whether the caller is on this loop. */
  boolean inLoop();

  /**
   * Runs the task on this loop once the delay has passed, never early. May be called from any
   * thread.
   */
  Timer schedule(Runnable task, Duration delay);

  /** The loop's monotonic clock in nanoseconds; only differences mean anything. */
  long nanoTime();

  /** A task that waits for its time. */
  interface Timer {
    /** Stops the task from running if it has not begun. May be called from any thread. */
    void cancel();
  }
}
