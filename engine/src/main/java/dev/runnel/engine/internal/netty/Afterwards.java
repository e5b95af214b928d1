package dev.runnel.engine.internal.netty;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for loops that have ended. Code that a stop had to abandon goes on one day, and what
 * it then does on its loop is done here: otherwise a coroutine would never come to its {@code
 * finally} and a thread would wait for ever for what the loop was to tell it. One task at a time,
 * of all loops, on a thread that is there only while there is something to do.
 */
final class Afterwards {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");
  private static final ScheduledThreadPoolExecutor THREAD = thread();

  private Afterwards() {}

  private static ScheduledThreadPoolExecutor thread() {
    ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(1, Afterwards::daemon);
    made.setKeepAliveTime(1, TimeUnit.SECONDS);
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  private static Thread daemon(Runnable tasks) {
    Thread thread = new Thread(tasks, "runnel-after-stop");
    thread.setDaemon(true);
    return thread;
  }

  /** Runs the task after those that were given before, once the delay has passed. */
  static void run(Runnable task, long delayNanos) {
    var unused = THREAD.schedule(() -> safely(task), delayNanos, TimeUnit.NANOSECONDS);
  }

  private static void safely(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      LOG.warn("a task failed whose loop had ended before: {}", task, e);
    }
  }
}
