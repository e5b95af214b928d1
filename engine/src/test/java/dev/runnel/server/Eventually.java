package dev.runnel.server;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits for what other threads, sockets and processes do, for a bounded time. The bounds of all
 * tests are here; they say when a test has failed, never how long something takes.
 */
public final class Eventually {
  /**
   * How long anything here may take: long, because a loaded machine is no failure, and less than
   * the drains of 20 s and the limits of 30 s that a test must not wait out.
   */
  public static final Duration PATIENCE = Duration.ofSeconds(15);

  /** How long the work of thousands may take, or a program that runs a suite of its own. */
  public static final Duration CROWD_PATIENCE = Duration.ofMinutes(2);

  private static final long LOOK_NANOS = 1_000_000;

  /** Most of what is waited for is a few steps of another thread away. */
  private static final long FIRST_LOOK_NANOS = 30_000;

  private Eventually() {}

  /** Waits until this holds. */
  public static void until(Callable<Boolean> condition, String what) {
    until(condition, () -> what);
  }

  /** Waits until this holds; the text is asked for when it never does. */
  public static void until(Callable<Boolean> condition, Supplier<String> what) {
    if (!within(PATIENCE, condition)) {
      throw inVain(what.get());
    }
  }

  /** Waits until this holds, which is the work of many. */
  public static void untilOfMany(Callable<Boolean> condition, Supplier<String> what) {
    if (!within(CROWD_PATIENCE, condition)) {
      throw inVain(what.get());
    }
  }

  /** Whether this holds before the time is over. */
  public static boolean within(Duration time, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + time.toNanos();
    long pause = FIRST_LOOK_NANOS;
    try {
      while (!condition.call()) {
        if (System.nanoTime() - deadline > 0) {
          return condition.call(); // this thread may have stood still since it asked
        }
        LockSupport.parkNanos(pause);
        pause = Math.min(2 * pause, LOOK_NANOS);
      }
      return true;
    } catch (Exception e) {
      throw new AssertionError("the condition failed", e);
    }
  }

  /** What comes of this. */
  public static <T> T get(Future<T> future, String what)
      throws ExecutionException, InterruptedException {
    return get(PATIENCE, future, what);
  }

  /** What comes of this, which is the work of many. */
  public static <T> T getOfMany(Future<T> future, String what)
      throws ExecutionException, InterruptedException {
    return get(CROWD_PATIENCE, future, what);
  }

  private static <T> T get(Duration patience, Future<T> future, String what)
      throws ExecutionException, InterruptedException {
    try {
      return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw inVain(what);
    }
  }

  /** Waits until the latch is open. */
  public static void opens(CountDownLatch latch, String what) throws InterruptedException {
    if (!latch.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw inVain(what);
    }
  }

  /** Waits until the process has ended. */
  public static void ends(Process process, String what) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw inVain(what);
    }
  }

  private static AssertionError inVain(String what) {
    return new AssertionError("waited in vain: " + what);
  }
}
