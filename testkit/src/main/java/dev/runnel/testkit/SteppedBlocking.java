package dev.runnel.testkit;

import dev.runnel.engine.Blocking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Blocking code in step with the loop: each piece has a thread, and the loop goes on when all of
 * them have ended or wait. So only one thing runs at a time, and the order is the same each time.
 */
final class SteppedBlocking implements Blocking {
  private static final long LOOK_NANOS = 20_000;

  private final int limit;
  private final Duration patience;
  private final List<Work<?>> running = new ArrayList<>();

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
      if (running.size() >= limit) {
        throw new RejectedExecutionException(limit + " blocking calls run already");
      }
      running.add(work);
    }
    work.thread.start();
    return work;
  }

  private synchronized List<Work<?>> all() {
    return List.copyOf(running);
  }

  private synchronized void ended(Work<?> work) {
    running.remove(work);
  }

  @Override
  public synchronized int active() {
    return running.size();
  }

  /** Waits until each piece has ended or waits for something. */
  void settle() {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Work<?> work : all()) {
      while (!work.rests()) {
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError(
              "blocking code did not come to an end in "
                  + patience
                  + " of the wall clock; it is at"
                  + at(work.thread));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
  }

  /** A piece that waits for something that is not ours: a lock, another service, the wall clock. */
  @Nullable String foreignWait() {
    for (Work<?> work : all()) {
      if (!work.waitsForUs()) {
        return at(work.thread);
      }
    }
    return null;
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
      ended(this);
      try {
        then.ended(result, error);
      } finally {
        over = true;
      }
    }

    boolean rests() {
      return over
          || switch (thread.getState()) {
            case WAITING, TIMED_WAITING -> !wasWoken();
            case TERMINATED -> true;
            case NEW, RUNNABLE, BLOCKED -> false;
          };
    }

    /**
     * A thread that was woken looks as if it waited until a processor takes it up; the future that
     * it waits for knows better. Asking that one would swallow an interrupt of ours.
     */
    private boolean wasWoken() {
      return LockSupport.getBlocker(thread) instanceof ForkJoinPool.ManagedBlocker blocker
          && !Thread.currentThread().isInterrupted()
          && blocker.isReleasable();
    }

    /** Whether it waits within the framework: for a body, or for a peer that takes one. */
    boolean waitsForUs() {
      for (StackTraceElement frame : thread.getStackTrace()) {
        String type = frame.getClassName();
        if (!type.startsWith("java.") && !type.startsWith("jdk.")) {
          return type.startsWith("dev.runnel.") && !type.startsWith("dev.runnel.testkit.");
        }
      }
      return true; // it is ending
    }

    @Override
    public void interrupt() {
      thread.interrupt();
    }
  }
}
