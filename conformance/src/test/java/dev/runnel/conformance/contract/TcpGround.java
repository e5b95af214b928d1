package dev.runnel.conformance.contract;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import dev.runnel.server.Server;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Real sockets on this machine. One loop unless a test sets more: see {@link #settle()}. */
final class TcpGround extends Ground {
  private static final int NARROW = 4 << 10;
  private static final Queue<CompletableFuture<DrainReport>> STOPS = new ConcurrentLinkedQueue<>();

  private final Server server;
  private volatile @Nullable Loop loop;
  private @Nullable CompletableFuture<DrainReport> stopped;

  TcpGround(Combination on, Handler app, Consumer<ServerOptions.Builder> set) {
    super(on);
    Server.Builder builder = Server.builder().port(0);
    if (on.secure()) {
      builder.tls(TlsFiles.server().build());
    }
    server =
        builder
            .handler(
                exchange -> {
                  loop = exchange.loop();
                  app.handle(exchange);
                })
            .options(
                options -> {
                  // The watchdog samples the wall clock, which a loaded machine stretches.
                  options.transport(on.transport()).loops(1).watchdog(Duration.ZERO);
                  set.accept(options);
                })
            .start();
  }

  @Override
  protected Peer newPeer() {
    return connect(0, on.protocol().alpn());
  }

  @Override
  protected Peer newNarrowPeer() {
    return connect(NARROW, on.protocol().alpn());
  }

  private Peer connect(int receiveBuffer, String alpn) {
    return on.secure()
        ? ClientTls.connect(server.port(), receiveBuffer, alpn)
        : new TcpPeer(server.port(), receiveBuffer);
  }

  @Override
  void advance(Duration duration) {
    throw new UnsupportedOperationException("real time passes by itself: wait for a condition");
  }

  @Override
  void until(BooleanSupplier condition, String what) {
    await(condition, what);
  }

  static void await(BooleanSupplier condition, String what) {
    Eventually.until(condition::getAsBoolean, what);
  }

  /**
   * On one loop a whole call that is made now is answered after all that was readable before it was
   * read: the selector gives both. Over HTTP/1.1 in any case, which waits for no settings.
   */
  @Override
  void settle() {
    try (Peer peer = connect(0, Protocol.HTTP_1.alpn())) {
      peer.request("GET /text HTTP/1.1\nHost: a\n\n").answer();
      peer.request("GET /text HTTP/1.1\nHost: a\nConnection: close\n\n").answer();
      peer.awaitEnd();
    }
  }

  @Override
  int calls() {
    return server.calls();
  }

  @Override
  int connections() {
    return server.connections();
  }

  @Override
  CompletableFuture<DrainReport> stop(Duration drain) {
    CompletableFuture<DrainReport> stop = server.stopAsync(drain).toCompletableFuture();
    stopped = stop;
    awaitDrain(stop);
    return stop;
  }

  @Override
  protected boolean hasStopped() {
    return stopped != null && stopped.isDone();
  }

  /**
   * Returns when the loop knows of the stop, if it ever had a call: the coordinator tells it, and
   * either does one thing after the other.
   */
  private void awaitDrain(CompletableFuture<DrainReport> stop) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    GlobalEventExecutor.INSTANCE.execute(() -> told.complete(null));
    told.join();
    Loop known = loop;
    if (known != null) {
      CompletableFuture<Void> turned = new CompletableFuture<>();
      try {
        known.execute(() -> turned.complete(null));
        // A loop that ends just now may take the task and never run it.
        CompletableFuture.anyOf(turned, stop)
            .orTimeout(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
      } catch (RejectedExecutionException e) {
        // It has ended already.
      }
    }
  }

  @Override
  DrainReport report(CompletableFuture<DrainReport> stop) {
    return stop.orTimeout(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  protected void shutDown() {
    STOPS.add(server.stopAsync(Duration.ZERO).toCompletableFuture());
  }

  /** Waits until the servers of a whole suite have stopped; one after the other takes too long. */
  static void awaitStops() {
    for (var stop = STOPS.poll(); stop != null; stop = STOPS.poll()) {
      stop.orTimeout(Peer.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
  }
}
