package dev.runnel.engine.internal.netty;

import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which handler holds a loop, because one that blocks stops every connection on it. Looks by
 * the wall clock, the one exemption from the loop's: a loop that is held has no clock.
 */
final class Watchdog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.watchdog");

  /** A loop that stays held is told of again, but not at every look. */
  private static final long REPEAT_NANOS = 10_000_000_000L;

  private final List<Watched> loops = new ArrayList<>();
  private final long limitNanos;
  private final Thread thread;
  private volatile boolean closed;

  private Watchdog(Iterable<LoopServices> services, Duration limit) {
    this.limitNanos = limit.toNanos();
    for (LoopServices loop : services) {
      loops.add(new Watched(loop));
    }
    thread = new Thread(this::watch, "runnel-watchdog");
    thread.setDaemon(true);
  }

  /**
   * Watches these loops until it is closed; does nothing under a debugger, where everything is
   * held.
   */
  static Watchdog start(Iterable<LoopServices> services, Duration limit) {
    Watchdog watchdog = new Watchdog(services, limit);
    if (!limit.isZero() && !underDebugger()) {
      watchdog.thread.start();
    }
    return watchdog;
  }

  private static boolean underDebugger() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .anyMatch(argument -> argument.contains("jdwp"));
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(Math.max(1, limitNanos / 2_000_000));
      } catch (InterruptedException e) {
        return;
      }
      loops.forEach(this::look);
    }
  }

  private void look(Watched loop) {
    long now = System.nanoTime();
    if (loop.answered.get() == loop.asked) {
      if (loop.services.context.calls() > 0) {
        loop.ask(now);
      }
    } else if (loop.wentOn()) {
      loop.askedAt = now; // many connections in one turn; none of them holds it
    } else if (now - loop.askedAt >= limitNanos && now - loop.toldAt >= REPEAT_NANOS) {
      loop.toldAt = now;
      loop.tell(now - loop.askedAt);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  /** A loop that answers a question as soon as it is free. */
  private static final class Watched {
    final LoopServices services;
    final AtomicLong answered = new AtomicLong();
    long asked;
    long seen;
    long askedAt;
    long toldAt = System.nanoTime() - REPEAT_NANOS;

    Watched(LoopServices services) {
      this.services = services;
    }

    void ask(long now) {
      askedAt = now;
      long question = ++asked;
      if (services.eventLoop().isShuttingDown()) {
        answered.set(question);
      } else {
        services.eventLoop().execute(() -> answered.set(question));
      }
    }

    boolean wentOn() {
      long before = seen;
      seen = services.events();
      return seen != before;
    }

    void tell(long heldNanos) {
      if (services.eventLoop() instanceof SingleThreadEventExecutor loop) {
        StringBuilder stack = new StringBuilder();
        for (StackTraceElement frame : loop.threadProperties().stackTrace()) {
          stack.append("\n\tat ").append(frame);
        }
        LOG.warn(
            "{} is held for {} ms: blocking code belongs into blocking { } or a BlockingHandler{}",
            loop.threadProperties().name(),
            heldNanos / 1_000_000,
            stack);
      }
    }
  }
}
