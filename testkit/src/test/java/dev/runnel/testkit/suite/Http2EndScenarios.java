package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Streams and connections of HTTP/2 that end, and their time limits. */
final class Http2EndScenarios {
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final int NO_ERROR = 0;
  private static final int INTERNAL_ERROR = 2;
  private static final int SETTINGS_TIMEOUT = 4;
  private static final int CANCEL = 8;

  private Http2EndScenarios() {}

  static void addTo(Suite suite) {
    suite.add("H2 end: a reset cancels its call only", Http2EndScenarios::reset);
    suite.add("H2 end: a client that leaves cancels all its calls", Http2EndScenarios::leaves);
    suite.add("H2 end: an answer that fails in the middle is reset", Http2EndScenarios::failing);
    suite.add("H2 end: an upload that is not wanted is told so", Http2EndScenarios::unwanted);
    suite.add("H2 end: a stream that takes nothing has 30 s", Http2EndScenarios::stalled);
    suite.add("H2 end: a silent client is asked, and given up", Http2EndScenarios::silent);
    suite.add("H2 end: SETTINGS are to be acknowledged in 10 s", Http2EndScenarios::unsettled);
    suite.add("H2 end: an idle connection has 75 s", Http2EndScenarios::idle);
    suite.add("H2 stop: GOAWAY twice, and the call is finished", Http2EndScenarios::stop);
    suite.add("H2 stop: cancels what is left at the deadline", Http2EndScenarios::deadline);
  }

  private static void reset() {
    List<Exchange> calls = new ArrayList<>();
    List<String> told = new ArrayList<>();
    try (Scene scene =
            Scene.of(
                x -> {
                  calls.add(x);
                  x.onCancel(cause -> told.add(x.request().target() + " " + cause));
                });
        ScriptedPeer peer = scene.http2()) {
      int first = peer.get("/1");
      int second = peer.get("/2");
      peer.send(Frame.rst(first, CANCEL)).settle();
      assertThat(told).containsExactly("/1 " + CancelCause.CLIENT_GONE);
      assertThat(scene.calls()).isEqualTo(1);
      scene.act(() -> calls.get(1).respond(Response.ok("still here")));
      assertThat(peer.response(second).body()).isEqualTo("still here");
      peer.expectNothing();
    }
  }

  private static void leaves() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene = Scene.of(x -> x.onCancel(causes::add));
        ScriptedPeer peer = scene.http2()) {
      peer.get("/1");
      peer.get("/2");
      assertThat(scene.calls()).isEqualTo(2);
      peer.peer().vanish();
      assertThat(causes).containsExactly(CancelCause.CLIENT_GONE, CancelCause.CLIENT_GONE);
      assertThat(scene.calls()).isZero();
      assertThat(scene.connections()).isZero();
    }
  }

  private static void failing() {
    try (Scene scene =
            Scene.of(
                x -> {
                  x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("half"));
                  throw new IllegalStateException("too late");
                });
        ScriptedPeer peer = scene.http2()) {
      int stream = peer.get("/");
      peer.expectStatus(stream, 200);
      assertThat(peer.expectData(stream).ends()).isFalse();
      peer.expectRst(stream, INTERNAL_ERROR);
    }
  }

  private static void unwanted() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("enough")));
        ScriptedPeer peer = scene.http2()) {
      int stream = peer.request(false, "POST", "/");
      assertThat(peer.response(stream).body()).isEqualTo("enough");
      peer.expectRst(stream, NO_ERROR);
      peer.send(Frame.data(stream, true, "late"));
      peer.expectNothing();
    }
  }

  private static void stalled() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene =
            Scene.of(
                x -> {
                  x.onCancel(causes::add);
                  x.respond(Response.ok(new byte[1 << 20]));
                });
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 10)) {
      int stream = peer.get("/");
      peer.expectStatus(stream, 200);
      peer.expectData(stream);
      scene.advance(Duration.ofSeconds(30).minus(MILLI));
      assertThat(causes).isEmpty();
      scene.advance(MILLI.multipliedBy(2));
      assertThat(causes).containsExactly(CancelCause.WRITE_STALLED);
      peer.expectRst(stream, CANCEL);
      assertThat(peer.isEnded()).isFalse();
    }
  }

  private static void silent() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene = Scene.of(x -> x.onCancel(causes::add));
        ScriptedPeer peer = scene.http2()) {
      peer.get("/");
      scene.advance(Duration.ofSeconds(31));
      peer.expectPing();
      scene.advance(Duration.ofMinutes(1));
      assertThat(causes).as("cancelled though it answers").isEmpty();
      peer.answeringPings(false);
      scene.advance(Duration.ofSeconds(46));
      assertThat(causes).containsExactly(CancelCause.CLIENT_GONE);
      peer.awaitEnd();
    }
  }

  private static void unsettled() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok()));
        ScriptedPeer peer = new ScriptedPeer(scene.connect()).acknowledging(false).connect()) {
      scene.advance(Duration.ofSeconds(10).minus(MILLI));
      assertThat(peer.isEnded()).isFalse();
      scene.advance(MILLI.multipliedBy(2));
      peer.expectConnectionError(SETTINGS_TIMEOUT);
    }
  }

  private static void idle() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")));
        ScriptedPeer peer = scene.http2()) {
      assertThat(peer.response(peer.get("/")).body()).isEqualTo("hello");
      scene.advance(Duration.ofSeconds(75).minus(MILLI));
      assertThat(peer.isEnded()).isFalse();
      scene.advance(MILLI.multipliedBy(2));
      assertThat(peer.awaitGoAway(NO_ERROR)).isEqualTo(1);
      peer.awaitEnd();
    }
  }

  private static void stop() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add);
        ScriptedPeer peer = scene.http2()) {
      int first = peer.get("/1");
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      assertThat(peer.expectGoAway(NO_ERROR)).isEqualTo(Integer.MAX_VALUE);
      assertThat(peer.expectGoAway(NO_ERROR)).isEqualTo(first);
      scene.advance(Duration.ofSeconds(5));
      assertThat(report).isNotDone();
      assertThat(peer.isEnded()).isFalse();
      scene.act(() -> calls.get(0).respond(Response.ok("finished")));
      assertThat(peer.response(first).body()).isEqualTo("finished");
      peer.awaitEnd();
      scene.advance(Duration.ofSeconds(1));
      assertThat(report).isDone();
      assertThat(report.join().finished()).isEqualTo(1);
    }
  }

  private static void deadline() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene = Scene.of(x -> x.onCancel(causes::add));
        ScriptedPeer peer = scene.http2()) {
      peer.get("/");
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      scene.advance(DRAIN.plusSeconds(1));
      assertThat(causes).containsExactly(CancelCause.SERVER_STOPPING);
      assertThat(report).isDone();
      assertThat(report.join().cancelled()).isEqualTo(1);
      peer.awaitEnd();
    }
  }
}
