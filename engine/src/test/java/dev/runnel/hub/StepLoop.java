package dev.runnel.hub;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A loop that runs when told to, on the test's own thread. */
final class StepLoop implements Loop {
  private static @Nullable StepLoop current;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

  /** Runs what waits and what that brings, and says how many tasks there were. */
  int run() {
    int ran = 0;
    while (step()) {
      ran++;
    }
    return ran;
  }

  /** Runs one task, if there is any. */
  boolean step() {
    Runnable next = tasks.poll();
    if (next != null) {
      on(next);
    }
    return next != null;
  }

  /** Runs the task as one of this loop's. */
  void on(Runnable task) {
    StepLoop outer = current;
    current = this;
    try {
      task.run();
    } finally {
      current = outer;
    }
  }

  int waiting() {
    return tasks.size();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean inLoop() {
    return current == this;
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    return () -> {}; // queues of these tests have no patience, and ask for no time
  }

  @Override
  public long nanoTime() {
    return 0;
  }
}
