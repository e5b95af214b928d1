package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Filter;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.Routes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replays as JUnit users see them. */
class JavaReplayTest {
  private final List<Recording> kept = new CopyOnWriteArrayList<>();

  private static Routes routes(String word, Filter... filters) {
    return Routes.of(
        r ->
            r.use(filters)
                .post("/echo", req -> Response.ok(word + req.body().text()))
                .get("/moved", req -> Response.redirect("/elsewhere"))
                .handle(
                    Method.GET,
                    "/ticks",
                    call -> tick(call.respond(Status.OK, Headers.EMPTY), word, 0)));
  }

  /** A word a second, a hundred times. */
  private static void tick(BodyWriter out, String word, int count) {
    if (count == 100) {
      out.end(Headers.of("Count", "100"));
      return;
    }
    boolean unused = out.write(Bytes.utf8(word + count + "\n"));
    out.loop().schedule(() -> tick(out, word, count + 1), Duration.ofSeconds(1));
  }

  private TestServer recording() {
    TestOptions patient = TestOptions.DEFAULT.withPatience(Duration.ofMinutes(5));
    return TestServer.of(routes("a", Recorder.to(kept::add)), patient);
  }

  @ParameterizedTest
  @EnumSource(TestProtocol.class)
  void aRequestIsSentAsItCame(TestProtocol protocol) {
    try (TestServer server = recording()) {
      RawPeer peer = server.raw();
      peer.send("POST /echo HTTP/1.1\r\nHost: example.test\r\nContent-Length: 6\r\n\r\nabc");
      server.advance(Duration.ofSeconds(2));
      assertThat(peer.send("def").answer().text()).isEqualTo("aabcdef");
      assertThat(server.send(server.request("GET", "/ticks")).text()).endsWith("a99\n");
    }
    try (TestServer server =
        TestServer.of(routes("a"), TestOptions.DEFAULT.withProtocol(protocol))) {
      Replayed echo = Replay.of(kept.get(0)).withTimes().on(server).shouldMatchRecording();
      assertThat(echo.actual().answer().headMillis()).isEqualTo(2_000);
      assertThat(server.elapsed()).isEqualTo(Duration.ofSeconds(2));
      Replayed ticks = Replay.of(kept.get(1)).withTimes().on(server).shouldMatchRecording();
      assertThat(ticks.actual().answer().body().pieces()).hasSize(100);
      assertThat(ticks.actual().answer().body().trailers().get("Count")).isEqualTo("100");
      assertThat(server.elapsed()).isEqualTo(Duration.ofSeconds(102));
    }
  }

  @Test
  void whoLeftLeavesAgain() {
    try (TestServer server = recording()) {
      RawPeer peer = server.raw().send("GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n");
      server.advance(Duration.ofMillis(2_500));
      peer.vanish();
      server.idle();
      server.advance(Duration.ofSeconds(1));
    }
    try (TestServer server = TestServer.of(routes("a"))) {
      Replayed replayed = Replay.of(kept.get(0)).withTimes().on(server).shouldMatchRecording();
      assertThat(replayed.actual().answer().body().text()).isEqualTo("a0\na1\na2\n");
      assertThat(server.elapsed()).isEqualTo(Duration.ofMillis(2_500));
      server.idle();
      assertThat(server.calls().last().cancelled()).isNotNull();
      server.advance(Duration.ofSeconds(1)); // the next tick finds its call over
    }
  }

  @Test
  void aRedirectIsAnAnswerAndOthersDiffer() {
    try (TestServer server = recording()) {
      RawPeer peer = server.raw().send("GET /moved HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(peer.answer().status()).isEqualTo(302);
      server.send(server.request("POST", "/echo").text("same"));
    }
    try (TestServer server = TestServer.of(routes("b"))) {
      Replay.on(server, kept.get(0)).shouldMatchRecording();
      Replayed other = Replay.on(server, kept.get(1));
      assertThat(other.differences())
          .containsExactly("body: at byte 0 expected 'asame', but was 'bsame'");
      assertThatThrownBy(other::shouldMatchRecording)
          .isInstanceOf(AssertionError.class)
          .hasMessageStartingWith("POST /echo was not answered as it was recorded:\n- body: at")
          .hasMessageContaining(": asame\n")
          .hasMessageContaining(": bsame\n");
    }
  }
}
