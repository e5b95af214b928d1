package dev.runnel.engine.internal.netty;

import dev.runnel.io.Loop;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop of Netty's behind our interface. */
final class NettyLoop implements Loop {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  private final EventLoop eventLoop;
  private final Ticker ticker;

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
      // A handler that the stop had to abandon comes back: nobody is left to hear it.
      LOG.debug("dropped a task of a stopped server: {}", task);
    }
  }

  @Override
  public boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  @Override
  public Timer schedule(Runnable task, Duration delay) {
    Future<?> future = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public long nanoTime() {
    return ticker.nanoTime();
  }
}
