package dev.runnel.conformance.http2;

import static dev.runnel.conformance.http2.Rule.malformed;
import static dev.runnel.conformance.http2.Rule.script;
import static dev.runnel.conformance.http2.Rule.served;
import static dev.runnel.conformance.http2.Rule.stream;
import static dev.runnel.testing.http2.ErrorCode.PROTOCOL_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.Reply;
import dev.runnel.testing.http2.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Messages: fields, pseudo-header fields, framing by content (RFC 9113 8). */
final class HeadRules {
  private HeadRules() {}

  static Stream<Rule> all() {
    return Stream.of(
            names(),
            values(),
            connectionFields(),
            pseudo(),
            targets(),
            lengths(),
            trailers(),
            taken())
        .flatMap(List::stream);
  }

  /** A GET of /fields, with more fields behind. */
  private static String[] get(String... more) {
    return with(
        List.of(":method", "GET", ":scheme", "http", ":path", "/fields", ":authority", "a"), more);
  }

  private static String[] with(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static Frame post(String... more) {
    return Frame.request(1, false, "POST", "/count", more);
  }

  private static List<Rule> names() {
    List<Rule> rules = new ArrayList<>();
    rules.add(malformed("8.2.1 a name in upper case", get("X-Upper", "1")));
    for (String name :
        List.of(
            "", "a b", " a", "a ", "a:b", "a:", "a\u0000", "a\u007f", "a\u00e9", "a\t", "a\r",
            "a\n")) {
      rules.add(malformed("8.2.1 the name '" + printable(name) + "'", get(name, "1")));
    }
    for (String name : List.of("a(b", "a/b", "a\"b", "a{b", "a@b")) {
      rules.add(malformed("RFC 9110 5.1 the name '" + name + "'", get(name, "1")));
    }
    return rules;
  }

  private static List<Rule> values() {
    List<Rule> rules = new ArrayList<>();
    for (String value :
        List.of("a\u0000b", "a\rb", "a\nb", "a\r\nb: c", " a", "a ", "\ta", "a\t")) {
      rules.add(malformed("8.2.1 the value '" + printable(value) + "'", get("name", value)));
    }
    for (String value : List.of("/\u0000", "/a\nb", "/a\rb")) {
      rules.add(
          malformed(
              "8.2.1 the path '" + printable(value) + "'",
              ":method",
              "GET",
              ":scheme",
              "http",
              ":path",
              value,
              ":authority",
              "a"));
    }
    rules.add(
        served(
            "8.2.1 values empty, with blanks inside and beyond ASCII",
            Frame.headers(1, true, get("e", "", "f", "a \t b", "g", "\u00e9"))));
    return rules;
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(
            c ->
                out.append(
                    c > ' ' && c < 0x7f ? String.valueOf((char) c) : String.format("\\x%02x", c)));
    return out.toString();
  }

  private static List<Rule> connectionFields() {
    return List.of(
        malformed("8.2.2 connection", get("connection", "keep-alive")),
        malformed("8.2.2 keep-alive", get("keep-alive", "timeout=5")),
        malformed("8.2.2 proxy-connection", get("proxy-connection", "keep-alive")),
        malformed("8.2.2 upgrade", get("upgrade", "h2c")),
        stream(PROTOCOL_ERROR, "8.2.2 transfer-encoding", post("transfer-encoding", "chunked")),
        malformed("8.2.2 te: gzip", get("te", "gzip")),
        malformed("8.2.2 te: trailers, gzip", get("te", "trailers, gzip")),
        served("8.2.2 te: trailers", Frame.headers(1, true, get("te", "trailers"))),
        malformed("8.2.2 connection in trailers is malformed too", get("connection", "close")));
  }

  private static List<Rule> pseudo() {
    return List.of(
        malformed("8.3 an unknown pseudo-header field", get(":test", "1")),
        malformed("8.3 one of responses", get(":status", "200")),
        malformed(
            "8.3 behind the fields",
            ":method",
            "GET",
            ":scheme",
            "http",
            "a",
            "1",
            ":path",
            "/fields",
            ":authority",
            "a"),
        malformed("8.3 twice: :method", get(":method", "GET")),
        malformed("8.3 twice: :scheme", get(":scheme", "http")),
        malformed("8.3 twice: :path", get(":path", "/fields")),
        malformed("8.3 twice: :authority", get(":authority", "a")),
        malformed("8.3.1 no :method", ":scheme", "http", ":path", "/fields", ":authority", "a"),
        malformed("8.3.1 no :scheme", ":method", "GET", ":path", "/fields", ":authority", "a"),
        malformed("8.3.1 no :path", ":method", "GET", ":scheme", "http", ":authority", "a"),
        malformed("8.3.1 no fields at all"),
        malformed(
            "8.3.1 an empty :method",
            ":method",
            "",
            ":scheme",
            "http",
            ":path",
            "/fields",
            ":authority",
            "a"),
        malformed(
            "RFC 9110 9.1 a :method that is no token",
            ":method",
            "G ET",
            ":scheme",
            "http",
            ":path",
            "/fields",
            ":authority",
            "a"),
        malformed(
            "8.3.1 an empty :scheme",
            ":method",
            "GET",
            ":scheme",
            "",
            ":path",
            "/fields",
            ":authority",
            "a"),
        malformed("RFC 8441 4 :protocol without CONNECT", get(":protocol", "websocket")));
  }

  private static Rule target(String name, String method, String path) {
    return malformed(name, ":method", method, ":scheme", "http", ":path", path, ":authority", "a");
  }

  private static List<Rule> targets() {
    return List.of(
        target("8.3.1 an empty :path", "GET", ""),
        target("8.3.1 an empty :path of OPTIONS", "OPTIONS", ""),
        target("8.3.1 a :path of * without OPTIONS", "GET", "*"),
        target("8.3.1 a :path that does not begin with a slash", "GET", "fields"),
        target("8.3.1 a :path that is a URI", "GET", "http://a/fields"),
        target("RFC 9110 7.1 a fragment in :path", "GET", "/fields#a"),
        target("RFC 3986 3.3 a blank in :path", "GET", "/fields a"),
        served(
            "8.3.1 a :path of * with OPTIONS",
            Frame.headers(
                1, true, ":method", "OPTIONS", ":scheme", "http", ":path", "*", ":authority", "a")),
        malformed(
            "8.3.1 neither :authority nor host", ":method", "GET", ":scheme", "http", ":path", "/"),
        malformed(
            "8.3.1 an empty :authority",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            ""),
        malformed(
            "8.3.1 userinfo in :authority",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "user@a"),
        malformed("8.3.1 :authority and another host", get("host", "b")),
        malformed(
            "RFC 9110 7.2 two hosts",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            "host",
            "a",
            "host",
            "a"),
        malformed(
            "8.5 CONNECT with :path",
            ":method",
            "CONNECT",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a:1"),
        malformed("8.5 CONNECT without :authority", ":method", "CONNECT"),
        malformed("8.5 CONNECT without a port", ":method", "CONNECT", ":authority", "a"),
        malformed(
            "RFC 8441 4 extended CONNECT without :path",
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "http",
            ":authority",
            "a"));
  }

  private static List<Rule> lengths() {
    Frame five = Frame.data(1, true, "12345");
    List<Rule> rules =
        new ArrayList<>(
            List.of(
                stream(
                    PROTOCOL_ERROR,
                    "8.1.1 less content than its length",
                    post("content-length", "6"),
                    five),
                stream(
                    PROTOCOL_ERROR,
                    "8.1.1 more content than its length",
                    post("content-length", "4"),
                    five),
                stream(
                    PROTOCOL_ERROR,
                    "8.1.1 more content than its length, before the end",
                    post("content-length", "1"),
                    Frame.data(1, false, "12")),
                stream(
                    PROTOCOL_ERROR,
                    "8.1.1 less content in several frames",
                    post("content-length", "11"),
                    Frame.data(1, false, "12345"),
                    five),
                stream(
                    PROTOCOL_ERROR,
                    "8.1.1 less content, then trailers",
                    post("content-length", "11"),
                    Frame.data(1, false, "12345"),
                    Frame.headers(1, true, "t", "1")),
                malformed("8.1.1 a length, and no content", get("content-length", "1")),
                served(
                    "8.1.1 a length of 0, and no content",
                    Frame.headers(1, true, get("content-length", "0"))),
                served("8.1.1 content as long as its length", post("content-length", "5"), five),
                served(
                    "8.1.1 content in pieces, empty ones too",
                    post("content-length", "5"),
                    Frame.data(1, false, ""),
                    Frame.data(1, false, "12345"),
                    Frame.data(1, true, "")),
                stream(
                    PROTOCOL_ERROR,
                    "RFC 9110 8.6 lengths that differ",
                    post("content-length", "5", "content-length", "6"),
                    five)));
    for (String length : List.of("", "-5", "+5", "5x", "0x5", "5.0", "99999999999999999999")) {
      rules.add(
          stream(
              PROTOCOL_ERROR,
              "RFC 9110 8.6 a length of '" + length + "'",
              post("content-length", length),
              five));
    }
    return rules;
  }

  private static List<Rule> trailers() {
    Frame some = Frame.data(1, false, "123");
    return List.of(
        served("8.1 trailers", post(), some, Frame.headers(1, true, "t", "1")),
        served("8.1 trailers behind no content", post(), Frame.headers(1, true, "t", "1")),
        served("8.1 empty trailers", post(), some, Frame.headers(1, true)),
        stream(
            PROTOCOL_ERROR,
            "8.1 a second head that does not end the stream",
            post(),
            some,
            Frame.headers(1, false, "t", "1")),
        stream(
            PROTOCOL_ERROR,
            "8.1 a second request head",
            post(),
            some,
            Frame.request(1, true, "GET", "/text")),
        stream(
            PROTOCOL_ERROR,
            "8.3 a pseudo-header field in trailers",
            post(),
            some,
            Frame.headers(1, true, "t", "1", ":path", "/")),
        stream(
            PROTOCOL_ERROR,
            "8.2.1 upper case in trailers",
            post(),
            some,
            Frame.headers(1, true, "T", "1")),
        stream(
            PROTOCOL_ERROR,
            "8.2.2 connection in trailers",
            post(),
            some,
            Frame.headers(1, true, "connection", "close")));
  }

  private static List<Rule> taken() {
    return List.of(
        script(
            "8.2.3 crumbs of cookies are joined",
            peer ->
                assertThat(
                        fields(
                            peer, get("cookie", "a=1", "x", "y", "cookie", "b=2", "cookie", "c=3")))
                    .contains("a=1; b=2; c=3")),
        script(
            "8.3.1 what the handler sees of the target",
            peer -> assertThat(fields(peer, get())).startsWith("GET /fields http a")),
        script(
            "8.3.1 host in place of :authority",
            peer ->
                assertThat(
                        fields(
                            peer, ":method", "GET", ":scheme", "http", ":path", "/fields", "host",
                            "b:80"))
                    .startsWith("GET /fields http b:80")),
        script(
            "8.3.1 host that is the same as :authority",
            peer -> assertThat(fields(peer, get("host", "a"))).startsWith("GET /fields http a")),
        script(
            "8.2.1 what came is what the handler sees",
            peer ->
                assertThat(fields(peer, get("x-one", "1", "x-two", "2")))
                    .contains("x-one")
                    .contains("x-two")),
        script(
            "8.1 no content to HEAD",
            peer -> {
              peer.send(Frame.request(1, true, "HEAD", "/text"));
              Reply reply = peer.response(1);
              assertThat(reply.header("content-length")).isEqualTo("2");
              assertThat(reply.body()).isEmpty();
            }),
        script(
            "8.1 100 (Continue) when the content is asked for",
            peer -> {
              peer.send(post("expect", "100-continue", "content-length", "3"));
              Arrival go = peer.expectStatus(1, 100);
              assertThat(go.ends()).isFalse();
              peer.send(Frame.data(1, true, "123"));
              assertThat(peer.response(1).body()).isEqualTo("3 bytes");
            }),
        script(
            "4.3 what is malformed enters the table of HPACK none the less", HeadRules::keepsTable),
        script(
            "8.6 no Upgrade",
            peer -> {
              peer.send(Frame.headers(1, true, get("http2-settings", "AAMAAABkAAQAAP__")));
              assertThat(peer.response(1).status()).isEqualTo(200);
            }));
  }

  private static String fields(ScriptedPeer peer, String... fields) {
    return peer.send(Frame.headers(1, true, fields)).response(1).body();
  }

  /** Heads that are refused, trailers of a stream that is gone: each enters two fields. */
  private static void keepsTable(ScriptedPeer peer) {
    byte[] bad = new RawBlock().indexing("Upper", "1").indexing("x-kept", "yes").build();
    peer.send(Frame.headers(1, true, bad));
    peer.expectRst(1, PROTOCOL_ERROR);
    byte[] again = new RawBlock().block(RawBlock.of(get())).indexed(62).build();
    peer.send(Frame.headers(3, true, again));
    assertThat(peer.response(3).body()).contains("x-kept").contains("yes");

    peer.send(Frame.request(5, false, "POST", "/wait"), Frame.rst(5, 8));
    byte[] late = new RawBlock().indexing("x-late", "kept too").build();
    peer.send(Frame.request(7, false, "POST", "/wait"), Frame.windowUpdate(7, 0));
    peer.expectRst(7, PROTOCOL_ERROR);
    peer.send(Frame.headers(7, true, late)); // crossed our RST_STREAM
    peer.send(Frame.headers(9, true, again));
    assertThat(peer.response(9).body()).contains("x-late").contains("kept too");
  }
}
