package dev.runnel.engine.internal.netty;

import dev.runnel.io.Loop;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop of Netty's behind our interface, which lives on {@link Afterwards}. */
final class NettyLoop implements Loop {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private final EventLoop eventLoop;
  private final Ticker ticker;
  private volatile @Nullable Thread late; // the one that runs a task of ours after our end, if any

  NettyLoop(EventLoop eventLoop) {
    this.eventLoop = eventLoop;
    this.ticker = eventLoop.ticker();
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  @Override
  public void execute(Runnable task) {
    try {
      eventLoop.execute(task);
    } catch (RejectedExecutionException e) {
      if (!eventLoop.isShuttingDown()) {
        throw e;
      }
      if (hasThread()) {
        afterwards(task, 0);
      } else {
        LOG.debug("dropped a task of a network in memory that is closed: {}", task);
      }
    }
  }

  /** One that is turned by hand ends with whoever turns it. */
  private boolean hasThread() {
    return eventLoop instanceof SingleThreadEventLoop;
  }

  /** Behind the loop's own last tasks, which it runs when it takes no others any more. */
  private void afterwards(Runnable task, long nanos) {
    eventLoop.terminationFuture().addListener(ended -> Afterwards.run(() -> runLate(task), nanos));
  }

  private void runLate(Runnable task) {
    late = Thread.currentThread();
    try {
      task.run();
    } finally {
      late = null;
    }
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop() || Thread.currentThread().equals(late);
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    try {
      Future<?> future = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      if (!eventLoop.isShuttingDown() || !hasThread()) {
        throw e;
      }
      Late timer = new Late(task);
      afterwards(timer, delay.toNanos());
      return timer;
    }
  }

  private static final class Late implements Timer, Runnable {
    private final Runnable task;
    private volatile boolean cancelled;

    Late(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  @Override
  public long nanoTime() {
    return ticker.nanoTime();
  }
}
