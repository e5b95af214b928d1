package dev.runnel.engine.internal.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What proxies are told, and which answers of theirs are taken, in every split. */
class ProxyTalkTest {
  private static final String USER = "wendolin";
  private static final String SECRET = "s3cret";

  /**
   * A proxy's answer.
   *
   * @param answer in hexadecimal for SOCKS
   * @param verdict "" if it is taken, else a part of the message; "…" if it is not whole
   * @param rest what follows the answer, and is the server's
   */
  private record Case(Supplier<ProxyTalk> talk, String answer, String verdict, String rest) {
    @Override
    public String toString() {
      return talk.get().getClass().getSimpleName() + " " + answer.replace("\r\n", "|") + verdict;
    }

    byte[] bytes() {
      return talk.get() instanceof ConnectTalk
          ? (answer + rest).getBytes(StandardCharsets.ISO_8859_1)
          : HexFormat.of().parseHex((answer + rest).replaceAll("[ |]", ""));
    }
  }

  private static Case connect(String answer, String verdict) {
    return new Case(
        () -> new ConnectTalk("a.test:443", null, null), answer.replace("|", "\r\n"), verdict, "");
  }

  private static Case login(String answer, String verdict) {
    return new Case(
        () -> new ConnectTalk("a.test:443", USER, SECRET),
        answer.replace("|", "\r\n"),
        verdict,
        "");
  }

  private static Case socks4(String answer, String verdict) {
    return new Case(() -> new Socks4Talk(null, "a.test", 443, USER), answer, verdict, "");
  }

  private static Case socks5(String answer, String verdict) {
    return new Case(() -> new Socks5Talk(null, "a.test", 443, null, null), answer, verdict, "");
  }

  private static Case socks5Login(String answer, String verdict) {
    return new Case(() -> new Socks5Talk(null, "a.test", 443, USER, SECRET), answer, verdict, "");
  }

  private static Case with(Case from, String rest) {
    return new Case(from.talk, from.answer, from.verdict, rest);
  }

  static Stream<Case> good() {
    return Stream.of(
        connect("HTTP/1.1 200 OK||", ""),
        connect("HTTP/1.0 200 Connection established||", ""),
        connect("HTTP/1.1 200||", ""),
        connect("HTTP/1.1 200 ||", ""),
        connect("HTTP/1.1 204 No Content||", ""),
        connect("HTTP/1.1 299 Höflich||", ""),
        connect("HTTP/1.1 200 OK|Content-Length: 10|Transfer-Encoding: chunked||", ""),
        connect("HTTP/1.1 200 OK|X-Empty:|Via:\t1.1 p ||", ""),
        connect("HTTP/1.1 100 Continue||HTTP/1.1 103 Hints|Link: x||HTTP/1.1 200 OK||", ""),
        with(connect("HTTP/1.1 200 OK||", ""), "\0\0\22\4 SETTINGS"),
        with(connect("HTTP/1.1 200 OK||", ""), "\r\n\r\n"),
        with(connect("HTTP/1.1 200 OK||", ""), "HTTP/1.1 407 No\r\n\r\n"),
        login("HTTP/1.1 200 OK||", ""),
        socks4("00 5a 0000 00000000", ""),
        socks4("00 5a ffff ffffffff", ""),
        with(socks4("00 5a 0000 00000000", ""), "00 5b 0000"),
        socks5("05 00 | 05 00 00 01 7f000001 0050", ""),
        socks5("05 00 | 05 00 00 04 00000000000000000000000000000001 0050", ""),
        socks5("05 00 | 05 00 00 03 03 612e62 0050", ""),
        socks5("05 00 | 05 00 00 03 00 0050", ""),
        with(socks5("05 00 | 05 00 00 01 7f000001 0050", ""), "00 00 00 05"),
        socks5Login("05 00 | 05 00 00 01 7f000001 0050", ""),
        socks5Login("05 02 | 01 00 | 05 00 00 01 7f000001 0050", ""));
  }

  static Stream<Case> bad() {
    String longLine = "HTTP/1.1 200 OK|X: " + "x".repeat(ConnectTalk.LONGEST_HEAD) + "||";
    String manyFields = "HTTP/1.1 200 OK|" + "X: y|".repeat(4000) + "|";
    String manyInterim = "HTTP/1.1 100 Go on||".repeat(1000) + "HTTP/1.1 200 OK||";
    return Stream.of(
        connect("HTTP/1.1 407 Who are you|Proxy-Authenticate: Basic realm=x||", "none are set"),
        login("HTTP/1.1 407 No|Proxy-Authenticate: Basic realm=x||", "does not take the user name"),
        login("HTTP/1.1 407 No|Proxy-Authenticate: Digest r=x||", "by 'Digest', and only Basic"),
        connect("HTTP/1.1 407||", "none are set"),
        connect("HTTP/1.1 403 Forbidden||", "403 'Forbidden' to CONNECT a.test:443"),
        connect("HTTP/1.1 502 Bad \33[31mGateway||", "not HTTP/1.1: 'HTTP/1.1 502 Bad ?[31mG"),
        connect("HTTP/1.1 502 Schön||", "502 'Sch?n'"),
        connect("HTTP/1.1 301 Moved|Location: http://b/||", "301 'Moved'"),
        connect("HTTP/1.1 101 Switching Protocols||", "switches protocols"),
        connect("HTTP/1.1 503||", "503 to CONNECT"),
        connect("HTTP/1.1 500 " + "x".repeat(500) + "||", "…'"),
        connect("HTTP/2.0 200 OK||", "not HTTP/1.1"),
        connect("HTTP/1.2 200 OK||", "not HTTP/1.1"),
        connect("HTTP/1.1 2000 OK||", "not HTTP/1.1"),
        connect("HTTP/1.1 20 OK||", "not HTTP/1.1"),
        connect("HTTP/1.1 099 OK||", "not HTTP/1.1"),
        connect("HTTP/1.1  200 OK||", "not HTTP/1.1"),
        connect("HTTP/1.1 200\tOK||", "not HTTP/1.1"),
        connect("http/1.1 200 OK||", "not HTTP/1.1"),
        connect("ICY 200 OK||", "not HTTP/1.1"),
        connect(" HTTP/1.1 200 OK||", "not HTTP/1.1"),
        connect("|HTTP/1.1 200 OK||", "not HTTP/1.1: ''"),
        connect("SSH-2.0-OpenSSH_9.2|", "not HTTP/1.1: 'SSH-2.0"),
        connect("\25\3\3\0\2\2\50|", "not HTTP/1.1"),
        connect("HTTP/1.1 200 OK\n\n", "LF alone"),
        connect("HTTP/1.1 200 OK\rX|", "not HTTP/1.1"),
        connect("HTTP/1.1 200 OK|X: y\n\n", "LF alone"),
        connect("HTTP/1.1 200 OK|X y||", "broken field: 'X y'"),
        connect("HTTP/1.1 200 OK|X : y||", "broken field"),
        connect("HTTP/1.1 200 OK|: y||", "broken field"),
        connect("HTTP/1.1 200 OK|X: y| folded||", "broken field: ' folded'"),
        connect("HTTP/1.1 200 OK|X: \0||", "broken field: 'X: ?'"),
        connect("HTTP/1.1 200 OK|X: a\rb||", "broken field"),
        connect(longLine, "longer than 16384"),
        connect(manyFields, "longer than 16384"),
        connect(manyInterim, "longer than 16384"),
        connect("x".repeat(ConnectTalk.LONGEST_HEAD + 1), "longer than 16384"),
        connect("HTTP/1.1 200 OK|X: y|", "…"),
        connect("HTTP/1.1 100 Continue||", "…"),
        connect("", "…"),
        socks4("00 5b 0000 00000000", "rejected or failed (SOCKS4 code 91)"),
        socks4("00 5c 0000 00000000", "identd here who we are"),
        socks4("00 5d 0000 00000000", "names another user"),
        socks4("00 00 0000 00000000", "unknown SOCKS4 code 0"),
        socks4("00 ff 0000 00000000", "unknown SOCKS4 code 255"),
        socks4("04", "does not speak SOCKS4: its answer begins with 4"),
        socks4("05 00", "begins with 5"),
        socks4("48 54 54 50", "begins with 72"),
        socks4("00 5a 0000 000000", "…"),
        socks5("04 5a", "does not speak SOCKS5: its answer begins with 4"),
        socks5("48 54", "begins with 72"),
        socks5("05", "…"),
        socks5("05 ff", "wants a login, and no user name is set"),
        socks5("05 02", "method 2, which was not offered"),
        socks5("05 01", "method 1, which was not offered"),
        socks5Login("05 ff", "neither a login by password nor none at all"),
        socks5Login("05 80", "method 128"),
        socks5Login("05 02 | 01 01", "does not take the user name and password"),
        socks5Login("05 02 | 01 ff", "does not take the user name and password"),
        socks5Login("05 02 | 05 00", "breaks off its login"),
        socks5Login("05 02 | 01", "…"),
        socks5("05 00 | 05 01 00 01 00000000 0000", "general failure (SOCKS5 code 1)"),
        socks5("05 00 | 05 02", "rules do not allow"),
        socks5("05 00 | 05 03", "network unreachable"),
        socks5("05 00 | 05 04", "host unreachable"),
        socks5("05 00 | 05 05", "connection refused"),
        socks5("05 00 | 05 06", "TTL expired"),
        socks5("05 00 | 05 07", "knows no CONNECT"),
        socks5("05 00 | 05 08", "type of address"),
        socks5("05 00 | 05 09", "no RFC knows (SOCKS5 code 9)"),
        socks5("05 00 | 04 00", "reply is not SOCKS5"),
        socks5("05 00 | 05 00 01", "reserved byte"),
        socks5("05 00 | 05 00 00 02 00", "unknown type of address: 2"),
        socks5("05 00 | 05 00 00 00 00", "unknown type of address: 0"),
        socks5("05 00 | 05 00 00 01 7f000001 00", "…"),
        socks5("05 00 | 05 00 00 03 ff 61 0050", "…"));
  }

  /** Feeds an answer in pieces; a SOCKS5 proxy's comes turn by turn. */
  private static Reading read(Case c, int piece) {
    ProxyTalk talk = c.talk.get();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    said.writeBytes(talk.opening());
    ByteBuf in = Unpooled.buffer();
    byte[] all = c.bytes();
    for (int at = 0; at < all.length && !talk.isDone(); ) {
      int length = Math.min(piece, all.length - at);
      in.writeBytes(all, at, length);
      at += length;
      int before;
      do {
        before = in.readableBytes();
        said.writeBytes(talk.answer(in));
      } while (!talk.isDone() && in.readableBytes() < before);
      if (talk.isDone()) {
        in.writeBytes(all, at, all.length - at);
      }
    }
    byte[] rest = new byte[in.readableBytes()];
    in.readBytes(rest);
    return new Reading(talk.isDone(), hex(said.toByteArray()), hex(rest));
  }

  private record Reading(boolean done, String said, String rest) {}

  private static int[] pieces(Case c) {
    return new int[] {1, 2, 3, 5, 7, 64, 1000, Math.max(1, c.bytes().length)};
  }

  @ParameterizedTest
  @MethodSource("good")
  void goodAnswersAreTakenAndNotAByteMore(Case c) {
    byte[] rest =
        c.talk.get() instanceof ConnectTalk
            ? c.rest.getBytes(StandardCharsets.ISO_8859_1)
            : HexFormat.of().parseHex(c.rest.replace(" ", ""));
    for (int piece : pieces(c)) {
      Reading reading = read(c, piece);
      assertThat(reading.done).isTrue();
      assertThat(reading.rest).isEqualTo(hex(rest));
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void badAnswersAreRefusedOrWaitedFor(Case c) {
    for (int piece : pieces(c)) {
      if (c.verdict.equals("…")) {
        assertThat(read(c, piece).done).isFalse();
      } else {
        assertThatThrownBy(() -> read(c, piece))
            .isInstanceOfSatisfying(
                ClientException.class,
                e -> {
                  assertThat(e.reason()).isEqualTo(Reason.PROXY);
                  assertThat(e.isUnprocessed()).isTrue();
                })
            .hasMessageContaining(c.verdict)
            .message()
            .doesNotContain(SECRET, "d2VuZG9saW", USER)
            .matches("[\\x20-\\x7E…]*");
      }
    }
  }

  @Test
  void thereAreManyBadAnswers() {
    assertThat(bad().count()).isGreaterThan(70);
  }

  @Test
  void connectSaysWhereAndWho() {
    assertThat(text(new ConnectTalk("[::1]:443", "ann", SECRET).opening()))
        .startsWith("CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n")
        .endsWith("\r\nProxy-Authorization: Basic YW5uOnMzY3JldA==\r\n\r\n");
    assertThat(text(new ConnectTalk("a.test:80", null, null).opening()))
        .isEqualTo("CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n");
    assertThat(text(new ConnectTalk("a.test:80", "ann", null).opening()))
        .contains("Basic YW5uOg==\r\n");
  }

  @Test
  void socks4SaysNameOrAddress() throws UnknownHostException {
    Inet4Address four = (Inet4Address) InetAddress.getByAddress(new byte[] {1, 2, 3, 4});
    assertThat(hex(new Socks4Talk(null, "a.b", 443, "me").opening()))
        .isEqualTo("0401" + "01bb" + "00000001" + "6d6500" + "612e6200");
    assertThat(hex(new Socks4Talk(four, "a.b", 443, null).opening()))
        .isEqualTo("0401" + "01bb" + "01020304" + "00");
  }

  @Test
  void socks5SaysNameOrAddressAndLogsIn() {
    String granted = "05 00 00 01 7f000001 0050";
    assertThat(said(null, null, "05 00" + granted))
        .isEqualTo("050100" + "05010003" + "03612e62" + "01bb");
    assertThat(said("me", "pw", "05 02 01 00" + granted))
        .isEqualTo("05020002" + "01026d65027077" + "05010003" + "03612e62" + "01bb");
    assertThat(said("me", null, "05 02 01 00" + granted)).contains("01026d6500");
    InetAddress six = HostNames.literal("::1");
    Case bySix =
        new Case(() -> new Socks5Talk(six, "a.b", 443, null, null), "05 00" + granted, "", "");
    assertThat(read(bySix, 1).said).endsWith("05010004" + "0".repeat(31) + "1" + "01bb");
    InetAddress four = HostNames.literal("1.2.3.4");
    Case byFour =
        new Case(() -> new Socks5Talk(four, "a.b", 443, null, null), "05 00" + granted, "", "");
    assertThat(read(byFour, 1).said).endsWith("05010001" + "01020304" + "01bb");
  }

  private static String said(String user, String password, String answer) {
    Case c = new Case(() -> new Socks5Talk(null, "a.b", 443, user, password), answer, "", "");
    return read(c, 1).said;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void aHostThatWouldSaySomethingElseIsRefused() {
    for (String host :
        List.of("", "a b", "a\r\nX: y", "a/b", "a?b", "a@b", "[::1]", "ä.test", "a\0")) {
      assertThatThrownBy(() -> Hosts.check(Destinations.of(host, 80)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must be a name in ASCII or an address");
    }
  }
}
