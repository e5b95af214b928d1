package dev.runnel.engine;

import java.util.concurrent.RejectedExecutionException;

/**
 * Where blocking code runs: a virtual thread each on JDK 21 and later, an elastic pool before; in
 * both cases at most so many at a time as the options say.
 */
public interface Blocking {
  /**
   * Runs the task on a thread that may block.
   *
   * @return the means to interrupt it; see {@link Task#interrupt()}
   * @throws RejectedExecutionException if too many run already: answered with 503 and Retry-After
   */
  Task run(Runnable task);

  /** How many run now. A task that was given up but has not returned counts. */
  int active();

  /** A task that runs or waits for its thread. */
  interface Task {
    /**
     * Interrupts the thread, if the task has not ended. An interrupt within a shared FileChannel
     * closes it for everybody, so do this only where the task is known to take it well.
     */
    void interrupt();
  }
}
