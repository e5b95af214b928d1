package dev.runnel.testkit;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loop on whatever thread drives it, under a clock that moves on when nothing else is to be done.
 * One thread drives it at a time; any may hand it tasks.
 */
final class DrivenLoop implements Loop {
  /** Turns in which a blocking thread says nothing are this short, to look whether it ended. */
  private static final long LOOK_MILLIS = 1;

  /** So much virtual time may pass without what is waited for. */
  private static final Duration MOST = Duration.ofHours(24);

  private static final class Entry implements Timer {
    private final long due;
    private final long order;
    private final Runnable task;
    private volatile boolean cancelled;

    Entry(long due, long order, Runnable task) {
      this.due = due;
      this.order = order;
      this.task = task;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    private void run() {
      if (!cancelled) {
        task.run();
      }
    }
  }

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final PriorityQueue<Entry> timers =
      new PriorityQueue<>(
          (a, b) -> a.due == b.due ? Long.compare(a.order, b.order) : Long.compare(a.due, b.due));
  private final Duration patience;
  private volatile @Nullable Thread runner;
  private volatile long now;
  private long order;
  private BooleanSupplier busy = () -> false;

  /**
   * @param patience how long other threads may be silent, by the wall clock
   */
  DrivenLoop(Duration patience) {
    this.patience = patience;
  }

  /** Says whether blocking code runs, for which the clock stands. */
  void standsWhile(BooleanSupplier blockingRuns) {
    busy = blockingRuns;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inLoop() {
    return Thread.currentThread().equals(runner);
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    synchronized (timers) {
      Entry entry = new Entry(now + nanos(delay), order++, task);
      timers.add(entry);
      return entry;
    }
  }

  /** Those that no test lives to see are all far enough. */
  private static long nanos(Duration delay) {
    return delay.compareTo(Duration.ofDays(36_500)) > 0
        ? Duration.ofDays(36_500).toNanos()
        : Math.max(0, delay.toNanos());
  }

  @Override
  public long nanoTime() {
    return now;
  }

  /** Runs this as a task of the loop, here and now. */
  <T extends @Nullable Object> T call(Supplier<T> task) {
    Thread before = runner;
    if (before != null && !inLoop()) {
      throw new IllegalStateException(
          "thread '" + before.getName() + "' uses these routes now: a test has one thread");
    }
    runner = Thread.currentThread();
    try {
      return task.get();
    } finally {
      runner = before;
    }
  }

  private void run(Runnable task) {
    this.<@Nullable Void>call(
        () -> {
          task.run();
          return null;
        });
  }

  /**
   * Runs what there is until the condition holds: tasks, then timers as they are due, and waits for
   * other threads.
   *
   * @return false if it does not hold and nothing is left to run
   */
  boolean until(BooleanSupplier condition) {
    return drive(condition, now + MOST.toNanos());
  }

  private boolean drive(BooleanSupplier condition, long latest) {
    long silent = 0;
    while (!call(condition::getAsBoolean)) {
      Runnable task = tasks.poll();
      if (task == null && call(busy::getAsBoolean)) {
        task = fromOthers(LOOK_MILLIS);
        silent = task == null ? silent + LOOK_MILLIS : 0;
        if (silent > patience.toMillis()) {
          return false;
        }
      } else if (task == null) {
        task = lastWordOrTimer(latest);
        task = task == null ? fromOthers(patience.toMillis()) : task;
        if (task == null) {
          return false;
        }
      }
      if (task != null) {
        run(task);
      }
    }
    return true;
  }

  private @Nullable Runnable fromOthers(long millis) {
    try {
      return tasks.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the test was interrupted while it waited for an answer", e);
    }
  }

  /** Blocking code that has just ended may have said a last word, which comes before any timer. */
  private @Nullable Runnable lastWordOrTimer(long latest) {
    Runnable word = tasks.poll();
    if (word != null) {
      return word;
    }
    Entry next = nextTimer(latest);
    return next == null ? null : next::run;
  }

  private @Nullable Entry nextTimer(long latest) {
    synchronized (timers) {
      while (!timers.isEmpty() && timers.peek().cancelled) {
        timers.remove();
      }
      Entry next = timers.peek();
      if (next == null || next.due > latest) {
        return null;
      }
      timers.remove();
      now = Math.max(now, next.due);
      return next;
    }
  }

  /** Runs what is due until then, and what that brings about. */
  void advance(Duration time) {
    long target = now + nanos(time);
    while (true) {
      Runnable task = tasks.poll();
      if (task == null && call(busy::getAsBoolean)) {
        task = fromOthers(patience.toMillis());
        if (task == null && call(busy::getAsBoolean)) {
          throw new IllegalStateException(
              "blocking code said nothing for " + patience + ": the clock cannot move on");
        }
      }
      if (task == null) {
        task = lastWordOrTimer(target);
      }
      if (task == null) {
        break;
      }
      run(task);
    }
    now = target;
  }

  /** Runs what there is now, without waiting for time or other threads. */
  void runQueued() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      run(task);
    }
  }
}
