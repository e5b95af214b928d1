package dev.runnel.engine.internal.netty;

import dev.runnel.memory.MemoryClock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that runs when its owner says so, on the owner's thread, by a clock of the owner's.
 * That thread is on the loop at all times: whoever blocks on the loop there would wait for itself.
 * But what comes from outside of a run is told to the owner, which Netty's own manual loop keeps to
 * itself.
 */
public final class MemoryLoop extends AbstractScheduledEventExecutor implements EventLoop {
  /** More tasks than this at one moment is a loop that feeds itself. */
  private static final int MAX_TASKS = 10_000_000;

  private static final int FORGET_AT = 1_024;

  private final MemoryClock clock;
  private final Ticker ticker;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  // Nobody may wait for this one on the loop: its listeners run elsewhere.
  private final Promise<Void> terminated = new DefaultPromise<>(GlobalEventExecutor.INSTANCE);
  private final List<ScheduledFuture<?>> timers = new ArrayList<>();
  private int forgetAt = FORGET_AT;
  private volatile Thread owner = Thread.currentThread();
  private volatile @Nullable Thread running;
  private volatile boolean shut;

  MemoryLoop(MemoryClock clock) {
    this.clock = clock;
    this.ticker =
        new Ticker() {
          @Override
          public long initialNanoTime() {
            return 0;
          }

          @Override
          public long nanoTime() {
            return clock.nanoTime();
          }

          @Override
          public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("nobody sleeps under a virtual clock");
          }
        };
  }

  /**
   * Runs all that is ready, and what that brings; says how much it was.
   *
   * @param afterEach runs after each task, on the same thread
   */
  int runReady(Runnable afterEach) {
    if (running != null) {
      return 0; // from within: the run that is on goes on
    }
    running = Thread.currentThread();
    owner = running;
    int ran = 0;
    try {
      for (Runnable task = nextTask(); task != null; task = nextTask()) {
        safeExecute(task);
        afterEach.run();
        if (++ran > MAX_TASKS) {
          throw new IllegalStateException("the loop does not come to rest; now " + task);
        }
      }
    } finally {
      running = null;
      clock.alarm(nextTimer());
    }
    return ran;
  }

  private @Nullable Runnable nextTask() {
    Runnable task = tasks.poll();
    return task != null ? task : pollScheduledTask(ticker.nanoTime());
  }

  /** When the next timer is due by the clock; {@link Long#MAX_VALUE} for never. */
  long nextTimer() {
    long deadline = nextScheduledTaskDeadlineNanos();
    return deadline < 0 ? Long.MAX_VALUE : deadline;
  }

  /** How many timers wait that were not cancelled. Netty keeps its queue to itself. */
  synchronized int timers() {
    timers.removeIf(Future::isDone);
    return timers.size();
  }

  private synchronized <F extends ScheduledFuture<?>> F counted(F timer) {
    timers.add(timer);
    if (timers.size() > forgetAt) {
      timers.removeIf(Future::isDone);
      forgetAt = Math.max(FORGET_AT, 2 * timers.size());
    }
    return timer;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
    ScheduledFuture<?> timer = counted(super.schedule(task, delay, unit));
    wakeFromOutside();
    return timer;
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
    ScheduledFuture<V> timer = counted(super.schedule(task, delay, unit));
    wakeFromOutside();
    return timer;
  }

  @Override
  public Ticker ticker() {
    return ticker;
  }

  @Override
  public void execute(Runnable task) {
    if (shut) {
      throw new RejectedExecutionException("the network in memory is closed");
    }
    tasks.add(task);
    wakeFromOutside();
  }

  private void wakeFromOutside() {
    if (Thread.currentThread() != running) {
      clock.wake();
    }
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return thread == owner;
  }

  // --- life ---

  @Override
  public boolean isShuttingDown() {
    return shut;
  }

  @Override
  public boolean isShutdown() {
    return shut;
  }

  @Override
  public boolean isTerminated() {
    return shut;
  }

  @Override
  public Future<?> terminationFuture() {
    return terminated;
  }

  /** Servers and clients in memory share it: it outlives them, and ends with the network. */
  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return terminated;
  }

  /** Takes no more tasks. */
  void end() {
    shut = true;
    tasks.clear();
    terminated.trySuccess(null);
  }

  @Override
  @Deprecated
  public void shutdown() {
    end();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shut;
  }

  // --- channels ---

  @Override
  public EventLoop next() {
    return this;
  }

  @Override
  public @Nullable EventLoopGroup parent() {
    return null;
  }

  @Override
  public ChannelFuture register(Channel channel) {
    return register(new DefaultChannelPromise(channel, this));
  }

  @Override
  public ChannelFuture register(ChannelPromise promise) {
    promise.channel().unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    channel.unsafe().register(this, promise);
    return promise;
  }
}
