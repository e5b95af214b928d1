package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Clients that leave, and servers that stop, over HTTP/1.1. */
final class EndScenarios {
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

  private EndScenarios() {}

  static void addTo(Suite suite) {
    suite.add("end: a client that leaves cancels its call", EndScenarios::clientLeaves);
    suite.add(
        "end: a client that closes its half cancels a call without answer", EndScenarios::fin);
    suite.add(
        "end: a client that closes its half gets a whole answer", EndScenarios::finBehindAnswer);
    suite.add("end: an answer up to the end that fails is a reset", EndScenarios::untilClose);
    suite.add("end: a client that leaves in its body ends the reader", EndScenarios::leavesInBody);
    suite.add(
        "end: a client that leaves in its answer ends the writer", EndScenarios::leavesInAnswer);
    suite.add("end: a client that leaves cancels work behind its answer", EndScenarios::leavesHeld);
    suite.add("end: a call that gives up closes its connection", EndScenarios::givesUp);
    suite.add("end: a call that ended well has its outcome once", EndScenarios::outcome);
    suite.add("stop: waits for the call in flight", EndScenarios::waits);
    suite.add("stop: waits for work behind an answer", EndScenarios::waitsForHeld);
    suite.add("stop: cancels work behind an answer at the deadline", EndScenarios::cancelsHeld);
    suite.add("stop: cancels what is left at the deadline", EndScenarios::cancels);
    suite.add("stop: closes listeners at once", EndScenarios::refuses);
    suite.add("stop: closes idle connections, and is done", EndScenarios::idle);
  }

  private static void clientLeaves() {
    List<CancelCause> causes = new ArrayList<>();
    List<CancelCause> outcomes = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              x.onCancel(causes::add);
              x.onEnd(outcome -> outcomes.add(outcome.cancelled()));
            })) {
      Peer peer = scene.connect();
      peer.request(GET);
      assertThat(scene.calls()).isEqualTo(1);
      peer.vanish();
      assertThat(causes).containsExactly(CancelCause.CLIENT_GONE);
      assertThat(outcomes).containsExactly(CancelCause.CLIENT_GONE);
      assertThat(scene.calls()).isZero();
      assertThat(scene.connections()).isZero();
    }
  }

  private static void fin() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene = Scene.of(x -> x.onCancel(causes::add))) {
      Peer peer = scene.connect();
      peer.request(GET).halfClose();
      assertThat(causes).containsExactly(CancelCause.CLIENT_GONE);
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  /** SEMANTICS 2: an answer that was handed over is always delivered. */
  private static void finBehindAnswer() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok(new byte[1 << 20])))) {
      Peer peer = scene.connect();
      peer.reading(false);
      peer.request(GET).halfClose();
      scene.advance(Duration.ofSeconds(1));
      peer.reading(true);
      assertThat(peer.answer().body()).hasSize(1 << 20);
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void untilClose() {
    try (Scene scene =
        Scene.of(
            x -> {
              x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("half"));
              throw new IllegalStateException("too late");
            })) {
      WirePeer peer = scene.connect();
      peer.request("GET / HTTP/1.0\n\n");
      assertThat(peer.isEnded()).isTrue();
      assertThat(peer.wasReset()).as("whether the client can see that it is not whole").isTrue();
    }
  }

  private static void leavesInBody() {
    List<Throwable> failures = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              var in = x.body();
              assertThat(in.poll()).isNull();
              in.onReady(
                  () -> {
                    try {
                      Bytes unexpected = in.poll();
                      failures.add(new AssertionError("polled " + unexpected));
                    } catch (RuntimeException e) {
                      failures.add(e);
                    }
                  });
            })) {
      Peer peer = scene.connect();
      peer.request("POST / HTTP/1.1\nHost: a\nContent-Length: 9\n\n");
      peer.vanish();
      assertThat(failures).hasSize(1);
      assertThat(failures.get(0)).hasMessageContaining("CLIENT_GONE");
    }
  }

  private static void leavesInAnswer() {
    List<String> told = new ArrayList<>();
    try (Scene scene =
            Scene.of(
                x -> {
                  BodyWriter out = x.respond(Status.OK, Headers.EMPTY);
                  x.onCancel(cause -> told.add("cancelled"));
                  assertThat(out.write(Bytes.utf8("more than the window"))).isFalse();
                  out.onWritable(() -> told.add("woken"));
                });
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 5)) {
      peer.get("/");
      assertThat(told).isEmpty();
      peer.peer().vanish();
      assertThat(told).containsExactly("cancelled", "woken");
    }
  }

  private static void leavesHeld() {
    List<CancelCause> causes = new ArrayList<>();
    List<Exchange.Hold> holds = new ArrayList<>();
    try (Scene scene = Scene.of(x -> goOn(x, causes, holds))) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().status()).isEqualTo(200);
      assertThat(scene.calls()).as("calls whose work goes on").isEqualTo(1);
      peer.vanish();
      assertThat(causes).containsExactly(CancelCause.CLIENT_GONE);
      scene.act(() -> holds.get(0).release());
      assertThat(scene.calls()).isZero();
    }
  }

  private static void givesUp() {
    try (Scene scene =
        Scene.of(
            x -> {
              x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("half"));
              x.cancel(CancelCause.TIMEOUT);
            })) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).awaitEnd()).as("sent behind the end").isEmpty();
      assertThat(scene.connections()).isZero();
    }
  }

  private static void outcome() {
    List<String> outcomes = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              x.onEnd(o -> outcomes.add(o.status() + " " + o.bytesSent() + " " + o.cancelled()));
              x.respond(Response.ok("12345"));
            })) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().status()).isEqualTo(200);
      peer.vanish();
      assertThat(outcomes).containsExactly("200 5 null");
    }
  }

  private static void waits() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add)) {
      Peer peer = scene.connect();
      peer.request(GET);
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      scene.advance(Duration.ofSeconds(10));
      assertThat(report).isNotDone();
      scene.act(() -> calls.get(0).respond(Response.ok("in time")));
      Answer answer = peer.answer();
      assertThat(answer.body()).isEqualTo("in time");
      assertThat(answer.header("Connection")).isEqualToIgnoringCase("close");
      assertThat(peer.awaitEnd()).isEmpty();
      scene.advance(Duration.ofSeconds(1));
      assertThat(report).isDone();
      assertThat(report.join().finished()).isEqualTo(1);
      assertThat(report.join().cancelled()).isZero();
    }
  }

  private static void waitsForHeld() {
    List<CancelCause> causes = new ArrayList<>();
    List<Exchange.Hold> holds = new ArrayList<>();
    try (Scene scene = Scene.of(x -> goOn(x, causes, holds))) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().status()).isEqualTo(200);
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      scene.advance(Duration.ofSeconds(10));
      assertThat(peer.awaitEnd()).isEmpty();
      assertThat(causes).isEmpty();
      assertThat(report).isNotDone();
      scene.act(() -> holds.get(0).release());
      scene.advance(Duration.ofSeconds(1));
      assertThat(report).isDone();
      assertThat(report.join().finished()).isEqualTo(1);
    }
  }

  private static void cancelsHeld() {
    List<CancelCause> causes = new ArrayList<>();
    List<Exchange.Hold> holds = new ArrayList<>();
    try (Scene scene = Scene.of(x -> goOn(x, causes, holds))) {
      assertThat(scene.connect().request(GET).answer().status()).isEqualTo(200);
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      scene.advance(DRAIN.plusMillis(10));
      assertThat(causes).containsExactly(CancelCause.SERVER_STOPPING);
      scene.act(() -> holds.get(0).release());
      scene.advance(Duration.ofSeconds(1));
      assertThat(report).isDone();
      assertThat(report.join().cancelled()).isEqualTo(1);
    }
  }

  private static void goOn(Exchange x, List<CancelCause> causes, List<Exchange.Hold> holds) {
    holds.add(x.hold());
    x.onCancel(causes::add);
    x.respond(Response.ok("there is more to do"));
  }

  private static void cancels() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene = Scene.of(x -> x.onCancel(causes::add))) {
      Peer peer = scene.connect();
      peer.request(GET);
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      scene.advance(DRAIN.minusMillis(100));
      assertThat(causes).isEmpty();
      assertThat(report).isNotDone();
      scene.advance(Duration.ofSeconds(1));
      assertThat(causes).containsExactly(CancelCause.SERVER_STOPPING);
      assertThat(report).isDone();
      assertThat(report.join().cancelled()).isEqualTo(1);
      assertThat(report.join().abandoned()).isZero();
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void refuses() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add)) {
      Peer first = scene.connect();
      first.request(GET);
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      assertThatThrownBy(scene::connect).hasMessageContaining("does not listen");
      scene.act(() -> calls.get(0).respond(Response.ok("last")));
      assertThat(first.answer().body()).isEqualTo("last");
      scene.advance(Duration.ofSeconds(1));
      assertThat(report).isDone();
    }
  }

  private static void idle() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")))) {
      Peer used = scene.connect();
      Peer fresh = scene.connect();
      assertThat(used.request(GET).answer().status()).isEqualTo(200);
      CompletableFuture<DrainReport> report = scene.stop(DRAIN);
      scene.advance(Duration.ofSeconds(1));
      assertThat(used.isEnded()).isTrue();
      assertThat(fresh.isEnded()).isTrue();
      assertThat(report).isDone();
    }
  }
}
