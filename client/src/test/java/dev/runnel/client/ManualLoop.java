package dev.runnel.client;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A loop that runs when the test says so, on the test's thread, by a clock that the test moves. */
final class ManualLoop implements Loop {
  private final Queue<Runnable> tasks =
      new ConcurrentLinkedQueue<>(); // other threads may hand in too
  private final List<Entry> timers = new ArrayList<>();
  private long now;
  private boolean running;

  private static final class Entry {
    private final long due;
    private final Runnable task;

    Entry(long due, Runnable task) {
      this.due = due;
      this.task = task;
    }
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inLoop() {
    return running;
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    Entry entry = new Entry(now + delay.toNanos(), task);
    timers.add(entry);
    return () -> timers.remove(entry);
  }

  @Override
  public long nanoTime() {
    return now;
  }

  /** Runs all that is to be done now. */
  void run() {
    running = true;
    try {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    } finally {
      running = false;
    }
  }

  /** Lets time pass, timer by timer. */
  void advance(Duration time) {
    run();
    long until = now + time.toNanos();
    while (true) {
      Entry next =
          timers.stream()
              .filter(e -> e.due <= until)
              .min(Comparator.comparingLong(e -> e.due))
              .orElse(null);
      if (next == null) {
        break;
      }
      timers.remove(next);
      now = Math.max(now, next.due);
      tasks.add(next.task);
      run();
    }
    now = until;
    run();
  }

  /** How many timers wait. */
  int timers() {
    return timers.size();
  }
}
