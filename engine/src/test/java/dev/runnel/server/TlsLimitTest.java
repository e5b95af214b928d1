package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.Tls;
import dev.runnel.http.Response;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Handshakes count as connections, and what comes before TLS comes before it here too. */
class TlsLimitTest {
  private static final String ENGINES = "dev.runnel.server.TlsCases#engines";

  private static Server.Builder server(Tls.Engine engine) {
    return Server.builder()
        .port(0)
        .tls(TlsFiles.server().engine(engine).build())
        .handler(x -> x.respond(Response.ok("from " + x.request().remoteAddress())));
  }

  /** Raw clients take the places; accepting pauses; when their time is over others get in. */
  @ParameterizedTest
  @MethodSource(ENGINES)
  void handshakesTakePlacesAndGiveThemBack(Tls.Engine engine) throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    try (LiveServer server =
        LiveServer.start(
            server(engine)
                .options(
                    o ->
                        o.limits(Limits.DEFAULT.withConnections(4))
                            .observer(comingAndGoing(events))
                            .timeouts(Timeouts.DEFAULT.withTlsHandshake(Duration.ofSeconds(2)))))) {
      List<TcpPeer> silent = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        silent.add(server.connect());
      }
      Eventually.until(
          () -> Collections.frequency(events, "opened") == 4, "all places to be taken");
      try (TcpPeer late = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
        late.request("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(late.answer().status()).isEqualTo(200);
      }
      assertThat(events.indexOf("closed"))
          .as("one is gone before the next one got in: %s", events)
          .isBetween(0, events.lastIndexOf("opened"));
      silent.forEach(TcpPeer::awaitEnd);
      silent.forEach(TcpPeer::close);
    }
  }

  private static ServerObserver comingAndGoing(List<String> events) {
    return new ServerObserver() {
      @Override
      public void connectionOpened(SocketAddress remote) {
        events.add("opened");
      }

      @Override
      public void connectionClosed(SocketAddress remote, long read, long written) {
        events.add("closed");
      }
    };
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aConnectionWithTlsIsEvictedWhenItIsIdle(Tls.Engine engine) throws Exception {
    try (LiveServer server =
            LiveServer.start(
                server(engine).options(o -> o.limits(Limits.DEFAULT.withConnections(1)).loops(1)));
        TcpPeer idle = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
      idle.request("GET / HTTP/1.1\nHost: a\n\n").answer();
      try (TcpPeer next = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
        next.request("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(next.answer().status()).isEqualTo(200);
        idle.awaitEnd();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void theProxyHeaderComesBeforeTls(Tls.Engine engine) throws Exception {
    try (LiveServer server = LiveServer.start(server(engine).options(o -> o.proxyProtocol(true)))) {
      byte[] header =
          "PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n".getBytes(StandardCharsets.US_ASCII);
      try (TcpPeer peer = TcpPeer.tls(server.port(), header, TlsFiles.client())) {
        peer.request("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(peer.answer().body()).isEqualTo("from /192.0.2.7:4711");
      }
      try (Socket clear = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        clear.getOutputStream().write(header);
        clear.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = clear.getInputStream().readAllBytes();
        assertThat(new String(answer, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void observersSeeConnectionsThatNeverShakeHands(Tls.Engine engine) throws Exception {
    AtomicInteger opened = new AtomicInteger();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    ServerObserver observer =
        new ServerObserver() {
          @Override
          public void connectionOpened(SocketAddress remote) {
            opened.incrementAndGet();
          }

          @Override
          public void connectionClosed(SocketAddress remote, long read, long written) {
            closed.complete(null);
          }
        };
    try (LiveServer server = LiveServer.start(server(engine).options(o -> o.observer(observer)))) {
      TcpPeer peer = server.connect();
      Eventually.until(() -> server.server().connections() == 1, "the connection");
      peer.vanish();
      Eventually.get(closed, "its end");
      assertThat(opened).hasValue(1);
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void withoutALimitTheHandshakeWaitsForEver(Tls.Engine engine) {
    try (MemoryServer server =
        MemoryServer.start(
            x -> x.respond(Response.ok()),
            TlsFiles.server().engine(engine).build(),
            o -> o.timeouts(Timeouts.DEFAULT.withTlsHandshake(Duration.ZERO)))) {
      var peer = server.connect();
      server.advance(Duration.ofDays(1));
      assertThat(peer.isEnded()).isFalse();
    }
  }
}
