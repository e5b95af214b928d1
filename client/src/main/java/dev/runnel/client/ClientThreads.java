package dev.runnel.client;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the client blocks: never on a loop. Threads come when needed and go after 10 s. */
final class ClientThreads {
  // Disks answer a few requests at a time; more threads would only wait in line.
  private static final int DISK_THREADS = 4;
  private static final int IDLE_SECONDS = 10;

  /** For short tasks of our own: reads, writes, renames. */
  static final Executor DISK = disk();

  /** For code of the user's that writes a body and blocks as long as the server is slow. */
  static final Executor BODIES =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE, // as many as there are such bodies being sent
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          named("runnel-client-body"));

  private ClientThreads() {}

  private static Executor disk() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            DISK_THREADS,
            DISK_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("runnel-client-disk"));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
