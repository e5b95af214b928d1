package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DrainTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final Duration LONG = Duration.ofSeconds(20);

  /** What a request that is on its way to an idle connection is given. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private static final DrainReport NOTHING = new DrainReport(0, 0, 0, 0, 0, 0);

  @Test
  void readinessIsGoneWhenTheStopReturns() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok()))) {
      assertThat(server.isStopping()).isFalse();
      CompletableFuture<DrainReport> stop = server.askToStop(LONG);
      assertThat(server.isStopping()).isTrue();
      assertThat(stop).isNotDone();
    }
  }

  @Test
  void withNobodyConnectedAStopTakesNoTime() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok()))) {
      MemoryPeer peer = server.connect();
      peer.send(GET).answer();
      peer.close();
      long before = server.now();
      assertThat(server.stop(LONG)).isCompletedWithValue(NOTHING);
      assertThat(server.now()).isEqualTo(before);
    }
  }

  @Test
  void aHoldReleasedByAListenerOfTheEndEndsTheCallOnce() {
    try (MemoryServer server = MemoryServer.start(DrainTest::holdUntilTheEnd)) {
      MemoryPeer peer = server.connect();
      peer.send(GET.repeat(2));
      assertThat(peer.answer().status()).isEqualTo(200);
      assertThat(peer.answer().status()).isEqualTo(200);
      assertThat(server.calls()).isZero();
      peer.close();
      assertThat(server.stop(LONG)).isCompletedWithValue(NOTHING);
    }
  }

  /** With java.nio a port is free only then. */
  @ParameterizedTest
  @EnumSource(names = {"AUTO", "NIO"})
  void aStopIsToldWhenTheLoopsHaveEnded(Transport transport) throws Exception {
    NettyServer server =
        NettyServer.start(
            ServerOptions.builder().transport(transport).loops(2).build(),
            x -> x.respond(Response.ok()),
            List.of(ListenAddress.tcp("127.0.0.1", 0)));
    Eventually.get(server.stop(LONG), "the stop");
    assertThat(server.kit().loops().isTerminated()).isTrue();
  }

  private static void holdUntilTheEnd(Exchange call) {
    Exchange.Hold hold = call.hold();
    call.onEnd(outcome -> hold.release());
    call.respond(Response.ok());
  }

  /** It was accepted before the listeners closed, and became a connection only then. */
  @Test
  void aCallOfALateComerIsNotCutOff() {
    AtomicReference<Exchange> call = new AtomicReference<>();
    try (MemoryServer server = MemoryServer.start(call::set)) {
      server.state().beginStop();
      MemoryPeer peer = server.connect();
      peer.send(GET);
      server.advance(PATIENCE.multipliedBy(3));
      assertThat(peer.isEnded()).isFalse();
      Exchange x = call.get();
      x.loop().execute(() -> x.respond(Response.ok("in time")));
      assertThat(peer.answer().body()).isEqualTo("in time");
      peer.awaitEnd();
    }
  }

  @Test
  void theLastOneToLeaveEndsThePatienceWithIdleOnes() {
    try (MemoryServer server = MemoryServer.start(x -> x.respond(Response.ok()))) {
      MemoryPeer peer = server.connect();
      peer.send(GET).answer();
      CompletableFuture<DrainReport> stop = server.stop(LONG);
      server.advance(PATIENCE.dividedBy(2));
      assertThat(stop).isNotDone();
      peer.close();
      server.advance(Duration.ofMillis(10));
      assertThat(stop).isCompletedWithValue(new DrainReport(0, 0, 0, 0, 0, 1));
    }
  }

  @Test
  void whoIsNotYetAConnectionHasThatPatienceToo() {
    try (MemoryServer server =
        MemoryServer.start(x -> x.respond(Response.ok("hi")), o -> o.proxyProtocol(true))) {
      MemoryPeer peer = server.connect();
      peer.send("PROXY TCP4 192.0.2.1");
      CompletableFuture<DrainReport> stop = server.stop(LONG);
      server.advance(PATIENCE.dividedBy(2));
      assertThat(stop).isNotDone();
      peer.send(" 192.0.2.2 1 2\r\n" + GET);
      assertThat(peer.answer().body()).isEqualTo("hi");
      server.advance(PATIENCE);
      assertThat(stop).isCompletedWithValue(new DrainReport(1, 0, 0, 0, 0, 0));
    }
  }

  @Test
  void aCallThatEndsAsSoonAsItKnowsOfTheStopIsCounted() {
    AtomicReference<Exchange> call = new AtomicReference<>();
    try (MemoryServer server = MemoryServer.start(call::set)) {
      MemoryPeer peer = server.connect();
      peer.send(GET);
      CompletableFuture<DrainReport> stop = server.askToStop(LONG);
      // Queued behind the beginning of the stop, and before what that queues.
      call.get()
          .loop()
          .execute(
              () -> {
                assertThat(call.get().server().isStopping()).isTrue();
                call.get().respond(Response.ok("bye"));
              });
      assertThat(peer.answer().body()).isEqualTo("bye");
      server.advance(PATIENCE.plusMillis(10));
      assertThat(stop).isCompletedWithValue(new DrainReport(1, 0, 0, 0, 0, 1));
    }
  }
}
