package dev.runnel.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other threads do, for a bounded time. */
public final class Eventually {
  /** How long anything here may take; long, because a loaded machine is no failure. */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final long LOOK_NANOS = 1_000_000;

  private Eventually() {}

  /** Waits until this holds. */
  public static void until(Callable<Boolean> condition, String what) {
    until(condition, () -> what);
  }

  /** Waits until this holds; the text is asked for when it never does. */
  public static void until(Callable<Boolean> condition, Supplier<String> what) {
    if (!within(PATIENCE, condition)) {
      throw new AssertionError("waited in vain: " + what.get());
    }
  }

  /** Whether this holds before the time is over. */
  public static boolean within(Duration time, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + time.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      return true;
    } catch (Exception e) {
      throw new AssertionError("the condition failed", e);
    }
  }
}
