package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.DrainReport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop of a server: listeners close, connections take their last call, calls finish, what is
 * left at the deadline is cancelled, and a report says what became of all. Never takes longer than
 * the deadline, the grace and a quarter of a second, whatever a handler does.
 */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  /**
   * For a request that is on its way on an idle connection; it is answered with Connection: close.
   */
  private static final long IDLE_PATIENCE_MILLIS = 200;

  /** For handlers to end that were cancelled. */
  private static final long GRACE_MILLIS = 1_000;

  /**
   * For the loops to end, behind which the server's ports are free. One that is held never does.
   */
  private static final long RELEASE_MILLIS = 250;

  private static final long LOOK_MILLIS = 5;

  private final NettyServer server;
  private final EventExecutor coordinator;
  private final CompletableFuture<DrainReport> done;
  private final List<LoopDrain> loops;
  private final long deadline;
  private int connections;
  private int detachedCancelled;
  private int detachedBefore;

  Drain(NettyServer server, Duration drain, CompletableFuture<DrainReport> done) {
    this.server = server;
    this.coordinator = server.kit().coordinator();
    this.done = done;
    this.loops = server.loops().stream().map(LoopDrain::new).toList();
    this.deadline = now() + drain.toNanos();
  }

  private long now() {
    return coordinator.ticker().nanoTime();
  }

  /** A connection that was accepted before the listeners closed, and set up after. */
  static void lateComer(NettyLink link) {
    link.machine().drain();
    // Another machine may have taken the place until then, and have a call.
    link.channel()
        .eventLoop()
        .schedule(() -> link.machine().closeIfIdle(), IDLE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  void begin() {
    coordinator.execute(this::lastCalls);
  }

  private void lastCalls() {
    connections = server.connections();
    detachedBefore = server.state().detachedWork().finished();
    loops.forEach(LoopDrain::remember);
    server.state().beginStop();
    for (Channel listener : server.listeners()) {
      listener.close();
    }
    loops.forEach(LoopDrain::begin);
    long patience = now() + TimeUnit.MILLISECONDS.toNanos(IDLE_PATIENCE_MILLIS);
    awaitRequests(patience);
  }

  /** Gives requests that are on their way their time; with nobody there, none is. */
  private void awaitRequests(long until) {
    if (isDeserted()) {
      finish();
    } else if (now() - until >= 0) {
      loops.forEach(loop -> loop.forEachLink(link -> link.machine().closeIfIdle()));
      awaitCalls();
    } else {
      long left = TimeUnit.NANOSECONDS.toMillis(until - now()) + 1;
      after(Math.min(LOOK_MILLIS, left), () -> awaitRequests(until));
    }
  }

  /** Quiet, and nobody who was accepted is still on the way to becoming a connection. */
  private boolean isDeserted() {
    return server.listeners().stream().noneMatch(Channel::isOpen)
        && server.accepted() == 0
        && isQuiet();
  }

  private void awaitCalls() {
    if (isQuiet()) {
      finish();
    } else if (now() - deadline >= 0) {
      cancelRest();
    } else {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - now()) + 1;
      after(Math.min(LOOK_MILLIS, left), this::awaitCalls);
    }
  }

  private boolean isQuiet() {
    return server.calls() == 0
        && server.connections() == 0
        && server.state().detachedWork().active() == 0;
  }

  private void cancelRest() {
    loops.forEach(LoopDrain::cancelAll);
    detachedCancelled = server.state().detachedWork().cancelAll();
    awaitGrace(now() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS));
  }

  private void awaitGrace(long until) {
    if (isQuiet() || now() - until >= 0) {
      finish();
    } else {
      after(LOOK_MILLIS, () -> awaitGrace(until));
    }
  }

  private void finish() {
    server.state().detachedWork().cancelAll(); // from here on none is taken
    int finished = 0;
    int cancelled = 0;
    int abandoned = 0;
    for (LoopDrain loop : loops) {
      loop.count();
      finished += loop.finished;
      cancelled += loop.cancelled;
      abandoned += loop.abandoned;
    }
    DrainReport report =
        new DrainReport(
            finished,
            cancelled,
            abandoned,
            server.state().detachedWork().finished() - detachedBefore,
            detachedCancelled,
            connections);
    LOG.info("stopped: {}", report);
    release(report);
  }

  /**
   * Ends the loops and then tells: java.nio keeps the socket of a closed listener until its loop
   * selects again, and another server could not take its place before.
   */
  private void release(DrainReport report) {
    Future<?> ended = server.kit().loops().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    if (coordinator instanceof EventLoop) { // in memory: ended with its network, and has no ports
      done.complete(report);
    } else {
      ended.addListener(future -> done.complete(report));
      after(RELEASE_MILLIS, () -> done.complete(report));
    }
  }

  private void after(long millis, Runnable task) {
    coordinator.schedule(task, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * The part of one loop. A loop that is held never comes to what it is asked, so what was there
   * when the stop began is looked at from outside: in one number, and before any call can know of
   * the stop, so that no call which ends because of it is missed.
   */
  private static final class LoopDrain {
    private static final int NOT_ASKED = -1;

    private final LoopServices services;
    private long endedBefore;
    private volatile int atDeadline = NOT_ASKED;
    int finished;
    int cancelled;
    int abandoned;

    LoopDrain(LoopServices services) {
      this.services = services;
    }

    void remember() {
      endedBefore = services.context.ended();
    }

    void begin() {
      forEachLink(link -> link.machine().drain());
    }

    void cancelAll() {
      services.eventLoop().execute(this::cancelHere);
    }

    /** In one task: a connection that ends between two would be missed by both. */
    private void cancelHere() {
      atDeadline = services.context.calls();
      services.links().forEach(link -> link.machine().cancel(CancelCause.SERVER_STOPPING));
      services.context.cancelOutlived(CancelCause.SERVER_STOPPING);
    }

    void forEachLink(Consumer<NettyLink> action) {
      services.eventLoop().execute(() -> services.links().forEach(action));
    }

    void count() {
      abandoned = services.context.calls();
      int ended = Math.toIntExact(services.context.ended() - endedBefore);
      cancelled = atDeadline == NOT_ASKED ? 0 : Math.max(0, atDeadline - abandoned);
      finished = Math.max(0, ended - cancelled);
    }
  }
}
