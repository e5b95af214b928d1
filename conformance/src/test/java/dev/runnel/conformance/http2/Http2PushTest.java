package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 9113 8.4: a push is a call of its own, and nothing where the client refuses it. */
class Http2PushTest implements Handler {
  private final List<Boolean> pushed = new ArrayList<>();
  private final List<CancelCause> cancelled = new ArrayList<>();
  private final Stage stage = Stage.start(Where.MEMORY, this);

  @Override
  public void handle(Exchange x) {
    String path = x.request().rawPath();
    x.onCancel(cancelled::add);
    switch (path) {
      case "/page" -> {
        pushed.add(x.push("/style?v=1", Headers.of("Accept", "text/css")));
        x.respond(Response.ok("page"));
      }
      case "/style" -> {
        pushed.add(x.push("/nested", Headers.EMPTY));
        Headers headers = x.request().headers();
        x.respond(Response.ok(x.request() + " " + headers.get("accept") + headers.get("host")));
      }
      case "/wait" -> x.push("/never", Headers.EMPTY);
      default -> {
        // never answers
      }
    }
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void aPromiseComesBeforeTheAnswerAndIsKept() {
    ScriptedPeer peer = stage.connect();
    int stream = peer.get("/page");
    Arrival promise = peer.expect(Frame.PUSH_PROMISE);
    assertThat(promise.stream()).isEqualTo(stream);
    assertThat(promise.field(":method")).isEqualTo("GET");
    assertThat(promise.field(":scheme")).isEqualTo("http");
    assertThat(promise.field(":authority")).isEqualTo("a");
    assertThat(promise.field(":path")).isEqualTo("/style?v=1");
    assertThat(promise.field("accept")).isEqualTo("text/css");
    assertThat(peer.response(stream).body()).isEqualTo("page");
    assertThat(peer.response(2).body()).isEqualTo("GET /style text/cssa");
    assertThat(pushed).as("a pushed call pushes nothing").containsExactly(true, false);
  }

  @Test
  void aClientThatRefusesPushesGetsNone() {
    ScriptedPeer peer = stage.connect(Setting.ENABLE_PUSH, 0);
    assertThat(peer.response(peer.get("/page")).body()).isEqualTo("page");
    assertThat(pushed).containsExactly(false);
    peer.expectNothing();
  }

  @Test
  void aClientThatTakesNoStreamsGetsNone() {
    ScriptedPeer peer = stage.connect(Setting.MAX_CONCURRENT_STREAMS, 0);
    assertThat(peer.response(peer.get("/page")).body()).isEqualTo("page");
    assertThat(pushed).containsExactly(false);
  }

  @Test
  void http1HasNone() {
    try (Peer peer = stage.raw()) {
      peer.request("GET /page HTTP/1.1\nHost: a\n\n");
      assertThat(peer.answer().body()).isEqualTo("page");
      assertThat(pushed).containsExactly(false);
    }
  }

  @Test
  void aPromiseThatIsResetCancelsItsCallOnly() {
    ScriptedPeer peer = stage.connect();
    int stream = peer.get("/wait");
    peer.expect(Frame.PUSH_PROMISE);
    peer.settle();
    assertThat(stage.calls()).isEqualTo(2);
    peer.send(Frame.rst(2, 8)).settle();
    assertThat(cancelled).containsExactly(CancelCause.CLIENT_GONE);
    assertThat(stage.calls()).isEqualTo(1);
    peer.send(Frame.rst(stream, 8));
  }

  @Test
  void aPromiseThatIsTakenBackAtOnceNeverBecameACall() {
    ScriptedPeer peer = stage.connect();
    peer.send(Frame.get(1, "/page"), Frame.rst(2, 8)).settle();
    peer.expect(Frame.PUSH_PROMISE);
    assertThat(peer.response(1).body()).isEqualTo("page");
    assertThat(stage.calls()).isZero();
    assertThat(cancelled).isEmpty();
  }
}
