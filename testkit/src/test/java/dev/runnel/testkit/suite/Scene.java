package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.WireFaults;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.transport.memory.MemoryNetwork;
import dev.runnel.transport.memory.MemoryServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A server for one scenario, and its clients. Closing it is the leak check: when its clients have
 * left there is no call, no connection, no buffer, and when it has stopped no timer.
 */
final class Scene implements AutoCloseable {
  private static final Duration MILLI = Duration.ofMillis(1);

  /** A client that leaves in order has all closed within this, however slow the other end. */
  private static final Duration LEAVING = Duration.ofSeconds(5);

  /** No timer of a server is longer, but for those of tests themselves. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final Clock clock = new Clock();
  private final MemoryNetwork network = new MemoryNetwork(clock, 0, false, () -> WireFaults.NONE);
  private final BlockingThreads blocking = new BlockingThreads(4);
  private final List<Peer> peers = new ArrayList<>();
  private final MemoryServer server;

  private static final class Clock implements MemoryClock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void wake() {
      // the scenario says when it runs
    }

    @Override
    public void alarm(long nanoTime) {
      // the scenario moves the clock, and asks where to stop
    }
  }

  private Scene(Handler app, Consumer<ServerOptions.Builder> set) {
    ServerOptions.Builder options =
        ServerOptions.builder()
            .watchdog(Duration.ZERO)
            .wallClock(() -> Instant.EPOCH.plusNanos(clock.now));
    set.accept(options);
    server = network.serve(options.build(), app, blocking, null);
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
    WirePeer peer = new WirePeer(this, network, faults);
    peers.add(peer);
    return peer;
  }

  /** A connection that speaks HTTP/2, behind its preface and the SETTINGS of both sides. */
  ScriptedPeer http2(int... settings) {
    return new ScriptedPeer(connect()).connect(settings);
  }

  /** Runs all that is ready. */
  void run() {
    int unused = network.run();
  }

  /** Does this on the loop, where calls and streams are touched, and runs what comes of it. */
  void act(Runnable task) {
    if (network.loop().inLoop()) {
      task.run();
      return;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    network
        .loop()
        .execute(
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

  /** Lets time pass, stopping wherever a timer is due. */
  void advance(Duration time) {
    long until = clock.now + time.toNanos();
    run();
    while (clock.now < until) {
      clock.now = Math.min(until, Math.max(clock.now + 1, network.nextTimer()));
      run();
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
    return server.calls();
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
      assertThat(server.calls()).as("calls that are left when all clients are gone").isZero();
      assertThat(server.connections()).as("connections that are left without a client").isZero();
      assertThat(network.buffersLeft()).as("buffers that nobody released").isEmpty();
      assertThat(server.held()).as("bytes of bodies that are held for nobody").isZero();
      CompletableFuture<DrainReport> stopped = stop(Duration.ZERO);
      advance(LONGEST);
      assertThat(stopped).as("the end of the server").isDone();
      assertThat(network.timers()).as("timers that are left when the server is gone").isZero();
    } finally {
      network.close();
      blocking.close();
    }
  }
}
