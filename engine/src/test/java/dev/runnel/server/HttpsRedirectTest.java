package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Handler;
import dev.runnel.engine.ListenAddress;
import dev.runnel.http.Response;
import dev.runnel.testing.Answer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.TlsFiles;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The place in clear that sends everybody to the one with TLS, and the filter that spares it. */
class HttpsRedirectTest {
  private static ListenAddress clear() {
    return ListenAddress.tcp("127.0.0.1", 0);
  }

  private static LiveServer start(ListenAddress redirect) {
    return LiveServer.start(
        Server.builder()
            .port(0)
            .tls(TlsFiles.server().build())
            .listen(redirect)
            .handler(Filters.hsts().apply(x -> x.respond(Response.ok("secure")))));
  }

  private static TcpPeer inClear(LiveServer server) {
    return new TcpPeer(((InetSocketAddress) server.server().addresses().get(1)).getPort());
  }

  private static Answer ask(LiveServer server, String request) {
    try (TcpPeer peer = inClear(server)) {
      return peer.request(request).answer();
    }
  }

  @Test
  void everyRequestIsSentToTheTlsPort() {
    try (LiveServer server = start(clear().redirectingToHttps())) {
      String there = "https://example.test:" + server.port();
      Answer get = ask(server, "GET /a%20b/c?d=e&f HTTP/1.1\nHost: example.test:8080\n\n");
      assertThat(get.status()).isEqualTo(308);
      assertThat(get.header("Location")).isEqualTo(there + "/a%20b/c?d=e&f");
      assertThat(get.header("Strict-Transport-Security")).isNull();
      Answer post = ask(server, "POST /x HTTP/1.1\nHost: example.test\nContent-Length: 3\n\nabc");
      assertThat(post.status()).isEqualTo(308);
      assertThat(post.header("Location")).isEqualTo(there + "/x");
      Answer v6 = ask(server, "GET / HTTP/1.1\nHost: [::1]:80\n\n");
      assertThat(v6.header("Location")).isEqualTo("https://[::1]:" + server.port() + "/");
      assertThat(ask(server, "GET / HTTP/1.0\n\n").status()).isEqualTo(400);
      assertThat(ask(server, "OPTIONS * HTTP/1.1\nHost: a\n\n").status()).isEqualTo(400);
    }
  }

  /** RFC 6797 7.2: not over a transport that anybody may have changed. */
  @Test
  void nothingIsSaidOfHstsInClear() {
    Handler hsts = Filters.hsts().apply(x -> x.respond(Response.ok(x.request().scheme())));
    try (LiveServer server = LiveServer.start(Server.builder().port(0).handler(hsts));
        TcpPeer peer = server.connect()) {
      Answer answer = peer.request("GET https://a/ HTTP/1.1\nHost: a\n\n").answer();
      assertThat(answer.body()).isEqualTo("http");
      assertThat(answer.header("Strict-Transport-Security")).isNull();
    }
  }

  @Test
  void aNamedPortIsUsedAnd443IsNotWritten() {
    try (LiveServer server = start(clear().redirectingToHttps(443))) {
      Answer answer = ask(server, "GET / HTTP/1.1\nHost: example.test:80\n\n");
      assertThat(answer.header("Location")).isEqualTo("https://example.test/");
    }
    try (LiveServer server = start(clear().redirectingToHttps(8443))) {
      Answer answer = ask(server, "GET / HTTP/1.1\nHost: example.test\n\n");
      assertThat(answer.header("Location")).isEqualTo("https://example.test:8443/");
    }
  }

  @Test
  void thereMustBeATlsPort() {
    assertThatThrownBy(
            () ->
                Server.builder()
                    .listen(clear().redirectingToHttps())
                    .handler(x -> x.respond(Response.ok()))
                    .start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("speaks TLS nowhere");
  }

  @Test
  void hstsStandsOnAnswersOverTlsOnly() throws Exception {
    try (LiveServer server = start(clear());
        TcpPeer secure = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
      secure.request("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(secure.answer().header("Strict-Transport-Security")).isEqualTo("max-age=31536000");
      Answer clear = ask(server, "GET / HTTP/1.1\nHost: a\n\n");
      assertThat(clear.status()).isEqualTo(200);
      assertThat(clear.header("Strict-Transport-Security")).isNull();
    }
  }

  @Test
  void hstsForAll() throws Exception {
    Server.Builder preloaded =
        Server.builder()
            .port(0)
            .tls(TlsFiles.server().build())
            .handler(
                Filters.hsts(Duration.ofDays(730), true, true)
                    .apply(x -> x.respond(Response.ok())));
    try (LiveServer server = LiveServer.start(preloaded);
        TcpPeer secure = TcpPeer.tls(server.port(), TlsFiles.client(), s -> {})) {
      secure.request("GET / HTTP/1.1\nHost: a\n\n");
      assertThat(secure.answer().header("Strict-Transport-Security"))
          .isEqualTo("max-age=63072000; includeSubDomains; preload");
    }
    assertThatThrownBy(() -> Filters.hsts(Duration.ofDays(30), true, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Filters.hsts(Duration.ofDays(-1), false, false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
