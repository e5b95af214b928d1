package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.DrainReport;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stop of a server: listeners close, connections take their last call, calls finish, what is
 * left at the deadline is cancelled, and a report says what became of all. Never takes longer than
 * the deadline and the grace, whatever a handler does.
 */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  /**
   * For a request that is on its way on an idle connection; it is answered with Connection: close.
   */
  private static final long IDLE_PATIENCE_MILLIS = 200;

  /** For handlers to end that were cancelled. */
  private static final long GRACE_MILLIS = 1_000;

  private static final long LOOK_MILLIS = 5;

  private final NettyServer server;
  private final EventExecutor coordinator;
  private final CompletableFuture<DrainReport> done;
  private final long deadline;
  private long startedBefore;
  private int inFlight;
  private int connections;
  private int cancelled;
  private int detachedCancelled;
  private int detachedBefore;

  Drain(NettyServer server, Duration drain, CompletableFuture<DrainReport> done) {
    this.server = server;
    this.coordinator = server.kit().coordinator();
    this.done = done;
    this.deadline = now() + drain.toNanos();
  }

  private long now() {
    return coordinator.ticker().nanoTime();
  }

  void begin() {
    coordinator.execute(this::lastCalls);
  }

  private void lastCalls() {
    inFlight = server.calls();
    startedBefore = started();
    connections = server.connections();
    detachedBefore = server.state().detachedWork().finished();
    server.state().beginStop();
    for (Channel listener : server.listeners()) {
      listener.close();
    }
    forEachLink(link -> link.machine().drain());
    after(IDLE_PATIENCE_MILLIS, this::awaitCalls);
  }

  private void awaitCalls() {
    forEachLink(link -> link.machine().closeIfIdle());
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
    cancelled = server.calls();
    forEachLink(link -> link.machine().cancel(CancelCause.SERVER_STOPPING));
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
    server.state().detachedWork().cancelAll();
    int abandoned = server.calls();
    long all = inFlight + started() - startedBefore;
    DrainReport report =
        new DrainReport(
            Math.toIntExact(Math.max(0, all - cancelled)),
            Math.max(0, cancelled - abandoned),
            abandoned,
            server.state().detachedWork().finished() - detachedBefore,
            detachedCancelled,
            connections);
    LOG.info("stopped: {}", report);
    server.kit().loops().shutdownGracefully(0, 1, TimeUnit.SECONDS);
    done.complete(report);
  }

  private long started() {
    return server.loops().stream().mapToLong(services -> services.context.started()).sum();
  }

  private void forEachLink(Consumer<NettyLink> action) {
    for (LoopServices services : server.loops()) {
      services.eventLoop().execute(() -> services.links().forEach(action));
    }
  }

  private void after(long millis, Runnable task) {
    coordinator.schedule(task, millis, TimeUnit.MILLISECONDS);
  }
}
