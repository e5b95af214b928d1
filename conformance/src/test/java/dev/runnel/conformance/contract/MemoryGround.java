package dev.runnel.conformance.contract;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TlsFiles;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The real codecs on Netty's local channels, under virtual time. */
final class MemoryGround extends Ground {
  private final MemoryServer server;
  private @Nullable CompletableFuture<DrainReport> stopped;

  MemoryGround(Combination on, Handler app, Consumer<ServerOptions.Builder> set) {
    super(on);
    server =
        on.secure()
            ? MemoryServer.start(app, TlsFiles.server().build(), set)
            : MemoryServer.start(app, set);
  }

  @Override
  protected Peer newPeer() {
    return on.secure() ? server.connect(ClientTls.engine(on.protocol().alpn())) : server.connect();
  }

  @Override
  protected Peer newNarrowPeer() {
    return newPeer();
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
    CompletableFuture<DrainReport> stop = server.stop(drain);
    stopped = stop;
    return stop;
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

  /** Without threads of its own this one can be looked at, unless a call is lost with its loop. */
  @Override
  protected boolean hasStopped() {
    return stopped != null && stopped.isDone() && stopped.join().abandoned() > 0;
  }

  @Override
  protected void shutDown() {
    server.close();
  }
}
