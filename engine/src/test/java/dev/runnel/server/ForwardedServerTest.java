package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.TrustedProxies;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.testing.TcpPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Trusted proxies, from the socket to what a handler sees. */
class ForwardedServerTest {
  private static final String X_FIELDS =
      "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\n";
  private static final String DIRECT = "127.0.0.1 http proxy.test";

  /** Sends requests with these fields over one connection, and gives what the handler saw. */
  private static String[] seen(TrustedProxies trusted, String... fields) {
    return seen("/", trusted, fields);
  }

  private static String[] seenAt(String target, TrustedProxies trusted) {
    return seen(target, trusted, "");
  }

  private static String[] seen(String target, TrustedProxies trusted, String... fields) {
    Server server =
        Server.builder()
            .port(0)
            .options(o -> o.trustedProxies(trusted))
            .handler(x -> x.respond(Response.ok(view(x.request()))))
            .start();
    try (TcpPeer peer = new TcpPeer(server.port())) {
      String[] views = new String[fields.length];
      for (int i = 0; i < fields.length; i++) {
        peer.send("GET " + target + " HTTP/1.1\r\nHost: proxy.test\r\n" + fields[i] + "\r\n");
        views[i] = peer.answer().body();
      }
      return views;
    } finally {
      assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
    }
  }

  private static String view(Request request) {
    InetSocketAddress client = (InetSocketAddress) request.remoteAddress();
    return client.getAddress().getHostAddress()
        + " "
        + request.scheme()
        + " "
        + request.authority();
  }

  @Test
  void nobodyIsBelievedUnlessNamed() {
    assertThat(seen(TrustedProxies.NONE, X_FIELDS, "Forwarded: for=203.0.113.9;proto=https\r\n"))
        .containsExactly(DIRECT, DIRECT);
    assertThat(seen(TrustedProxies.of("10.0.0.0/8"), X_FIELDS)).containsExactly(DIRECT);
  }

  @Test
  void aTrustedProxyIsBelieved() {
    assertThat(
            seen(
                TrustedProxies.of("127.0.0.0/8"),
                X_FIELDS,
                "Forwarded: for=203.0.113.9;proto=https;host=shop.test\r\n",
                "Forwarded: for=\"[2001:db8::1]:4711\";proto=https\r\n"))
        .containsExactly(
            "203.0.113.9 https shop.test",
            "203.0.113.9 https shop.test",
            "2001:db8:0:0:0:0:0:1 https proxy.test");
  }

  @Test
  void ofTwoKindsTheOneThatIsNamedIsBelieved() {
    String both = "Forwarded: for=198.51.100.1;proto=http;host=forged.test\r\n" + X_FIELDS;
    TrustedProxies trusted = TrustedProxies.of("127.0.0.1");
    assertThat(seen(trusted, both))
        .as("nobody knows which the proxy wrote")
        .containsExactly(DIRECT);
    assertThat(seen(trusted.withFields(TrustedProxies.Fields.X_FORWARDED), both))
        .containsExactly("203.0.113.9 https shop.test");
    assertThat(seen(trusted.withFields(TrustedProxies.Fields.FORWARDED), both))
        .containsExactly("198.51.100.1 http forged.test");
  }

  /** RFC 9110 7.4: a scheme that a client writes into its target makes nothing secure. */
  @Test
  void theSchemeIsThatOfTheConnectionUnlessAProxySaysOtherwise() {
    String target = "https://proxy.test/";
    assertThat(seenAt(target, TrustedProxies.NONE)).containsExactly(DIRECT);
    assertThat(seenAt(target, TrustedProxies.of("10.0.0.0/8"))).containsExactly(DIRECT);
    assertThat(seenAt(target, TrustedProxies.of("127.0.0.1")))
        .containsExactly("127.0.0.1 https proxy.test");
  }

  @Test
  void eachRequestOfAConnectionHasItsOwnClient() {
    assertThat(
            seen(
                TrustedProxies.of("127.0.0.1"),
                "X-Forwarded-For: 203.0.113.1\r\n",
                "X-Forwarded-For: 203.0.113.2\r\n",
                ""))
        .containsExactly("203.0.113.1 http proxy.test", "203.0.113.2 http proxy.test", DIRECT);
  }

  @Test
  void whatStandsBeforeTheFirstStrangerIsMadeUp() {
    assertThat(
            seen(
                TrustedProxies.of("127.0.0.1", "10.0.0.0/8"),
                "X-Forwarded-For: 1.2.3.4, 203.0.113.9, 10.1.1.1\r\n",
                "Forwarded: for=1.2.3.4, for=203.0.113.9\r\nForwarded: for=10.1.1.1\r\n"))
        .containsExactly("203.0.113.9 http proxy.test", "203.0.113.9 http proxy.test");
  }

  @Test
  void whatIsNoAddressIsNobody() {
    assertThat(
            seen(
                TrustedProxies.of("127.0.0.1"),
                "X-Forwarded-For: localhost\r\nX-Forwarded-Proto: gopher\r\n",
                "Forwarded: for=_hidden;host=\"a b\"\r\n"))
        .containsExactly(DIRECT, DIRECT);
  }
}
