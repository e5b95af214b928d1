package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Handler;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Tls;
import dev.runnel.http.Response;
import dev.runnel.http.TlsInfo;
import dev.runnel.server.TlsCases.Case;
import dev.runnel.testing.Answer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP over TLS on real sockets, with the JDK's clients. */
class TlsTest {
  private static final String CASES = "dev.runnel.server.TlsCases#all";
  private static final Handler HELLO = x -> x.respond(Response.ok("hello"));

  private static LiveServer start(Case on, Tls.Builder tls, Handler handler) {
    return LiveServer.start(
        Server.builder()
            .port(0)
            .tls(tls.engine(on.engine()).build())
            .handler(handler)
            .options(o -> o.transport(on.transport()).loops(1)));
  }

  private static TcpPeer connect(Case on, LiveServer server) throws IOException {
    return TcpPeer.tls(
        server.port(),
        TlsFiles.client(),
        socket -> {
          SSLParameters set = socket.getSSLParameters();
          set.setProtocols(new String[] {on.version()});
          set.setServerNames(List.of(new SNIHostName("localhost"))); // else none: it has no dot
          socket.setSSLParameters(set);
        });
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void requestsAreAnsweredAndTellWhatWasAgreed(Case on) throws Exception {
    CompletableFuture<TlsInfo> info = new CompletableFuture<>();
    CompletableFuture<String> scheme = new CompletableFuture<>();
    Handler handler =
        x -> {
          info.complete(x.request().tls());
          scheme.complete(x.request().scheme());
          x.respond(Response.ok("hello"));
        };
    try (LiveServer server = start(on, TlsFiles.server(), handler);
        TcpPeer peer = connect(on, server)) {
      peer.request("GET / HTTP/1.1\nHost: localhost\n\nGET / HTTP/1.1\nHost: localhost\n\n");
      assertThat(peer.answer().body()).isEqualTo("hello");
      assertThat(peer.answer().body()).isEqualTo("hello");
      TlsInfo agreed = Eventually.get(info, "what was agreed");
      assertThat(agreed.protocol()).isEqualTo(on.version());
      assertThat(agreed.cipher()).isEqualTo(peer.tls().getSession().getCipherSuite());
      assertThat(agreed.cipher()).containsAnyOf("_GCM_", "_CHACHA20_");
      assertThat(agreed.serverName()).isEqualTo("localhost");
      assertThat(agreed.alpn()).isNull();
      assertThat(agreed.peerCertificates()).isEmpty();
      assertThat(Eventually.get(scheme, "the scheme")).isEqualTo("https");
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void largeBodiesGoBothWays(Case on) throws Exception {
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ('a' + i % 26);
    }
    Handler echo = Handlers.async(req -> req.body().bytesAsync().thenApply(Response::ok));
    try (LiveServer server =
            LiveServer.start(
                Server.builder()
                    .port(0)
                    .tls(TlsFiles.server().engine(on.engine()).build())
                    .handler(echo)
                    .options(
                        o ->
                            o.transport(on.transport())
                                .limits(Limits.DEFAULT.withBufferedBody(4 << 20))));
        TcpPeer peer = connect(on, server)) {
      Thread sender =
          new Thread(
              () -> {
                peer.request(
                    "POST / HTTP/1.1\nHost: localhost\nContent-Length: " + large.length + "\n\n");
                peer.send(large);
              });
      sender.start();
      Answer answer = peer.answer();
      sender.join();
      assertThat(answer.body())
          .isEqualTo(new String(large, java.nio.charset.StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void filesAreSent(Case on, @TempDir Path directory) throws Exception {
    Path file = directory.resolve("runnel-test-file");
    Files.writeString(file, "0123456789".repeat(100_000));
    try (LiveServer server = start(on, TlsFiles.server(), x -> x.respond(Response.file(file)));
        TcpPeer peer = connect(on, server)) {
      peer.request("GET / HTTP/1.1\nHost: localhost\n\n");
      assertThat(peer.answer().body()).isEqualTo(Files.readString(file));
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aClientInMidUploadSeesTheRefusal(Case on) throws Exception {
    Handler refuse = x -> x.respond(Response.of(413));
    try (LiveServer server = start(on, TlsFiles.server(), refuse);
        TcpPeer peer = connect(on, server)) {
      peer.reading(false);
      peer.request("POST / HTTP/1.1\nHost: localhost\nContent-Length: 2000000\n\n");
      try {
        peer.send(new byte[1_500_000]);
      } catch (UncheckedIOException e) {
        // In TLS 1.2 a client that has read the end of TLS can send no more; it has the answer.
        assertThat(on.version()).isEqualTo("TLSv1.2");
      }
      peer.reading(true);
      assertThat(peer.answer().status()).isEqualTo(413);
      peer.awaitEnd();
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void closeNotifyOfTheClientIsItsEnd(Case on) throws Exception {
    CompletableFuture<CancelCause> cancelled = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Handler never =
        x -> {
          x.onCancel(cancelled::complete);
          begun.complete(null);
        };
    try (LiveServer server = start(on, TlsFiles.server(), never);
        TcpPeer peer = connect(on, server)) {
      peer.request("GET / HTTP/1.1\nHost: localhost\n\n");
      Eventually.get(begun, "the call to begin");
      peer.halfClose();
      assertThat(Eventually.get(cancelled, "the call to be cancelled"))
          .isEqualTo(CancelCause.CLIENT_GONE);
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aFinWithoutCloseNotifyIsTheEndAsWell(Case on) throws Exception {
    CompletableFuture<CancelCause> cancelled = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    Handler never =
        x -> {
          x.onCancel(cancelled::complete);
          begun.complete(null);
        };
    try (LiveServer server = start(on, TlsFiles.server(), never);
        TcpPeer peer = connect(on, server)) {
      peer.request("GET / HTTP/1.1\nHost: localhost\n\n");
      Eventually.get(begun, "the call to begin");
      peer.truncate();
      assertThat(Eventually.get(cancelled, "the call to be cancelled"))
          .isEqualTo(CancelCause.CLIENT_GONE);
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void renegotiationIsRefused(Case on) throws Exception {
    if (on.version().equals("TLSv1.3")) {
      return; // it has none (RFC 8446 4.1.2); what its clients do instead is a key update
    }
    try (LiveServer server = start(on, TlsFiles.server(), HELLO);
        TcpPeer peer = connect(on, server)) {
      peer.request("GET / HTTP/1.1\nHost: localhost\n\n");
      assertThat(peer.answer().status()).isEqualTo(200);
      peer.tls().startHandshake();
      peer.awaitEnd();
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aKeyUpdateIsNoRenegotiation(Case on) throws Exception {
    if (on.version().equals("TLSv1.2")) {
      return;
    }
    try (LiveServer server = start(on, TlsFiles.server(), HELLO);
        TcpPeer peer = connect(on, server)) {
      for (int i = 0; i < 3; i++) {
        peer.request("GET / HTTP/1.1\nHost: localhost\n\n");
        assertThat(peer.answer().status()).isEqualTo(200);
        peer.tls().startHandshake();
      }
    }
  }

  @ParameterizedTest
  @MethodSource(CASES)
  void aRequestInClearIsToldSo(Case on) {
    for (String clear :
        List.of(
            "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + "x".repeat(400_000),
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
      try (LiveServer server = start(on, TlsFiles.server(), HELLO);
          TcpPeer peer = server.connect()) {
        peer.send(clear);
        Answer answer = peer.answer();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Connection")).isEqualTo("close");
        assertThat(answer.body()).contains("speaks TLS");
        peer.awaitEnd();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.runnel.server.TlsCases#engines")
  void theJdksHttpClientIsServed(Tls.Engine engine) throws Exception {
    // First, because it keeps descriptors of its own.
    HttpClient client = HttpClient.newBuilder().sslContext(TlsFiles.client()).build();
    try (LiveServer server =
        LiveServer.start(
            Server.builder()
                .port(0)
                .tls(TlsFiles.server().engine(engine).alpn("http/1.1").build())
                .handler(
                    x ->
                        x.respond(
                            Response.ok(x.request().tls().alpn())
                                .header("Connection", "close"))))) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(server.server().uri().resolve("/")).build(),
              BodyHandlers.ofString());
      assertThat(server.server().uri().getScheme()).isEqualTo("https");
      assertThat(answer.body()).isEqualTo("http/1.1");
    }
  }
}
