package dev.runnel.client;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One task at a time and in their order, on threads that may block. */
final class DiskQueue implements Executor {
  private final Executor threads;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(); // guarded by itself
  private boolean running; // guarded by tasks

  DiskQueue(Executor threads) {
    this.threads = threads;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    threads.execute(this::next);
  }

  /** One task, and then back in line: downloads take turns on the few threads. */
  private void next() {
    Runnable task = head();
    try {
      if (task != null) {
        task.run();
      }
    } finally {
      boolean more;
      synchronized (tasks) {
        more = !tasks.isEmpty();
        running = more;
      }
      if (more) {
        threads.execute(this::next);
      }
    }
  }

  private @Nullable Runnable head() {
    synchronized (tasks) {
      return tasks.poll();
    }
  }
}
