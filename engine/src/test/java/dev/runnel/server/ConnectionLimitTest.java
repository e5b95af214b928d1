package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Limits;
import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.http.Response;
import dev.runnel.io.Loop;
import dev.runnel.testing.TcpPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** SEMANTICS 4: so many connections, the longest idle goes first, else accepting waits. */
class ConnectionLimitTest {
  private static final String TRANSPORTS = "dev.runnel.server.TransportCases#loaded";
  private static final int LIMIT = 8;
  private static final String QUICK = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HELD = "GET /held HTTP/1.1\r\nHost: a\r\n\r\n";

  /** NIO takes 16 at once. */
  private static final int AT_ONCE = 16;

  /** Accepting, registering, reading and answering are a turn each at most. */
  private static final int TURNS = 8;

  private final Queue<Exchange> held = new ConcurrentLinkedQueue<>();
  private final AtomicInteger quick = new AtomicInteger();
  private final Set<Loop> loops = ConcurrentHashMap.newKeySet();
  private final List<TcpPeer> peers = new ArrayList<>();

  @AfterEach
  void closeAll() {
    peers.forEach(TcpPeer::close);
  }

  private LiveServer start(Transport transport, int loops) {
    ServerOptions options =
        ServerOptions.builder()
            .transport(transport)
            .loops(loops)
            .limits(Limits.DEFAULT.withConnections(LIMIT))
            .build();
    ListenAddress local = ListenAddress.tcp("127.0.0.1", 0);
    return LiveServer.start(
        Server.builder()
            .handler(this::handle)
            .options(options)
            .listen(local)
            .listen(local.asAdmin()));
  }

  private void handle(Exchange x) {
    loops.add(x.loop());
    if (x.request().rawPath().equals("/held")) {
      held.add(x);
    } else {
      quick.incrementAndGet();
      x.respond(Response.ok("quick"));
    }
  }

  private TcpPeer connect(LiveServer server) {
    TcpPeer peer = server.connect();
    peers.add(peer);
    return peer;
  }

  private void answerHeld() {
    Exchange x = held.remove();
    x.loop().execute(() -> x.respond(Response.ok("held")));
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void theLongestIdleGoesFirst(Transport transport) {
    try (LiveServer server = start(transport, 1)) {
      for (int i = 0; i < LIMIT; i++) {
        assertThat(connect(server).send(QUICK).answer().status()).isEqualTo(200);
      }
      peers.get(0).send(QUICK).answer(); // now the second one waits longest
      for (int i = 0; i < 3; i++) {
        assertThat(connect(server).send(QUICK).answer().status()).isEqualTo(200);
        peers.get(i + 1).awaitEnd();
      }
      assertThat(peers.get(0).send(QUICK).answer().status()).isEqualTo(200);
      Eventually.until(
          () -> server.server().connections() == LIMIT,
          () -> "places: " + server.server().connections());
      closeAll();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void withoutAnIdleOneAcceptingWaitsForAFreePlace(Transport transport) {
    try (LiveServer server = start(transport, 2)) {
      TcpPeer waiting = fillUntilOneWaits(server);
      peers.get(0).vanish();
      peers.get(1).vanish();
      assertThat(waiting.answer().body()).isEqualTo("quick");
      closeAll();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void orForOneThatBecomesIdle(Transport transport) {
    try (LiveServer server = start(transport, 2)) {
      TcpPeer waiting = fillUntilOneWaits(server);
      answerHeld(); // and their connections live on, idle
      answerHeld();
      assertThat(waiting.answer().body()).isEqualTo("quick");
      closeAll();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void manyThatComeAtOnceDoNotPassTheLimitByMuch(Transport transport) {
    try (LiveServer server = start(transport, 2)) {
      fillWithCalls(server);
      for (int i = 0; i < 40; i++) {
        connect(server).send(QUICK);
      }
      letLoopsTurn();
      assertThat(quick).as("served beyond the limit").hasValueLessThanOrEqualTo(AT_ONCE);
      assertThat(server.server().connections()).isBetween(LIMIT, LIMIT + AT_ONCE);
      while (!held.isEmpty()) {
        answerHeld();
      }
      for (TcpPeer peer : peers.subList(LIMIT, peers.size())) {
        assertThat(peer.answer().body()).isEqualTo("quick");
      }
      closeAll();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void theAdminListenerIsExempt(Transport transport) {
    try (LiveServer server = start(transport, 1)) {
      fillWithCalls(server);
      int admin = ((InetSocketAddress) server.server().addresses().get(1)).getPort();
      for (int i = 0; i < 3; i++) {
        TcpPeer peer = new TcpPeer(admin);
        peers.add(peer);
        assertThat(peer.send(QUICK).answer().body()).isEqualTo("quick");
      }
      closeAll();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void pausedNobodyIsAccepted(Transport transport) {
    try (LiveServer server = start(transport, 1)) {
      TcpPeer open = connect(server);
      open.send(QUICK).answer();
      server.server().pause();
      TcpPeer waiting = connectUntilOneWaits(server);
      assertThat(open.send(QUICK).answer().status()).isEqualTo(200);
      server.server().resume();
      assertThat(waiting.answer().body()).isEqualTo("quick");
      closeAll();
    }
  }

  @ParameterizedTest
  @MethodSource(TRANSPORTS)
  void aPauseOutlastsAFreePlace(Transport transport) {
    try (LiveServer server = start(transport, 1)) {
      fillWithCalls(server);
      connect(server).send(QUICK); // finds it full
      server.server().pause();
      peers.get(0).vanish();
      peers.get(1).vanish();
      Eventually.until(() -> server.server().calls() == LIMIT - 2, "places to be free");
      TcpPeer waiting = connectUntilOneWaits(server);
      server.server().resume();
      assertThat(waiting.answer().body()).isEqualTo("quick");
      closeAll();
    }
  }

  private void fillWithCalls(LiveServer server) {
    for (int i = 0; i < LIMIT; i++) {
      connect(server).send(HELD);
    }
    Eventually.until(() -> held.size() == LIMIT, () -> held.size() + " calls");
  }

  /** The last one that was accepted may have passed the news that there is no place. */
  private TcpPeer fillUntilOneWaits(LiveServer server) {
    fillWithCalls(server);
    for (int i = 0; i < 3; i++) {
      TcpPeer peer = connect(server);
      if (!isServed(peer)) {
        return peer;
      }
      peer.send(HELD);
      int calls = LIMIT + i + 1;
      Eventually.until(() -> held.size() == calls, () -> held.size() + " calls");
    }
    throw new AssertionError(server.server().connections() + " connections are served");
  }

  /** The news of a pause takes a moment to reach the listener. */
  private TcpPeer connectUntilOneWaits(LiveServer server) {
    for (int i = 0; i < 20; i++) {
      TcpPeer peer = connect(server);
      if (!isServed(peer)) {
        return peer;
      }
    }
    throw new AssertionError("all are served");
  }

  /** Asks, and looks whether the loops come to it. */
  private boolean isServed(TcpPeer peer) {
    int before = quick.get();
    peer.send(QUICK);
    letLoopsTurn();
    return quick.get() > before;
  }

  /** A timer runs after a look at all channels, and one that it is followed by after another. */
  private void letLoopsTurn() {
    for (int i = 0; i < TURNS; i++) {
      CountDownLatch turned = new CountDownLatch(loops.size());
      loops.forEach(loop -> loop.schedule(turned::countDown, Duration.ofMillis(1)));
      Eventually.until(() -> turned.getCount() == 0, "the loops to turn");
    }
  }
}
