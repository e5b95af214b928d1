package dev.runnel.conformance.contract;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The real codecs on Netty's local channels, under virtual time. */
final class MemoryGround extends Ground {
  private final MemoryServer server;

  MemoryGround(Combination on, Handler app, Consumer<ServerOptions.Builder> set) {
    super(on);
    server = MemoryServer.start(app, set);
  }

  @Override
  protected Peer newPeer() {
    return server.connect();
  }

  @Override
  protected Peer newNarrowPeer() {
    return server.connect();
  }

  @Override
  void advance(Duration duration) {
    server.advance(duration);
  }

  @Override
  void until(BooleanSupplier condition, String what) {
    server.until(condition, what);
  }

  @Override
  void settle() {
    server.run();
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
    return server.stop(drain);
  }

  @Override
  DrainReport report(CompletableFuture<DrainReport> stop) {
    // Step by step, because threads of the app may have to end in between.
    server.until(
        () -> {
          server.advance(Duration.ofMillis(5));
          return stop.isDone();
        },
        "the server to stop");
    return stop.join();
  }

  /** Without threads of its own this one can always be looked at. */
  @Override
  protected boolean hasStopped() {
    return false;
  }

  @Override
  protected void shutDown() {
    server.close();
  }
}
