package dev.runnel.engine;

import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where blocking code runs: a virtual thread each on JDK 21 and later, an elastic pool before; in
 * both cases at most so many at a time as the options say.
 *
 * <p>What an event loop hands over may begin only when the loop has gone through its connections
 * once more. Code that holds the loop until such a task has ended so waits for ever.
 */
public interface Blocking {
  /**
   * Runs the task on a thread that may block.
   *
   * @return the means to interrupt it; see {@link Task#interrupt()}
   * @throws RejectedExecutionException if too many run already: answered with 503 and Retry-After
   */
  default Task run(Runnable task) {
    return run(
        () -> {
          task.run();
          return null;
        },
        (nothing, error) -> {
          if (error != null) {
            Blocking.<RuntimeException>rethrow(error);
          }
        });
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // a Runnable throws no other
  private static <E extends Throwable> void rethrow(Throwable error) throws E {
    throw (E) error;
  }

  /**
   * Runs the task on a thread that may block, and then tells what came of it on the same thread.
   * The task's place is free before that: whoever hears of the end and asks for a place at once
   * gets it.
   *
   * @param task what may block
   * @param then hears the result, or what was thrown; must not block, as it is not counted. If no
   *     thread could be started for a task of a loop it hears of that, on the loop or elsewhere
   * @return the means to interrupt the task; see {@link Task#interrupt()}
   * @throws RejectedExecutionException if too many run already: answered with 503 and Retry-After
   */
  <T extends @Nullable Object> Task run(Callable<T> task, Then<T> then);

  /** How many run now. A task that was given up but has not returned counts. */
  int active();

  /** Hears how a task ended. */
  @FunctionalInterface
  interface Then<T extends @Nullable Object> {
    /**
     * The task ended.
     *
     * @param result what it returned; null if it threw
     * @param error what it threw; null if it returned
     */
    void ended(@Nullable T result, @Nullable Throwable error);
  }

  /** A task that runs or waits for its thread. */
  interface Task {
    /**
     * Interrupts the thread, if the task has not ended. An interrupt within a shared FileChannel
     * closes it for everybody, so do this only where the task is known to take it well.
     */
    void interrupt();
  }
}
