package dev.runnel.conformance.client;

import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** What a loop of Netty's will do later: its queue is looked at on the loop itself. */
final class PendingTimers {
  /** The one timer that stands for all deadlines of a loop: it may come when there are none. */
  private static final String SWEEP = "DeadlineSweep";

  private final Loop loop;
  private final Object executor;
  private final Field queue;
  private final int before;

  PendingTimers(Loop loop) {
    this.loop = loop;
    try {
      Field executorOfLoop = loop.getClass().getDeclaredField("eventLoop");
      executorOfLoop.setAccessible(true);
      executor = executorOfLoop.get(loop);
      queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
      queue.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Netty keeps its timers elsewhere now", e);
    }
    before = tasks().size();
  }

  private List<String> tasks() {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                Queue<?> tasks = (Queue<?>) queue.get(executor);
                return tasks == null
                    ? List.<String>of()
                    : tasks.stream().map(String::valueOf).filter(t -> !t.contains(SWEEP)).toList();
              } catch (IllegalAccessException e) {
                throw new LinkageError("Netty hides its timers now", e);
              }
            },
            loop)
        .join();
  }

  /** Waits until nothing is scheduled that was not in the beginning. */
  void awaitNone() {
    Eventually.until(() -> tasks().size() <= before, () -> "timers to be gone: " + tasks());
  }
}
