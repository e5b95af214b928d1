package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ScriptedPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A server for one scenario. Closing it is the leak check: when its clients have left there is no
 * call, no connection, no timer and no buffer.
 */
final class Scene implements AutoCloseable {
  private static final Duration MILLI = Duration.ofMillis(1);

  private final Leaks leaks = new Leaks();
  private final MemoryServer server;
  private final List<Peer> peers = new ArrayList<>();

  private Scene(MemoryServer server) {
    this.server = server;
  }

  static Scene of(Handler app) {
    return of(app, options -> {});
  }

  static Scene of(Handler app, Consumer<ServerOptions.Builder> set) {
    return new Scene(MemoryServer.start(app, set));
  }

  Peer connect() {
    Peer peer = new VirtualPeer(server);
    peers.add(peer);
    return peer;
  }

  /** A connection that speaks HTTP/2, behind its preface and the SETTINGS of both sides. */
  ScriptedPeer http2(int... settings) {
    return new ScriptedPeer(connect()).connect(settings);
  }

  void run() {
    server.run();
  }

  void advance(Duration time) {
    server.advance(time);
  }

  /** Nothing ends the peer's connection a millisecond before this time, and something does then. */
  void endsAfter(Duration limit, Peer peer) {
    advance(limit.minus(MILLI));
    assertThat(peer.isEnded()).as("ended before " + limit).isFalse();
    advance(MILLI.multipliedBy(2));
    assertThat(peer.isEnded()).as("ended after " + limit).isTrue();
  }

  int calls() {
    return server.calls();
  }

  int connections() {
    return server.connections();
  }

  CompletableFuture<DrainReport> stop(Duration drain) {
    return server.stop(drain);
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
    server.run();
    int calls = server.calls();
    int connections = server.connections();
    server.close();
    assertThat(calls).as("calls that are left when all clients are gone").isZero();
    assertThat(connections).as("connections that are left when all clients are gone").isZero();
    assertThat(leaks.left()).as("buffers that nobody released").isEmpty();
  }
}
