package dev.runnel.conformance.contract;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Where the app runs, and what connects to it. */
abstract class Ground {
  final Combination on;
  private final List<Peer> peers = new ArrayList<>();

  Ground(Combination on) {
    this.on = on;
  }

  /** Starts the app. */
  static Ground start(Combination on, Handler app, Consumer<ServerOptions.Builder> set) {
    return on.isMemory() ? new MemoryGround(on, app, set) : new TcpGround(on, app, set);
  }

  /** A new connection; closed with the ground. */
  final Peer connect() {
    return speaking(newPeer());
  }

  /**
   * A new connection to a client that takes little in advance, so that the server feels soon that
   * it does not read. In memory the same as any other.
   */
  final Peer connectNarrow() {
    return speaking(newNarrowPeer());
  }

  private Peer speaking(Peer bytes) {
    Peer peer = on.protocol().over(bytes, on.secure() ? "https" : "http");
    if (on.leaving() == Combination.Leaving.STREAM) {
      ((Http2Peer) peer).vanishesByReset();
    }
    peers.add(peer);
    return peer;
  }

  /** A new connection for the version of this combination, on which nothing was said yet. */
  protected abstract Peer newPeer();

  protected abstract Peer newNarrowPeer();

  /** Lets time pass, exactly. Only where time is virtual. */
  abstract void advance(Duration duration);

  /** Lets the server work until this holds, or fails the test. */
  abstract void until(BooleanSupplier condition, String what);

  /** Returns when the server has looked at all that was sent and done before. */
  abstract void settle();

  abstract int calls();

  abstract int connections();

  /** Begins to stop the server. */
  abstract CompletableFuture<DrainReport> stop(Duration drain);

  /** What a stop that was begun comes to; virtual time passes as needed. */
  abstract DrainReport report(CompletableFuture<DrainReport> stop);

  /** Ends the test: once the clients are gone nothing may be left, also before the server stops. */
  final void close() {
    peers.forEach(Peer::close);
    if (hasStopped()) {
      return; // a call that was abandoned is known to nobody any more
    }
    try {
      until(() -> calls() == 0 && connections() == 0, "all to end when the clients left");
    } catch (AssertionError e) {
      throw new AssertionError("left: " + calls() + " calls, " + connections() + " links", e);
    }
    shutDown();
  }

  /** Whether a stop that the test began has come to its end. */
  protected abstract boolean hasStopped();

  /** Stops the server; need not wait until it has stopped. */
  protected abstract void shutDown();
}
