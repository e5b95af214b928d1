package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Timeouts;
import dev.runnel.http.Response;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TcpPeer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, versions 1 and 2, in front of a connection. */
class ProxyProtocolTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static final class Case {
    private final String name;
    private final byte[] header;
    private final String remote;
    private final String local;

    Case(String name, byte[] header, String remote, String local) {
      this.name = name;
      this.header = header;
      this.remote = remote;
      this.local = local;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> valid() {
    return List.of(
        v1("TCP4 192.0.2.1 198.51.100.7 56324 443", "192.0.2.1:56324", "198.51.100.7:443"),
        v1("TCP6 2001:db8::1 2001:db8::2 1 65535", "2001:db8:0:0:0:0:0:1:1", "2001:db8:"),
        v1("UNKNOWN", "127.0.0.1:", "127.0.0.1:"),
        v1("UNKNOWN ffff::1 ffff::2 1 2", "127.0.0.1:", "127.0.0.1:"),
        v2("TCP4", "2111000c" + "c0000201" + "c6336407" + "dc04" + "01bb", "192.0.2.1:56324"),
        v2(
            "TCP6",
            "21210024"
                + "20010db8"
                + "0".repeat(23)
                + "1"
                + "20010db8"
                + "0".repeat(23)
                + "2"
                + "0001"
                + "01bb",
            "2001:db8:0:0:0:0:0:1:1"),
        v2(
            "TCP4 and a TLV",
            "21110012" + "c0000201" + "c6336407" + "dc04" + "01bb" + "040003000000",
            "192.0.2.1:56324"),
        v2("LOCAL", "20000000", "127.0.0.1:"),
        v2(
            "LOCAL with an address",
            "2011000c" + "c0000201" + "c6336407" + "dc04" + "01bb",
            "127.0.0.1:"),
        v2("UNSPEC", "21000000", "127.0.0.1:"),
        v2("a Unix socket", "213100d8" + path("example.invalid") + path("b"), "127.0.0.1:"));
  }

  private static Case v1(String line, String remote, String local) {
    byte[] header = ("PROXY " + line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    return new Case("v1 " + line, header, remote, local);
  }

  private static Case v2(String name, String hex, String remote) {
    return new Case("v2 " + name, HexFormat.of().parseHex(SIGNATURE + hex), remote, "");
  }

  private static String path(String text) {
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    return hex + "0".repeat(216 - hex.length());
  }

  private static LiveServer start() {
    return start(Timeouts.DEFAULT);
  }

  private static LiveServer start(Timeouts timeouts) {
    return LiveServer.start(
        ProxyProtocolTest::tellAddresses, o -> o.proxyProtocol(true).loops(1).timeouts(timeouts));
  }

  private static void tellAddresses(Exchange x) {
    x.respond(
        Response.ok(text(x.request().remoteAddress()) + " to " + text(x.request().localAddress())));
  }

  private static String text(Object address) {
    return address.toString().replaceAll("^.*/|[\\[\\]]", "");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void tellsWhoTheClientIs(Case valid) {
    try (LiveServer server = start();
        TcpPeer peer = server.connect()) {
      peer.send(valid.header);
      for (int i = 0; i < 2; i++) {
        String[] addresses = peer.send(GET).answer().body().split(" to ", -1);
        assertThat(addresses[0]).startsWith(valid.remote);
        assertThat(addresses[1]).startsWith(valid.local);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void mayComeInOnePacketWithRequests(Case valid) {
    try (LiveServer server = start();
        TcpPeer peer = server.connect()) {
      byte[] requests = GET.repeat(3).getBytes(StandardCharsets.US_ASCII);
      byte[] all = java.util.Arrays.copyOf(valid.header, valid.header.length + requests.length);
      System.arraycopy(requests, 0, all, valid.header.length, requests.length);
      peer.send(all);
      for (int i = 0; i < 3; i++) {
        assertThat(peer.answer().body()).startsWith(valid.remote);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void mayComeByteByByte(Case valid) {
    try (LiveServer server = start();
        TcpPeer peer = server.connect()) {
      for (byte b : valid.header) {
        peer.send(new byte[] {b});
      }
      for (byte b : GET.getBytes(StandardCharsets.US_ASCII)) {
        peer.send(new byte[] {b});
      }
      assertThat(peer.answer().body()).startsWith(valid.remote);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        GET,
        "PROXY TCP4 not-an-address 198.51.100.7 56324 443\r\n" + GET,
        "PROXY TCP4 192.0.2.1 198.51.100.7 70000 443\r\n" + GET,
        "PROXY TCP4 192.0.2.1\r\n" + GET,
        "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n" + GET,
        "PROXY WHAT 192.0.2.1 198.51.100.7 56324 443\r\n" + GET,
        "PROXY TCP4 192.0.2.1 198.51.100.7 56324 443                                              "
            + "                                             \r\n"
            + GET,
        "\r\n\r\n\0\r\nQUIT\n1\021\0\f............" + GET
      })
  void withoutAValidOneTheConnectionIsClosed(String bytes) {
    try (LiveServer server = start();
        TcpPeer peer = server.connect()) {
      peer.send(bytes);
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  @Test
  void aSlowOneHasTheTimeOfAHead() {
    Timeouts timeouts = Timeouts.DEFAULT.withRequestHead(Duration.ofMillis(300));
    try (MemoryServer server =
            MemoryServer.start(
                ProxyProtocolTest::tellAddresses, o -> o.proxyProtocol(true).timeouts(timeouts));
        Peer slow = server.connect();
        Peer silent = server.connect()) {
      slow.send("PROXY TCP4 192.0.2.1 ");
      server.advance(Duration.ofMillis(299));
      assertThat(slow.isEnded()).isFalse();
      assertThat(silent.isEnded()).isFalse();
      server.advance(Duration.ofMillis(1));
      assertThat(slow.awaitEnd()).isEmpty();
      assertThat(silent.awaitEnd()).isEmpty();
    }
  }

  @Test
  void aClientThatLeavesBeforeItsEndIsGoneAtOnce() {
    Timeouts patient = Timeouts.DEFAULT.withRequestHead(Duration.ZERO);
    try (LiveServer server = start(patient)) {
      for (String begun : List.of("", "PROXY TCP4 192", "\r\n\r\n\0\r\n")) {
        try (TcpPeer peer = server.connect()) {
          peer.send(begun);
          peer.halfClose();
          assertThat(peer.awaitEnd()).isEmpty();
        }
      }
    }
  }

  @Test
  void aClientThatVanishesLeavesNothing() {
    try (LiveServer server = start()) {
      for (int i = 0; i < 50; i++) {
        TcpPeer peer = server.connect();
        peer.send("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n".substring(0, i % 45) + "");
        peer.vanish();
      }
      server.awaitQuiet();
    }
  }

  @Test
  void aStopDoesNotWaitForIt() throws Exception {
    try (LiveServer server =
            LiveServer.start(
                ProxyProtocolTest::tellAddresses,
                (ServerOptions.Builder o) -> o.proxyProtocol(true).loops(1));
        TcpPeer peer = server.connect()) {
      peer.send("PROXY TCP4 192.0.2.1 ");
      try (TcpPeer other = server.connect()) {
        // Answered behind the first one on the same loop, so that one is there too.
        other.send("PROXY UNKNOWN\r\n" + GET).answer();
      }
      Eventually.get(
          server.server().stopAsync(Duration.ofHours(1)).toCompletableFuture(), "the stop");
      peer.awaitEnd();
    }
  }
}
