package dev.runnel.engine.internal.direct;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads for blocking code that a test can look at. A task counts until what hears of its end has
 * returned, so that its last word to the loop comes before it counts no more.
 */
final class CountedBlocking implements Blocking, AutoCloseable {
  private final BlockingThreads threads;
  private final AtomicInteger unsettled = new AtomicInteger();
  private final Map<Thread, Boolean> running = new ConcurrentHashMap<>();

  CountedBlocking(int limit) {
    threads = new BlockingThreads(limit);
  }

  @Override
  public <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then) {
    unsettled.incrementAndGet();
    try {
      return threads.run(() -> watched(task), (result, error) -> settle(then, result, error));
    } catch (RuntimeException | Error e) {
      unsettled.decrementAndGet();
      throw e;
    }
  }

  private <T extends @Nullable Object> T watched(Callable<T> task) throws Exception {
    Thread thread = Thread.currentThread();
    running.put(thread, true);
    try {
      return task.call();
    } finally {
      running.remove(thread);
    }
  }

  private <T extends @Nullable Object> void settle(
      Then<T> then, @Nullable T result, @Nullable Throwable error) {
    try {
      then.ended(result, error);
    } finally {
      unsettled.decrementAndGet();
    }
  }

  @Override
  public int active() {
    return threads.active();
  }

  /** How many tasks run, or have ended without everybody having heard of it. */
  int unsettled() {
    return unsettled.get();
  }

  /** Where blocking code stands now; empty if none runs. */
  String places() {
    StringBuilder text = new StringBuilder();
    for (Thread thread : running.keySet()) {
      StackTraceElement[] stack = thread.getStackTrace();
      text.append(text.isEmpty() ? "" : "; ").append("thread '").append(thread.getName());
      text.append("' in ").append(stack.length == 0 ? "no code" : place(stack));
    }
    return text.toString();
  }

  /** The nearest line that is none of the JDK's or of ours, which only wait there. */
  private static StackTraceElement place(StackTraceElement[] stack) {
    for (StackTraceElement line : stack) {
      String name = line.getClassName();
      boolean inner =
          name.startsWith("java.")
              || name.startsWith("jdk.")
              || name.startsWith("sun.")
              || name.startsWith("dev.runnel.http.")
              || name.startsWith("dev.runnel.engine.internal.");
      if (!inner) {
        return line;
      }
    }
    return stack[0];
  }

  @Override
  public void close() {
    threads.close();
  }
}
