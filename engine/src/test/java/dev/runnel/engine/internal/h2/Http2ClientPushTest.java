package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.head;
import static dev.runnel.testing.http2.ScriptedServer.promise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.http.Method;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that nobody asked for (RFC 9113 8.4). */
class Http2ClientPushTest {
  private static final Http2Options TWO = Http2Options.DEFAULT.withPushes(2);

  private static Heard asking(ScriptedServer server) {
    return server.call(head(Method.GET, "/", 0), new Heard().takingPromises());
  }

  @Test
  void itIsAllowedWhereItIsTaken() {
    try (ScriptedServer server = new ScriptedServer(TWO)) {
      server.client().machine().opened();
      server.run();
      assertThat(server.expect(Frame.SETTINGS, 0).frame().values())
          .containsEntry(Setting.ENABLE_PUSH, 1)
          .containsEntry(Setting.MAX_CONCURRENT_STREAMS, 2);
    }
  }

  @Test
  void aPromiseIsTakenAndKept() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 2, "GET", "/style?x=1", "a"), answer(1, true, 200));
      assertThat(get.told()).containsExactly("promised GET /style?x=1", "head 200", "ended");
      Heard pushed = get.promises().get(0);
      assertThat(pushed.promise().authority()).isEqualTo("a");
      server.send(answer(2, false, 200), Frame.data(2, true, "body"));
      assertThat(pushed.told()).containsExactly("head 200", "ended");
      assertThat(pushed.read()).isEqualTo("body");
    }
  }

  @Test
  void whatComesBeforeItIsTakenIsKept() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(
          promise(1, 2, "GET", "/style", "a"),
          answer(2, false, 103),
          answer(2, false, 200),
          Frame.data(2, true, "body"),
          answer(1, true, 200));
      assertThat(get.told()).containsExactly("promised GET /style", "head 200", "ended");
      assertThat(get.promises().get(0).told()).containsExactly("103", "head 200", "ended");
      assertThat(get.promises().get(0).read()).isEqualTo("body");
    }
  }

  @Test
  void aPromiseThatIsNotWanted() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = server.get("/");
      server.send(
          promise(1, 2, "GET", "/style", "a"), answer(2, false, 200), Frame.data(2, false, "x"));
      server.expectReset(2, ErrorCode.CANCEL);
      assertThat(server.held()).isZero();
      server.send(Frame.data(2, true, "late"), answer(1, true, 200));
      assertThat(get.told()).containsExactly("promised GET /style", "head 200", "ended");
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @Test
  void aTakenPromiseIsCancelled() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 2, "GET", "/style", "a"));
      Heard pushed = get.promises().get(0);
      pushed.call().cancel(new ClientException(Reason.CANCELLED, "enough"));
      server.run().expectReset(2, ErrorCode.CANCEL);
      assertThat(pushed.told()).containsExactly("failed CANCELLED", "ended");
      server.send(answer(1, true, 200));
    }
  }

  @Test
  void theServerTakesItBack() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 2, "GET", "/style", "a"));
      server.send(Frame.rst(2, ErrorCode.CANCEL));
      assertThat(get.promises().get(0).told()).containsExactly("failed STREAM_RESET", "ended");
      server.send(promise(1, 4, "GET", "/again", "a"), Frame.rst(4, ErrorCode.CANCEL));
      assertThat(get.promises()).as("nobody is asked about the second").hasSize(1);
      server.send(answer(1, true, 200));
    }
  }

  @Test
  void noMoreThanWeTake() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(
          promise(1, 2, "GET", "/2", "a"),
          promise(1, 4, "GET", "/4", "a"),
          promise(1, 6, "GET", "/6", "a"));
      server.expectReset(6, ErrorCode.REFUSED_STREAM);
      assertThat(get.promises()).hasSize(2);
      server.send(answer(2, true, 200), promise(1, 8, "GET", "/8", "a"));
      assertThat(get.promises()).hasSize(3);
      server.send(answer(1, true, 200), answer(4, true, 200), answer(8, true, 200));
    }
  }

  @Test
  void aPromiseIsKeptInTime() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 2, "GET", "/2", "a"), answer(1, true, 200));
      server.advance(Duration.ofSeconds(20)).expectReset(2, ErrorCode.CANCEL);
      assertThat(get.promises().get(0).told()).containsExactly("failed HEAD_TIMEOUT", "ended");
    }
  }

  @Test
  void aPromiseOnAStreamThatWeHaveReset() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      get.call().cancel(new ClientException(Reason.CANCELLED, "enough"));
      server.run().expectReset(1, ErrorCode.CANCEL);
      server.send(promise(1, 2, "GET", "/2", "a")).expectReset(2, ErrorCode.REFUSED_STREAM);
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @Test
  void noPromiseBehindTheEnd() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.client().close();
      server.send(promise(1, 2, "GET", "/2", "a")).expectReset(2, ErrorCode.REFUSED_STREAM);
      server.send(answer(1, true, 200));
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(server.link().isOutputEnded()).isTrue();
    }
  }

  @Test
  void theConnectionWaitsForWhatIsPromised() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 2, "GET", "/2", "a"), answer(1, true, 200));
      server.client().close();
      server.run();
      assertThat(server.link().isOutputEnded()).isFalse();
      server.send(answer(2, true, 200));
      assertThat(get.promises().get(0).told()).containsExactly("head 200", "ended");
      assertThat(server.link().isOutputEnded()).isTrue();
    }
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        arguments("method", promise(1, 2, "POST", "/", "a")),
        arguments("method", promise(1, 2, "DELETE", "/", "a")),
        arguments("authority", promise(1, 2, "GET", "/", "b")),
        arguments("path", promise(1, 2, "GET", "x", "a")),
        arguments("scheme", fields(":method", "GET", ":scheme", "https", ":path", "/")),
        arguments("no path", fields(":method", "GET", ":scheme", "http")),
        arguments(
            "status", fields(":method", "GET", ":scheme", "http", ":path", "/", ":status", "1")),
        arguments(
            "content",
            fields(":method", "GET", ":scheme", "http", ":path", "/", "content-length", "3")),
        arguments(
            "connection",
            fields(":method", "GET", ":scheme", "http", ":path", "/", "upgrade", "x")));
  }

  private static Frame fields(String... fields) {
    RawBlock block = new RawBlock().literal(":authority", "a").block(RawBlock.of(fields));
    return Frame.pushPromise(1, 2, block.build());
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void promisesThatMustNotBe(String what, Frame promise) {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise).expectReset(2, ErrorCode.PROTOCOL_ERROR);
      assertThat(get.told()).as(what).isEmpty();
      server.send(answer(1, true, 200));
      assertThat(get.told()).containsExactly("head 200", "ended");
    }
  }

  static Stream<Arguments> misplaced() {
    return Stream.of(
        arguments("odd", promise(1, 3, "GET", "/", "a")),
        arguments("zero", promise(1, 0, "GET", "/", "a")),
        arguments("on an idle stream", promise(5, 2, "GET", "/", "a")),
        arguments("on a promise", promise(2, 4, "GET", "/", "a")),
        arguments("on the connection", promise(0, 2, "GET", "/", "a")),
        arguments("on a stream that is over", promise(3, 2, "GET", "/", "a")));
  }

  @ParameterizedTest
  @MethodSource("misplaced")
  void promisesWhereNoneCanBe(String what, Frame promise) {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      Heard done = server.get("/");
      server.send(answer(3, true, 200));
      server.send(promise).expectGoAway(ErrorCode.PROTOCOL_ERROR);
      assertThat(get.told()).as(what).containsExactly("failed MALFORMED_RESPONSE", "ended");
      assertThat(done.isEnded()).isTrue();
    }
  }

  @Test
  void aNumberIsPromisedOnce() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 4, "GET", "/", "a"));
      server.send(promise(1, 2, "GET", "/", "a")).expectGoAway(ErrorCode.PROTOCOL_ERROR);
      assertThat(get.isEnded()).isTrue();
    }
  }

  @Test
  void contentBeforeTheHeadOfAPromise() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = asking(server);
      server.send(promise(1, 2, "GET", "/", "a"), Frame.data(2, true, "x"));
      server.expectGoAway(ErrorCode.PROTOCOL_ERROR);
      assertThat(get.isEnded()).isTrue();
    }
  }

  @Test
  void aPromiseThatIsTooLarge() {
    Limits limits = Limits.DEFAULT.withHeaders(2_000, 100);
    try (ScriptedServer server = new ScriptedServer(TWO, limits).connect()) {
      Heard get = asking(server);
      server.send(fields("x", "v".repeat(3_000))).expectReset(2, ErrorCode.REFUSED_STREAM);
      server.send(answer(1, true, 200));
      assertThat(get.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void aFloodOfPromises() {
    try (ScriptedServer server = new ScriptedServer(TWO).connect()) {
      Heard get = server.get("/");
      int sent = 0;
      while (!server.link().isOutputEnded() && sent < 3_000) {
        sent++;
        server.send(promise(1, 2 * sent, "POST", "/", "a"));
      }
      assertThat(sent).isEqualTo(100);
      server.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(get.isEnded()).isTrue();
    }
  }
}
