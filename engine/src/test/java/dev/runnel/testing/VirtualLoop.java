package dev.runnel.testing;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A loop on the thread that made it, under a clock that only {@link #advance} moves. */
public final class VirtualLoop implements Loop {
  /** More tasks than this without an end is a loop that feeds itself. */
  private static final int MAX_TASKS = 1_000_000;

  private record Entry(long due, long order, Runnable task) {}

  private final Thread thread = Thread.currentThread();
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Entry> timers =
      new PriorityQueue<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::order));
  private long now = 1_000_000_000L;
  private long order;
  private boolean left;

  /** Whether who asks is, as far as the loop knows, on some other thread. */
  public void left(boolean elsewhere) {
    left = elsewhere;
  }

  /** Runs what waits, and what that brings. */
  public void run() {
    int ran = 0;
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      next.run();
      if (++ran > MAX_TASKS) {
        throw new AssertionError("the loop does not come to rest");
      }
    }
  }

  /** Lets time pass, timer by timer. */
  public void advance(Duration time) {
    long until = now + time.toNanos();
    run();
    for (Entry next = due(until); next != null; next = due(until)) {
      now = Math.max(now, next.due);
      next.task.run();
      run();
    }
    now = until;
  }

  private synchronized Entry due(long until) {
    Entry next = timers.peek();
    return next != null && next.due <= until ? timers.poll() : null;
  }

  /** Timers that are set. */
  public synchronized int timers() {
    return timers.size();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inLoop() {
    return !left && Thread.currentThread() == thread;
  }

  @Override
  public synchronized Timer schedule(Runnable task, Duration delay) {
    Entry entry = new Entry(now + delay.toNanos(), order++, task);
    timers.add(entry);
    return () -> cancel(entry);
  }

  private synchronized void cancel(Entry entry) {
    timers.remove(entry);
  }

  @Override
  public long nanoTime() {
    return now;
  }
}
