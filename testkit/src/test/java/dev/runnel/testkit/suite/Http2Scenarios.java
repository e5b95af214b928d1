package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Http2Options;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Reply;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.util.ArrayList;
import java.util.List;

/** Streams and windows of HTTP/2 (RFC 9113); the scripted peer holds the server to its limits. */
final class Http2Scenarios {
  private static final int WINDOW = 64 << 10;
  private static final int FRAME = 16 << 10;
  private static final int PROTOCOL_ERROR = 1;
  private static final int REFUSED_STREAM = 7;

  private Http2Scenarios() {}

  static void addTo(Suite suite) {
    suite.add("H2: answers arrive and end their streams", Http2Scenarios::answers);
    suite.add("H2: an answer that is given later arrives", Http2Scenarios::later);
    suite.add("H2: a streamed answer ends, with and without trailers", Http2Scenarios::streamed);
    suite.add("H2: HEAD has the head of GET only", Http2Scenarios::head);
    suite.add("H2: an upload is read, and its window given back", Http2Scenarios::upload);
    suite.add("H2: what nobody reads is given no window", Http2Scenarios::unread);
    suite.add("H2: DATA keeps to the client's windows", Http2Scenarios::windows);
    suite.add("H2: DATA keeps to the connection's window", Http2Scenarios::connectionWindow);
    suite.add("H2: a window that changes counts for open streams", Http2Scenarios::windowChanges);
    suite.add("H2: a slow stream holds back its writer only", Http2Scenarios::slowStream);
    suite.add("H2: PING is answered", Http2Scenarios::ping);
    suite.add("H2: more streams than allowed are refused", Http2Scenarios::refused);
    suite.add("H2: a malformed request costs its stream", Http2Scenarios::malformed);
    suite.add("H2: a stream number of ours ends the connection", Http2Scenarios::evenStream);
    suite.add("H2: a body of another length costs its stream", Http2Scenarios::wrongLength);
  }

  private static void answers() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello " + x.request().target())));
        ScriptedPeer peer = scene.http2()) {
      int first = peer.get("/a");
      int second = peer.get("/b");
      Reply reply = peer.response(first);
      assertThat(reply.head().status()).isEqualTo(200);
      assertThat(reply.head().field("content-length")).isEqualTo("8");
      assertThat(reply.body()).isEqualTo("hello /a");
      assertThat(peer.response(second).body()).isEqualTo("hello /b");
      peer.expectNothing();
      assertThat(scene.calls()).isZero();
    }
  }

  private static void later() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add);
        ScriptedPeer peer = scene.http2()) {
      int first = peer.get("/a");
      int second = peer.get("/b");
      scene.act(() -> calls.get(1).respond(Response.ok("b")));
      assertThat(peer.response(second).body()).isEqualTo("b");
      scene.act(() -> calls.get(0).respond(Response.ok("a")));
      assertThat(peer.response(first).body()).isEqualTo("a");
    }
  }

  private static void streamed() {
    try (Scene scene =
            Scene.of(
                x -> {
                  BodyWriter out = x.respond(Status.OK, Headers.EMPTY);
                  out.write(Bytes.utf8("one "));
                  out.write(Bytes.utf8("two"));
                  boolean summed = x.request().target().equals("/sum");
                  out.end(summed ? Headers.of("sum", "7") : Headers.EMPTY);
                });
        ScriptedPeer peer = scene.http2()) {
      assertThat(peer.response(peer.get("/")).body()).isEqualTo("one two");
      Reply summed = peer.response(peer.get("/sum"));
      assertThat(summed.body()).isEqualTo("one two");
      assertThat(summed.trailers()).hasSize(1);
      peer.expectNothing();
    }
  }

  private static void head() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")));
        ScriptedPeer peer = scene.http2()) {
      Reply reply = peer.response(peer.request(true, "HEAD", "/"));
      assertThat(reply.head().ends()).isTrue();
      assertThat(reply.head().field("content-length")).isEqualTo("5");
      peer.expectNothing();
    }
  }

  /** With a window that does not grow, what may be on its way is never more than it. */
  private static void upload() {
    try (Scene scene =
            Scene.of(
                BodyScenarios::echoSize,
                o -> o.http2(Http2Options.DEFAULT.withStreamWindow(WINDOW, WINDOW)));
        ScriptedPeer peer = scene.http2()) {
      int stream = peer.request(false, "POST", "/");
      Frame piece = Frame.data(stream, false, new byte[FRAME]);
      for (int i = 0; i < 70; i++) {
        assertThat(peer.room(stream)).as("window after %s pieces", i).isBetween(FRAME, WINDOW);
        assertThat(peer.room(0)).as("connection's after %s pieces", i).isBetween(FRAME, 1 << 20);
        peer.send(piece);
      }
      peer.send(Frame.data(stream, true, new byte[0]));
      assertThat(peer.response(stream).body()).isEqualTo("bytes: " + 70 * FRAME);
    }
  }

  private static void unread() {
    List<BodyReader> readers = new ArrayList<>();
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene =
            Scene.of(
                x -> {
                  calls.add(x);
                  readers.add(x.body());
                });
        ScriptedPeer peer = scene.http2()) {
      int stream = peer.request(false, "POST", "/");
      for (int i = 0; i < 4; i++) {
        peer.send(Frame.data(stream, false, new byte[FRAME - 1]));
      }
      peer.settle();
      assertThat(peer.room(stream)).as("window of a stream that nobody reads").isEqualTo(4);
      scene.act(() -> assertThat(readers.get(0).poll()).isNotNull());
      peer.settle();
      assertThat(peer.room(stream)).as("window of a stream that was read").isGreaterThan(FRAME);
      scene.act(() -> calls.get(0).respond(Response.ok("enough")));
      assertThat(peer.response(stream).body()).isEqualTo("enough");
    }
  }

  private static void windows() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("0123456789abcdef")));
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 10)) {
      int stream = peer.get("/");
      peer.expectStatus(stream, 200);
      assertThat(peer.expectData(stream).text()).isEqualTo("0123456789");
      peer.expectNothing();
      peer.send(Frame.windowUpdate(stream, 5));
      assertThat(peer.expectData(stream).text()).isEqualTo("abcde");
      peer.expectNothing();
      peer.send(Frame.windowUpdate(stream, 5));
      assertThat(peer.expectData(stream).ends()).isTrue();
      peer.expectNothing();
    }
  }

  /** The connection begins with 65,535 bytes, whatever the streams have (RFC 9113 6.9.2). */
  private static void connectionWindow() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok(new byte[100_000])));
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 1 << 20)) {
      int stream = peer.get("/");
      peer.settle();
      assertThat(peer.allowance()).as("what is left of the window").isZero();
      peer.send(Frame.windowUpdate(0, 1 << 20)).expectStatus(stream, 200);
      assertThat(peer.restOf(stream)).hasSize(100_000);
    }
  }

  private static void windowChanges() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("0123456789")));
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 4)) {
      int stream = peer.get("/");
      peer.expectStatus(stream, 200);
      assertThat(peer.expectData(stream).text()).isEqualTo("0123");
      peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 7));
      peer.expectSettingsAck();
      assertThat(peer.expectData(stream).text()).isEqualTo("456");
      peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 100));
      assertThat(peer.restOf(stream)).isEqualTo("789");
    }
  }

  private static void slowStream() {
    BodyScenarios.Gusher gusher = new BodyScenarios.Gusher(30);
    try (Scene scene =
            Scene.of(
                x -> {
                  if (x.request().target().equals("/slow")) {
                    gusher.begin(x);
                  } else {
                    x.respond(Response.ok("quick"));
                  }
                });
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 1000)) {
      int slow = peer.get("/slow");
      peer.settle();
      assertThat(gusher.written).as("written to a full stream").isBetween(1, 256 << 10);
      assertThat(peer.response(peer.get("/quick")).body()).isEqualTo("quick");
      peer.crediting(true).grant(slow, 1 << 20);
      peer.expectStatus(slow, 200);
      assertThat(peer.restOf(slow)).hasSize(30 * FRAME);
    }
  }

  private static void ping() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok()));
        ScriptedPeer peer = scene.http2()) {
      peer.send(Frame.ping(42)).expectPong(42);
      peer.expectNothing();
    }
  }

  private static void refused() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene =
            Scene.of(calls::add, o -> o.http2(Http2Options.DEFAULT.withConcurrentStreams(2)));
        ScriptedPeer peer = scene.http2()) {
      int first = peer.get("/1");
      int second = peer.get("/2");
      int third = peer.get("/3");
      peer.expectRst(third, REFUSED_STREAM);
      assertThat(calls).hasSize(2);
      scene.act(() -> calls.forEach(call -> call.respond(Response.ok("served"))));
      assertThat(peer.response(first).body()).isEqualTo("served");
      assertThat(peer.response(second).body()).isEqualTo("served");
    }
  }

  private static void malformed() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("fine")));
        ScriptedPeer peer = scene.http2()) {
      int upper = peer.request(true, "GET", "/", "Upper", "x");
      peer.expectRst(upper, PROTOCOL_ERROR);
      int hopByHop = peer.request(true, "GET", "/", "connection", "close");
      peer.expectRst(hopByHop, PROTOCOL_ERROR);
      assertThat(peer.response(peer.get("/")).body()).isEqualTo("fine");
    }
  }

  private static void evenStream() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("never")));
        ScriptedPeer peer = scene.http2()) {
      peer.send(Frame.get(2, "/"));
      peer.expectConnectionError(PROTOCOL_ERROR);
    }
  }

  private static void wrongLength() {
    try (Scene scene = Scene.of(BodyScenarios::echo);
        ScriptedPeer peer = scene.http2()) {
      int stream = peer.request(false, "POST", "/", "content-length", "3");
      peer.send(Frame.data(stream, true, "four"));
      peer.expectRst(stream, PROTOCOL_ERROR);
      int right = peer.request(false, "POST", "/", "content-length", "4");
      peer.send(Frame.data(right, true, "four"));
      assertThat(peer.response(right).body()).isEqualTo("four");
    }
  }
}
