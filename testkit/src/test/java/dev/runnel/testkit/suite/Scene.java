package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.io.Loop;
import dev.runnel.memory.WireFaults;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testkit.TestOptions;
import dev.runnel.testkit.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server of the harness for one scenario, and its raw clients. Closing it is the leak check: when
 * its clients have left there is no call and no connection, and behind that the harness looks.
 */
final class Scene implements AutoCloseable {
  private static final Duration MILLI = Duration.ofMillis(1);

  /** A client that leaves in order has all closed within this, however slow the other end. */
  private static final Duration LEAVING = Duration.ofSeconds(5);

  /** So often clients look whether something came that they have to answer. */
  private static final Duration STEP = Duration.ofSeconds(1);

  private final TestServer server;
  private final List<WirePeer> peers = new ArrayList<>();
  private @Nullable Loop loop;

  private Scene(Handler app, Consumer<ServerOptions.Builder> set) {
    Handler known =
        call -> {
          loop = call.loop();
          app.handle(call);
        };
    TestOptions options = TestOptions.DEFAULT.withBegin(Instant.EPOCH).withServer(set);
    server = TestServer.of(known, options);
  }

  static Scene of(Handler app) {
    return of(app, options -> {});
  }

  static Scene of(Handler app, Consumer<ServerOptions.Builder> set) {
    return new Scene(app, set);
  }

  WirePeer connect() {
    return connect(WireFaults.NONE);
  }

  WirePeer connect(WireFaults faults) {
    WirePeer peer = new WirePeer(server.raw(faults));
    peers.add(peer);
    return peer;
  }

  /** A connection that speaks HTTP/2, behind its preface and the SETTINGS of both sides. */
  ScriptedPeer http2(int... settings) {
    return new ScriptedPeer(connect()).connect(settings);
  }

  /** Runs all that is ready, and what clients say to it. */
  void run() {
    server.runCurrent();
    peers.forEach(WirePeer::look);
  }

  /** Does this on the loop of the call that came last, and runs what comes of it. */
  void act(Runnable task) {
    Loop on = loop;
    if (on == null) {
      throw new IllegalStateException("no call came yet, so that nothing can be done to one");
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    on.execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    run();
    assertThat(done).as("what the loop was asked to do").isCompleted();
  }

  /** Asks for this on the loop, and runs what comes of it. */
  <T> T ask(Supplier<T> question) {
    List<T> answers = new ArrayList<>();
    act(() -> answers.add(question.get()));
    return answers.get(0);
  }

  /** Lets time pass. */
  void advance(Duration time) {
    run();
    for (Duration left = time; !left.isZero(); ) {
      Duration step = left.compareTo(STEP) < 0 ? left : STEP;
      server.advance(step);
      peers.forEach(WirePeer::look);
      left = left.minus(step);
    }
  }

  /** Nothing ends the peer's connection a millisecond before this time, and something does then. */
  void endsAfter(Duration limit, Peer peer) {
    advance(limit.minus(MILLI));
    assertThat(peer.isEnded()).as("ended before " + limit).isFalse();
    advance(MILLI.multipliedBy(2));
    assertThat(peer.isEnded()).as("ended after " + limit).isTrue();
  }

  int calls() {
    return server.calls().active();
  }

  int connections() {
    return server.connections();
  }

  CompletableFuture<DrainReport> stop(Duration drain) {
    CompletableFuture<DrainReport> report = server.stop(drain);
    run();
    return report;
  }

  @Override
  public void close() {
    try {
      peers.forEach(Peer::close);
      advance(LEAVING);
      assertThat(calls()).as("calls that are left when all clients are gone").isZero();
      assertThat(connections()).as("connections that are left without a client").isZero();
    } finally {
      server.close();
    }
  }
}
