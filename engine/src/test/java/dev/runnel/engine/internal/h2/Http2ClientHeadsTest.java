package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Field;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientException.Reason;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads of requests as they are sent, and of answers as they are taken (RFC 9113 8). */
class Http2ClientHeadsTest {
  // --- requests ---

  @Test
  void saysItsPrefaceSettingsAndWindowFirst() {
    try (ScriptedServer server = new ScriptedServer()) {
      server.client().machine().opened();
      server.run();
      Map<Integer, Integer> said = server.expect(Frame.SETTINGS, 0).frame().values();
      assertThat(said)
          .containsEntry(Setting.ENABLE_PUSH, 0)
          .containsEntry(Setting.INITIAL_WINDOW_SIZE, 64 << 10)
          .containsEntry(Setting.MAX_HEADER_LIST_SIZE, 64 << 10);
      assertThat(server.expect(Frame.WINDOW_UPDATE, 0).frame().intAt(0))
          .isEqualTo((1 << 20) - 65_535);
    }
  }

  @Test
  void greetsOnceThoughACallBeginsBeforeTheConnectionIsOpened() {
    try (ScriptedServer server = new ScriptedServer()) {
      Heard get = server.get("/early");
      server.client().machine().opened();
      server.run();
      assertThat(server.count(Frame.SETTINGS)).isEqualTo(1);
      server.send(Frame.settings(), Frame.settingsAck(), answer(1, true, 204));
      assertThat(get.told()).containsExactly("head 204", "ended");
    }
  }

  private static Arrival sent(CallHead head) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard unused = server.call(head);
      return server.expect(Frame.HEADERS, 1);
    }
  }

  @Test
  void sendsTheFieldsOfARequest() {
    Arrival sent =
        sent(
            head(
                Method.GET,
                "/p?q=1",
                0,
                "Host",
                "other",
                "Accept",
                "*/*",
                "Connection",
                "close",
                "Keep-Alive",
                "9",
                "Upgrade",
                "x",
                "Transfer-Encoding",
                "chunked",
                "Proxy-Connection",
                "x",
                "TE",
                "gzip, trailers",
                "X-Own",
                "a"));
    assertThat(sent.fields())
        .containsExactly(
            new Field(":method", "GET"),
            new Field(":scheme", "http"),
            new Field(":authority", "a"),
            new Field(":path", "/p?q=1"),
            new Field("accept", "*/*"),
            new Field("x-own", "a"),
            new Field("te", "trailers"));
    assertThat(sent.ends()).isTrue();
  }

  @Test
  void announcesTheLengthOfABody() {
    Arrival known = sent(head(Method.POST, "/", 12));
    assertThat(known.field("content-length")).isEqualTo("12");
    assertThat(known.ends()).isFalse();
    Arrival unknown = sent(head(Method.POST, "/", -1));
    assertThat(unknown.field("content-length")).isNull();
    assertThat(unknown.ends()).isFalse();
    Arrival none = sent(head(Method.POST, "/", 0));
    assertThat(none.field("content-length")).isEqualTo("0");
    assertThat(none.ends()).isTrue();
    assertThat(sent(head(Method.DELETE, "/", 0)).field("content-length")).isNull();
  }

  @Test
  void secretsAreNeverIndexed() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      String[] secrets = {"authorization", "k", "cookie", "c=1", "proxy-authorization", "p"};
      for (int id = 1; id <= 3; id += 2) {
        Heard unused = server.call(head(Method.GET, "/", 0, secrets));
        byte[] block = server.expect(Frame.HEADERS, id).frame().payload();
        // RFC 7541 6.2.3: the pattern 0001, and the name's entry (23, 32, 49) as an integer.
        for (byte[] field : List.of(secret(23, "k"), secret(32, "c=1"), secret(49, "p"))) {
          assertThat(indexOf(block, field)).as("field in the block").isNotNegative();
        }
      }
    }
  }

  private static byte[] secret(int name, String value) {
    return new RawBlock().integer(0x10, 4, name).string(value).build();
  }

  private static int indexOf(byte[] in, byte[] what) {
    String all = new String(in, java.nio.charset.StandardCharsets.ISO_8859_1);
    return all.indexOf(new String(what, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  @Test
  void whatRequestsRepeatIsAFewBytes() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard first = server.call(head(Method.GET, "/", 0, "user-agent", "runnel", "accept", "*/*"));
      int before = server.expect(Frame.HEADERS, 1).frame().payload().length;
      Heard second = server.call(head(Method.GET, "/", 0, "user-agent", "runnel", "accept", "*/*"));
      assertThat(before).isGreaterThan(15);
      assertThat(server.expect(Frame.HEADERS, 3).frame().payload()).hasSize(6);
      assertThat(first.told()).isEmpty();
      assertThat(second.told()).isEmpty();
    }
  }

  @Test
  void aSmallerTableOfTheServersIsKeptTo() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard unused = server.call(head(Method.GET, "/", 0, "user-agent", "runnel"));
      server.send(Frame.settings(Setting.HEADER_TABLE_SIZE, 0));
      Heard again = server.call(head(Method.GET, "/", 0, "user-agent", "runnel"));
      Arrival unread = server.expect(Frame.HEADERS, 1);
      assertThat(server.expect(Frame.HEADERS, 3).fields()).isEqualTo(unread.fields());
      assertThat(again.told()).isEmpty();
    }
  }

  @Test
  void aLargeHeadGoesInSeveralFrames() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.call(head(Method.GET, "/", 0, "x-large", "v".repeat(40_000)));
      assertThat(server.expect(Frame.HEADERS, 1).field("x-large")).hasSize(40_000);
      server.send(answer(1, true, 200));
      assertThat(get.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void aHeadBeyondTheServersLimitIsNotSent() {
    try (ScriptedServer server = new ScriptedServer().connect(Setting.MAX_HEADER_LIST_SIZE, 1000)) {
      Heard get = server.call(head(Method.GET, "/", 0, "x-large", "v".repeat(1000)));
      assertThat(get.told()).containsExactly("failed TOO_LARGE unprocessed", "ended");
      assertThat(get.failure()).hasMessageContaining("MAX_HEADER_LIST_SIZE");
      server.expectNo(Frame.HEADERS);
      Heard small = server.get("/");
      assertThat(server.expect(Frame.HEADERS, 1).field(":path")).isEqualTo("/");
      assertThat(small.told()).isEmpty();
    }
  }

  static Stream<CallHead> unsendable() {
    Headers none = Headers.EMPTY;
    CallHead.Times times = CallHead.Times.DEFAULT;
    return Stream.of(
        head(Method.GET, "", 0),
        head(Method.GET, "p", 0),
        head(Method.GET, "*", 0),
        head(Method.GET, "/a b", 0),
        head(Method.GET, "/a\r\nx: y", 0),
        head(Method.GET, "/#f", 0),
        head(Method.GET, "/\u00e9", 0),
        head(Method.GET, "/\u2603", 0),
        head(Method.GET, "http://a/", 0),
        head(Method.CONNECT, "a", 0),
        head(Method.CONNECT, "a:0:1", 0),
        new CallHead(Method.GET, "http", "", "/", null, none, 0, times),
        new CallHead(Method.GET, "http", "u@a", "/", null, none, 0, times),
        new CallHead(Method.GET, "http", "a\r\nb", "/", null, none, 0, times),
        new CallHead(Method.GET, "http", "\u2603", "/", null, none, 0, times),
        new CallHead(Method.GET, "ftp", "a", "/", null, none, 0, times),
        new CallHead(Method.GET, "http", "a", "/", "websocket", none, 0, times));
  }

  @ParameterizedTest
  @MethodSource("unsendable")
  void whatCannotBeSentIsRefusedToTheCaller(CallHead head) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      assertThatThrownBy(() -> server.client().begin(head, new Heard()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("request");
      server.expectNo(Frame.HEADERS);
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  // --- answers ---

  @Test
  void anAnswerIsItsHeadBodyAndTrailers() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      server.send(
          answer(
              1, false, 200, "content-type", "text/plain", "set-cookie", "a=1", "set-cookie", "b"),
          Frame.data(1, false, "hello "),
          Frame.data(1, false, "world"),
          Frame.headers(1, true, "x-sum", "7"));
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(get.head().headers().all("Set-Cookie")).containsExactly("a=1", "b");
      assertThat(get.read()).isEqualTo("hello world");
      assertThat(get.body().trailers().get("x-sum")).isEqualTo("7");
      assertThat(get.body().ended()).isTrue();
    }
  }

  @Test
  void anAnswerInSingleBytesIsTheSame() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      byte[] block = RawBlock.of(":status", "200", "content-length", "3");
      byte[] one = java.util.Arrays.copyOf(block, 5);
      byte[] two = java.util.Arrays.copyOfRange(block, 5, block.length);
      server.trickle(
          Frame.headers(1, false, one).withFlags(0),
          Frame.continuation(1, true, two),
          Frame.padded(1, false, new byte[] {'a', 'b'}, 9),
          Frame.data(1, true, "c"));
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(get.read()).isEqualTo("abc");
      assertThat(get.body().length()).isEqualTo(3);
    }
  }

  @Test
  void informationalHeadsComeFirst() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", 2);
      server.send(answer(1, false, 100), answer(1, false, 103, "link", "</x>"));
      boolean more = server.write(post, "ab");
      assertThat(more).isTrue();
      post.call().output().end();
      server.send(answer(1, true, 200));
      assertThat(post.told()).containsExactly("100", "103", "head 200", "ended");
      assertThat(server.data(1)).isEqualTo("ab$");
    }
  }

  /** What answers without content may say of its length (RFC 9110 8.6). */
  static Stream<Arguments> bare() {
    return Stream.of(
        arguments(Method.HEAD, 200, "5"),
        arguments(Method.GET, 304, "5"),
        arguments(Method.GET, 204, "0"),
        arguments(Method.GET, 200, "0"),
        arguments(Method.POST, 205, "0"));
  }

  @ParameterizedTest
  @MethodSource("bare")
  void answersWithoutContent(Method method, int status, String length) {
    for (boolean atOnce : new boolean[] {true, false}) {
      try (ScriptedServer server = new ScriptedServer().connect()) {
        Heard call = server.call(head(method, "/", 0)).pumping();
        server.send(answer(1, atOnce, status, "content-length", length));
        if (!atOnce) {
          server.send(Frame.data(1, true, ""));
        }
        assertThat(call.told()).containsExactly("head " + status, "ended");
        assertThat(call.read()).isEmpty();
        assertThat(call.body().ended()).isTrue();
        assertThat(call.head().headers().get("content-length")).isEqualTo(length);
      }
    }
  }

  private static Arguments bad(String what, Frame... frames) {
    return arguments(what, List.of(frames));
  }

  private static Frame fields(String... fields) {
    return Frame.headers(1, true, fields);
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        bad("no :status", fields("x", "y")),
        bad("repeated pseudo-header", fields(":status", "200", ":status", "200")),
        bad("behind a regular field", fields("x", "y", ":status", "200")),
        bad("pseudo-header of requests", fields(":status", "200", ":path", "/")),
        bad("pseudo-header of requests", fields(":status", "200", ":method", "GET")),
        bad("unknown or repeated", fields(":status", "200", ":own", "x")),
        bad("bad :status", fields(":status", "")),
        bad("bad :status", fields(":status", "20")),
        bad("bad :status", fields(":status", "2000")),
        bad("bad :status", fields(":status", "+20")),
        bad("bad :status", fields(":status", "0xA")),
        bad("bad :status", fields(":status", "200 OK")),
        bad("bad :status", fields(":status", "099")),
        bad("bad :status", fields(":status", "600")),
        bad("bad :status", fields(":status", "999")),
        bad("101", answer(1, false, 101)),
        bad("ends the stream", answer(1, true, 103)),
        bad("belongs to HTTP/1.1", fields(":status", "200", "connection", "close")),
        bad("belongs to HTTP/1.1", fields(":status", "200", "keep-alive", "5")),
        bad("belongs to HTTP/1.1", fields(":status", "200", "proxy-connection", "x")),
        bad("belongs to HTTP/1.1", fields(":status", "200", "transfer-encoding", "chunked")),
        bad("belongs to HTTP/1.1", fields(":status", "200", "upgrade", "h2c")),
        bad("te other", fields(":status", "200", "te", "gzip")),
        bad("bad field name", fields(":status", "200", "X-Upper", "y")),
        bad("bad field name", fields(":status", "200", "a b", "y")),
        bad("bad field name", fields(":status", "200", "", "y")),
        bad("bad field name", fields(":status", "200", "x:", "y")),
        bad("bad value", fields(":status", "200", "x", "a\r\nb")),
        bad("bad value", fields(":status", "200", "x", "a\0b")),
        bad("bad value", fields(":status", "200", "x", " a")),
        bad("bad value", fields(":status", "200", "x", "a ")),
        bad("bad content-length", fields(":status", "200", "content-length", "x")),
        bad("bad content-length", fields(":status", "200", "content-length", "-1")),
        bad("several content-length", twoLengths()),
        bad("content-length", fields(":status", "200", "content-length", "3")),
        bad("DATA before the head", Frame.data(1, false, "x")),
        bad("DATA before the head", Frame.data(1, true, "")),
        bad("DATA before the head", answer(1, false, 103), Frame.data(1, true, "x")));
  }

  private static Frame twoLengths() {
    return fields(":status", "200", "content-length", "0", "content-length", "0");
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void malformedHeads(String what, List<Frame> frames) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      Heard other = server.get("/other");
      server.send(frames.toArray(Frame[]::new)).expectReset(1, ErrorCode.PROTOCOL_ERROR);
      assertThat(get.told()).endsWith("failed MALFORMED_RESPONSE", "ended");
      assertThat(get.failure())
          .hasMessageContaining(what)
          .hasMessageContaining("GET http://a/")
          .hasMessageContaining("PROTOCOL_ERROR");
      server.send(answer(3, true, 200));
      assertThat(other.told()).containsExactly("head 200", "ended");
    }
  }

  static Stream<Arguments> malformedContent() {
    return Stream.of(
        bad("content-length", Frame.data(1, true, "ab")),
        bad("content-length", Frame.data(1, false, "abcd")),
        bad("content-length", Frame.headers(1, true, "x-sum", "1")),
        bad("second header block", Frame.data(1, false, "a"), answer(1, false, 200)),
        bad(
            "malformed trailers",
            Frame.data(1, false, "abc"),
            Frame.headers(1, true, ":status", "2")),
        bad("malformed trailers", Frame.data(1, false, "abc"), Frame.headers(1, true, "X", "2")),
        bad("in the trailers", Frame.data(1, false, "abc"), Frame.headers(1, true, "host", "2")));
  }

  @ParameterizedTest
  @MethodSource("malformedContent")
  void malformedBodies(String what, List<Frame> frames) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      server.send(answer(1, false, 200, "content-length", "3"));
      server.send(frames.toArray(Frame[]::new)).expectReset(1, ErrorCode.PROTOCOL_ERROR);
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.MALFORMED_RESPONSE);
      assertThat(get.bodyFailure()).hasMessageContaining(what);
    }
  }

  @Test
  void contentOfAnAnswerThatHasNone() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = server.call(head(Method.HEAD, "/", 0)).pumping();
      server.send(answer(1, false, 200, "content-length", "1"), Frame.data(1, true, "x"));
      server.expectReset(1, ErrorCode.PROTOCOL_ERROR);
      assertThat(call.bodyFailure().reason()).isEqualTo(Reason.MALFORMED_RESPONSE);
    }
  }

  @Test
  void aHeadAboveOurLimits() {
    Limits limits = Limits.DEFAULT.withHeaders(2_000, 5);
    try (ScriptedServer server = new ScriptedServer(Http2Options.DEFAULT, limits).connect()) {
      Heard large = server.get("/large");
      Heard many = server.get("/many");
      Heard fine = server.get("/fine");
      server.send(
          answer(1, true, 200, "x", "v".repeat(2_500)),
          answer(3, true, 200, "a", "1", "b", "1", "c", "1", "d", "1", "e", "1", "f", "1"),
          answer(5, true, 200));
      server.expectReset(1, ErrorCode.CANCEL).expectReset(3, ErrorCode.CANCEL);
      assertThat(large.told()).containsExactly("failed TOO_LARGE", "ended");
      assertThat(large.failure()).hasMessageContaining("2000");
      assertThat(many.told()).containsExactly("failed TOO_LARGE", "ended");
      assertThat(fine.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void trailersAboveOurLimits() {
    Limits limits = Limits.DEFAULT.withHeaders(2_000, 5);
    try (ScriptedServer server = new ScriptedServer(Http2Options.DEFAULT, limits).connect()) {
      Heard get = server.get("/").pumping();
      server.send(answer(1, false, 200), Frame.headers(1, true, "x", "v".repeat(2_500)));
      server.expectReset(1, ErrorCode.CANCEL);
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.TOO_LARGE);
    }
  }

  @Test
  void informationalHeadsWithoutEnd() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      for (int i = 0; i < 32; i++) {
        server.send(answer(1, false, 103));
      }
      assertThat(get.told()).hasSize(32).containsOnly("103");
      server.send(answer(1, false, 103)).expectReset(1, ErrorCode.PROTOCOL_ERROR);
      assertThat(get.told()).hasSize(34).endsWith("failed MALFORMED_RESPONSE", "ended");
    }
  }

  /**
   * RFC 7541 4.2: the smallest size of between two blocks is said first, also if both came at once.
   */
  @Test
  void aTableThatWasEmptiedWithinOneFrameIsSaidToBe() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      server.get("/");
      server.expect(Frame.HEADERS, 1);
      server.send(Frame.settings(Setting.HEADER_TABLE_SIZE, 0, Setting.HEADER_TABLE_SIZE, 4096));
      server.get("/");
      assertThat(server.expect(Frame.HEADERS, 3).frame().payload())
          .startsWith(0x20, 0x3f, 0xe1, 0x1f);
    }
  }
}
