package dev.runnel.client;

import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A loop that runs when told to, on the test's own thread, and whose clock the test moves. */
final class TestLoop implements Loop {
  private static final ThreadLocal<@Nullable TestLoop> CURRENT = new ThreadLocal<>();

  private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final PriorityQueue<Due> timers = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private long now = 1_000_000_007L; // not 0, so that nobody takes it for a beginning

  private record Due(long at, Runnable task) {}

  /** Runs what waits and what that brings. */
  void run() {
    for (Runnable next = tasks.poll(); next != null; next = tasks.poll()) {
      on(next);
    }
  }

  /** Runs one task, if there is any. */
  boolean step() {
    Runnable next = tasks.poll();
    if (next != null) {
      on(next);
    }
    return next != null;
  }

  /** Runs what waits and what other threads bring, until it holds. */
  void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      try {
        Runnable next = tasks.poll(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("nothing happens any more, and it does not hold yet");
        }
        on(next);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Lets time pass, and runs what falls due. */
  void advance(Duration by) {
    long until = now + by.toNanos();
    run();
    while (!timers.isEmpty() && timers.peek().at() <= until) {
      Due due = timers.remove();
      now = Math.max(now, due.at());
      on(due.task());
      run();
    }
    now = until;
  }

  /** Runs the task as one of this loop's. */
  void on(Runnable task) {
    TestLoop outer = CURRENT.get();
    CURRENT.set(this);
    try {
      task.run();
    } finally {
      CURRENT.set(outer);
    }
  }

  boolean isIdle() {
    return tasks.isEmpty();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inLoop() {
    return CURRENT.get() == this;
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    Due due = new Due(now + delay.toNanos(), task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  @Override
  public long nanoTime() {
    return now;
  }
}
