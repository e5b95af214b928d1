package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.Tls;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.TlsFiles;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Time, limits and stops of connections with TLS, under virtual time. */
class TlsMemoryTest {
  private static final String ENGINES = "dev.runnel.server.TlsCases#engines";
  private static final Handler HELLO = x -> x.respond(Response.ok("hello"));
  private static final int MANY = 2_000;

  private static MemoryServer start(Tls.Engine engine, Handler handler) {
    return MemoryServer.start(handler, TlsFiles.server().engine(engine).build(), options -> {});
  }

  private static SSLEngine client() {
    SSLEngine client = TlsFiles.client().createSSLEngine("localhost", 443);
    client.setUseClientMode(true);
    return client;
  }

  private static byte[] clientHello() throws SSLException {
    ByteBuffer out = ByteBuffer.allocate(32 << 10);
    SSLEngine client = client();
    client.beginHandshake();
    client.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void requestsAreAnsweredAndTheEndIsTold(Tls.Engine engine) {
    try (MemoryServer server = start(engine, HELLO);
        MemoryPeer peer = server.connect(client())) {
      assertThat(peer.request("GET / HTTP/1.1\nHost: a\n\n").answer().body()).isEqualTo("hello");
      assertThat(peer.isEnded()).isFalse();
      server.advance(Timeouts.DEFAULT.keepAliveIdle());
      assertThat(peer.isEnded()).isTrue();
      assertThat(peer.sawCloseNotify()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void anAnswerThatBreaksOffHasNoEnd(Tls.Engine engine) {
    Handler breaks =
        x -> {
          x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("half"));
          x.loop().execute(() -> x.fail(new IllegalStateException("by the test")));
        };
    try (MemoryServer server = start(engine, breaks);
        MemoryPeer peer = server.connect(client())) {
      peer.request("GET / HTTP/1.0\nHost: a\n\n");
      peer.awaitEnd();
      assertThat(peer.sawCloseNotify())
          .as("without a length only the end of TLS tells a whole body from a half one")
          .isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whoSaysNothingIsClosedAtTheLimit(Tls.Engine engine) {
    try (MemoryServer server = start(engine, HELLO)) {
      closesAtTheLimit(server, server.connect());
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whoSendsHalfAHelloIsClosedAtTheLimit(Tls.Engine engine) throws Exception {
    byte[] hello = clientHello();
    try (MemoryServer server = start(engine, HELLO)) {
      MemoryPeer peer = server.connect();
      peer.send(Arrays.copyOf(hello, hello.length / 2));
      closesAtTheLimit(server, peer);
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whoSendsAHelloAndNoMoreIsClosedAtTheLimit(Tls.Engine engine) throws Exception {
    try (MemoryServer server = start(engine, HELLO)) {
      MemoryPeer peer = server.connect();
      peer.send(clientHello());
      assertThat(peer.all()).isNotEmpty();
      closesAtTheLimit(server, peer);
    }
  }

  private static void closesAtTheLimit(MemoryServer server, MemoryPeer peer) {
    assertThat(server.connections()).isEqualTo(1);
    server.advance(Timeouts.DEFAULT.tlsHandshake().minusNanos(1));
    assertThat(peer.isEnded()).isFalse();
    server.advance(Duration.ofNanos(1));
    assertThat(peer.isEnded()).isTrue();
    assertThat(server.connections()).isZero();
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void whoDripsItsHelloGetsNoMoreTime(Tls.Engine engine) throws Exception {
    byte[] hello = clientHello();
    try (MemoryServer server = start(engine, HELLO)) {
      MemoryPeer peer = server.connect();
      for (int i = 0; i < 10; i++) {
        assertThat(peer.isEnded()).isFalse();
        peer.send(new byte[] {hello[i]});
        server.advance(Duration.ofSeconds(1));
      }
      assertThat(peer.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aCrowdThatSaysNothingIsGoneAtTheLimit(Tls.Engine engine) throws Exception {
    byte[] hello = clientHello();
    try (MemoryServer server = start(engine, HELLO)) {
      List<MemoryPeer> crowd = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        MemoryPeer peer = server.connect();
        crowd.add(peer);
        peer.send(Arrays.copyOf(hello, i % hello.length));
      }
      assertThat(server.connections()).isEqualTo(MANY);
      server.advance(Timeouts.DEFAULT.tlsHandshake());
      assertThat(server.connections()).isZero();
      assertThat(crowd).allMatch(MemoryPeer::isEnded);
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void garbageIsClosedAtOnce(Tls.Engine engine) throws Exception {
    byte[] endless = new byte[40 << 10]; // a hello that says to be 16 MiB long
    endless[0] = 22;
    endless[1] = 3;
    endless[2] = 1;
    endless[3] = (byte) 0xFF;
    endless[4] = (byte) 0xFF;
    byte[] long_ = new byte[5 + 16_000];
    System.arraycopy(new byte[] {22, 3, 1, 0x3E, (byte) 0x80, 1, 0x00, 0x7F, 0x00}, 0, long_, 0, 9);
    byte[] broken = clientHello();
    Arrays.fill(broken, 6, 60, (byte) 0xFF);
    for (byte[] bytes : List.of(new byte[] {(byte) 0x80, 1, 2}, endless, long_, broken)) {
      try (MemoryServer server = start(engine, HELLO)) {
        MemoryPeer peer = server.connect();
        peer.send(bytes);
        assertThat(peer.isEnded()).isTrue();
        assertThat(server.connections()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aStopDoesNotWaitForHandshakes(Tls.Engine engine) throws Exception {
    try (MemoryServer server = start(engine, HELLO)) {
      MemoryPeer peer = server.connect();
      peer.send(Arrays.copyOf(clientHello(), 20));
      CompletableFuture<DrainReport> stop = server.stop(Duration.ofSeconds(20));
      server.advance(Duration.ofSeconds(1));
      assertThat(stop).isCompleted();
      assertThat(stop.join().connections()).isEqualTo(1);
      assertThat(peer.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(ENGINES)
  void aRequestInClearIsToldSo(Tls.Engine engine) {
    try (MemoryServer server = start(engine, HELLO);
        MemoryPeer peer = server.connect()) {
      peer.request("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(peer.answer().status()).isEqualTo(400);
      assertThat(peer.isEnded()).isTrue();
    }
  }
}
