package dev.runnel.testing;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A loop on the test's own thread that runs when told to, by a clock that only the test moves. */
public final class VirtualLoop implements Loop {
  private static final int MOST_TASKS = 1_000_000;

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Entry> timers =
      new PriorityQueue<>(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::order));
  private long now;
  private long order;
  private boolean left;

  private record Entry(long at, long order, Runnable task) {}

  /** Whether who asks is, as far as the loop knows, on some other thread. */
  public void left(boolean elsewhere) {
    left = elsewhere;
  }

  /** Runs all that is ready. */
  public void run() {
    int ran = 0;
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      ran++;
      if (ran > MOST_TASKS) {
        throw new AssertionError("the loop does not come to rest");
      }
    }
  }

  /** Lets time pass, stopping wherever a timer is due. */
  public void advance(Duration duration) {
    long until = now + duration.toNanos();
    run();
    for (Entry due = timers.peek(); due != null && due.at <= until; due = timers.peek()) {
      now = Math.max(now, due.at);
      timers.remove(due);
      due.task.run();
      run();
    }
    now = until;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inLoop() {
    return !left;
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    Entry entry = new Entry(now + delay.toNanos(), order++, task);
    timers.add(entry);
    return () -> timers.remove(entry);
  }

  @Override
  public long nanoTime() {
    return now;
  }
}
