package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Blocking;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A virtual thread per task where the JDK has them (21+), else an elastic pool; bounded either way.
 * Virtual threads that an event loop wants start when its turn ends; see {@link TurnStarts}.
 */
public final class BlockingThreads implements Blocking, AutoCloseable {
  private static final int IDLE_SECONDS = 30;

  private final int limit;
  private final AtomicInteger active = new AtomicInteger();
  private final ThreadFactory virtual;
  private final @Nullable ExecutorService pool;

  /**
   * @param limit tasks at a time
   */
  public BlockingThreads(int limit) {
    this.limit = limit;
    ThreadFactory found = virtualThreads();
    this.virtual = found != null ? found : BlockingThreads::platformThread;
    this.pool = found != null ? null : elasticPool();
  }

  private static Thread platformThread(Runnable task) {
    Thread thread = new Thread(task, "runnel-blocking");
    thread.setDaemon(true);
    return thread;
  }

  private static ExecutorService elasticPool() {
    return new ThreadPoolExecutor(
        0,
        // We count ourselves: a thread whose task has ended takes a moment to be free for the next.
        Integer.MAX_VALUE,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        BlockingThreads::platformThread);
  }

  /** {@code Thread.ofVirtual().name("runnel-blocking").factory()}, which JDK 17 cannot compile. */
  private static @Nullable ThreadFactory virtualThreads() {
    if (Runtime.version().feature() < 21) {
      return null;
    }
    try {
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Object begun =
          lookup
              .findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual))
              .asType(MethodType.methodType(Object.class))
              .invokeExact();
      Object named =
          lookup
              .findVirtual(builder, "name", MethodType.methodType(builder, String.class))
              .invoke(begun, "runnel-blocking");
      MethodHandle factory =
          lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class));
      return (ThreadFactory) factory.invoke(named);
    } catch (Throwable e) {
      throw new IllegalStateException("this JDK says it has virtual threads, but has none", e);
    }
  }

  @Override
  public <T extends @Nullable Object> Task run(Callable<T> work, Then<T> then) {
    if (active.incrementAndGet() > limit) {
      active.decrementAndGet();
      throw new RejectedExecutionException(limit + " blocking calls run already");
    }
    Running<T> task = new Running<>(work, then);
    try {
      if (pool != null) {
        pool.execute(task);
      } else {
        TurnStarts.start(task);
      }
    } catch (RuntimeException | Error e) {
      active.decrementAndGet();
      throw e;
    }
    return task;
  }

  @Override
  public int active() {
    return active.get();
  }

  /** Lets idle threads go; tasks that run are left alone. */
  @Override
  public void close() {
    if (pool != null) {
      pool.shutdown();
    }
  }

  private final class Running<T extends @Nullable Object> extends TurnStarts.Start
      implements Runnable, Task {
    private final Callable<T> work;
    private final Then<T> then;
    private @Nullable Thread thread;
    private boolean interrupted;

    Running(Callable<T> work, Then<T> then) {
      this.work = work;
      this.then = then;
    }

    @Override
    void startThread() {
      virtual.newThread(this).start();
    }

    @Override
    void notStarted(Throwable error) {
      over(null, error);
    }

    @Override
    public void run() {
      startThoseBehind();
      T result = null;
      Throwable error = null;
      begin();
      try {
        result = work.call();
      } catch (Throwable e) {
        error = e;
      }
      end();
      over(result, error);
    }

    private void over(@Nullable T result, @Nullable Throwable error) {
      // Before anybody hears of the end: a client that has its answer may ask again at once.
      active.decrementAndGet();
      then.ended(result, error);
    }

    private synchronized void begin() {
      thread = Thread.currentThread();
      if (interrupted) {
        thread.interrupt();
      }
    }

    private synchronized void end() {
      thread = null;
      Thread.interrupted(); // must not meet the thread's next task
    }

    @Override
    public synchronized void interrupt() {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }
}
