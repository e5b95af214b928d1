package dev.runnel.testkit;

import dev.runnel.engine.Blocking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Blocking code in step with the loop: each piece has a thread, which is started between two tasks
 * of the loop, and the loop goes on when all of them have ended or wait. So only one thing runs at
 * a time, and the order is the same each time.
 */
final class SteppedBlocking implements Blocking {
  private static final long LOOK_NANOS = 20_000;

  private final int limit;
  private final Duration patience;
  private final List<Work<?>> running = new ArrayList<>();
  private boolean spoken; // a piece has ended, and what it said may not have been heard
  private int active;

  /**
   * @param limit how many at a time
   * @param patience how long one may compute, by the wall clock
   */
  SteppedBlocking(int limit, Duration patience) {
    this.limit = limit;
    this.patience = patience;
  }

  @Override
  public <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then) {
    Work<T> work = new Work<>(task, then);
    synchronized (this) {
      if (active >= limit) {
        throw new RejectedExecutionException(limit + " blocking calls run already");
      }
      active++;
      running.add(work);
    }
    return work;
  }

  private synchronized List<Work<?>> all() {
    return List.copyOf(running);
  }

  /** Its place is free before anybody hears of its end. */
  private synchronized void ended() {
    active--;
  }

  /** Who waits for us all may go on only when the end was told. */
  private synchronized void told(Work<?> work) {
    running.remove(work);
    spoken = true;
  }

  private synchronized boolean hasSpoken() {
    return spoken;
  }

  private synchronized void hear() {
    spoken = false;
  }

  @Override
  public synchronized int active() {
    return active;
  }

  /**
   * Starts what is new, and waits until each piece has ended or waits for something: until all rest
   * at one look, as a later one may wake an earlier one. What they say is to be heard behind this.
   */
  void settle() {
    hear();
    long deadline = now() + patience.toNanos();
    boolean waited;
    do {
      waited = false;
      for (Work<?> work : all()) {
        work.start();
        while (!work.rests()) {
          waited = true;
          waitFor(work, deadline);
        }
      }
    } while (waited);
  }

  private void waitFor(Work<?> work, long deadline) {
    if (now() - deadline > 0) {
      throw new AssertionError(
          "blocking code did not come to an end in "
              + patience
              + " of the wall clock; it is at"
              + at(work.thread));
    }
    LockSupport.parkNanos(LOOK_NANOS);
  }

  /**
   * Whether there is still something to come at this time: of a piece that computes or waits for
   * what is not ours, for which this waits a moment, or of one that has ended since {@link
   * #settle}. Not for longer than the patience for one piece.
   */
  boolean isToSayMore() {
    for (Work<?> work : all()) {
      if (work.isForeign() && !work.isOverPatience()) {
        LockSupport.parkNanos(LOOK_NANOS);
        return true;
      }
    }
    return hasSpoken();
  }

  /** Where a piece is for which {@link #isToSayMore} has waited too long; null for nowhere. */
  @Nullable String waitedInVain() {
    for (Work<?> work : all()) {
      if (work.isForeign() && work.isOverPatience()) {
        return at(work.thread);
      }
    }
    return null;
  }

  /** The wall's: virtual time stands meanwhile. */
  private static long now() {
    return System.nanoTime();
  }

  private static String at(Thread thread) {
    StringBuilder text = new StringBuilder();
    for (StackTraceElement frame : thread.getStackTrace()) {
      text.append("\n\t").append(frame);
    }
    return text.toString();
  }

  /** Where each piece is that has not ended. */
  List<String> left() {
    return all().stream().map(work -> "blocking code at" + at(work.thread)).toList();
  }

  private final class Work<T extends @Nullable Object> implements Task, Runnable {
    private final Callable<T> task;
    private final Then<T> then;
    final Thread thread = new Thread(this, "runnel-blocking");
    private volatile boolean over;
    private long foreignSince; // by the wall clock, 0 for not now; of the thread of the test

    Work(Callable<T> task, Then<T> then) {
      this.task = task;
      this.then = then;
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      T result = null;
      Throwable error = null;
      try {
        result = task.call();
      } catch (Throwable e) {
        error = e;
      }
      ended();
      try {
        then.ended(result, error);
      } finally {
        told(this); // while it still counts as running: whoever looks sees one or the other
        over = true;
      }
    }

    /** By the thread of the test only. */
    void start() {
      if (thread.getState() == Thread.State.NEW) {
        thread.start();
      }
    }

    /**
     * Whether it has ended or waits. It is looked at twice, on both sides of the question whether
     * it was woken: the answer is worth nothing where it has gone on meanwhile, having taken note
     * of what woke it.
     */
    boolean rests() {
      if (over) {
        return true;
      }
      if (!waits()) {
        return false;
      }
      Object waitsFor = LockSupport.getBlocker(thread);
      return !isWoken(waitsFor) && waits() && LockSupport.getBlocker(thread) == waitsFor;
    }

    private boolean waits() {
      return switch (thread.getState()) {
        case WAITING, TIMED_WAITING, TERMINATED -> true;
        case NEW, RUNNABLE, BLOCKED -> false;
      };
    }

    /**
     * Whether it is only waiting to be scheduled: a thread has the state that it was parked in
     * until it runs again, and time must not pass before. All waits of the framework are for
     * futures; of others that were notified, interrupted or given a permit nothing is known.
     */
    private boolean isWoken(@Nullable Object waitsFor) {
      if (thread.isInterrupted()) {
        return true;
      }
      if (!(waitsFor instanceof ForkJoinPool.ManagedBlocker waiting)
          || waiting.getClass().getEnclosingClass() != CompletableFuture.class) {
        return false;
      }
      boolean ours = Thread.interrupted(); // it would take an interrupt for its own thread's
      try {
        return waiting.isReleasable();
      } finally {
        if (ours) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /**
     * Whether it computes, or waits for something that is not ours: a lock, another service, the
     * wall clock. While it runs its place says nothing: our own code is also on the way to an end
     * that nobody has heard of yet. So it must rest, in a call that waits, and still rest when its
     * stack was looked at.
     */
    boolean isForeign() {
      StackTraceElement[] stack = thread.getStackTrace();
      boolean ours =
          over || (stack.length > 0 && stack[0].isNativeMethod() && rests() && isOurs(stack));
      if (ours) {
        foreignSince = 0;
      } else if (foreignSince == 0) {
        foreignSince = now();
      }
      return !ours;
    }

    /** Whether it has been foreign for so long that it may wait for what only time brings. */
    boolean isOverPatience() {
      return now() - foreignSince > patience.toNanos();
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }
  }

  private static boolean isOurs(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName();
      if (!type.startsWith("java.") && !type.startsWith("jdk.")) {
        return type.startsWith("dev.runnel.") && !type.startsWith("dev.runnel.testkit.");
      }
    }
    return false;
  }
}
