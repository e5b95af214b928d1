package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.memory.WireFaults;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The time limits of HTTP/1.1, to the millisecond. */
final class TimeScenarios {
  private static final Duration HEAD = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(75);
  private static final Duration STALL = Duration.ofSeconds(30);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";

  private TimeScenarios() {}

  static void addTo(Suite suite) {
    suite.add("time: a client that says nothing has 10 s", TimeScenarios::silent);
    suite.add("time: half a head has 10 s and is 408", TimeScenarios::halfAHead);
    suite.add("time: half a head of a later request has 10 s too", TimeScenarios::laterHead);
    suite.add("time: an idle connection has 75 s", TimeScenarios::idle);
    suite.add("time: an idle connection that asks begins anew", TimeScenarios::idleAgain);
    suite.add("time: a silent body has 30 s and is 408", TimeScenarios::bodyStall);
    suite.add("time: a body that trickles has no end of time", TimeScenarios::trickle);
    suite.add("time: a client that takes no byte has 30 s", TimeScenarios::writeStall);
    suite.add("time: a client that takes bytes slowly has its time", TimeScenarios::slowReader);
    suite.add("time: what is written to a client is no sign of its life", TimeScenarios::stuck);
    suite.add("time: a handler has all the time it wants", TimeScenarios::slowHandler);
  }

  private static void silent() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("never")))) {
      Peer peer = scene.connect();
      scene.endsAfter(HEAD, peer);
      assertThat(peer.rest()).isEmpty();
    }
  }

  private static void halfAHead() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("never")))) {
      Peer peer = scene.connect();
      peer.send("GET / HTT");
      scene.endsAfter(HEAD, peer);
      assertThat(peer.answer().status()).isEqualTo(408);
    }
  }

  private static void laterHead() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")))) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().status()).isEqualTo(200);
      scene.advance(STALL);
      peer.send("GET /");
      scene.endsAfter(HEAD, peer);
      assertThat(peer.answer().status()).isEqualTo(408);
    }
  }

  private static void idle() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")))) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().status()).isEqualTo(200);
      scene.endsAfter(IDLE, peer);
      assertThat(peer.rest()).isEmpty();
      assertThat(scene.connections()).isZero();
    }
  }

  private static void idleAgain() {
    try (Scene scene = Scene.of(x -> x.respond(Response.ok("hello")))) {
      Peer peer = scene.connect();
      for (int i = 0; i < 3; i++) {
        assertThat(peer.request(GET).answer().status()).isEqualTo(200);
        scene.advance(IDLE.minus(MILLI));
        assertThat(peer.isEnded()).isFalse();
      }
    }
  }

  private static void bodyStall() {
    try (Scene scene = Scene.of(BodyScenarios::echo)) {
      Peer peer = scene.connect();
      peer.request("POST / HTTP/1.1\nHost: a\nContent-Length: 10\n\n").send("some");
      scene.advance(STALL.minus(MILLI));
      assertThat(peer.rest()).isEmpty();
      scene.advance(MILLI.multipliedBy(2));
      assertThat(peer.answer().status()).isEqualTo(408);
      assertThat(peer.awaitEnd()).isEmpty();
    }
  }

  private static void trickle() {
    try (Scene scene = Scene.of(BodyScenarios::echo)) {
      Peer peer = scene.connect();
      peer.request("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\n");
      for (int i = 0; i < 5; i++) {
        scene.advance(STALL.minus(MILLI));
        peer.send("x");
      }
      assertThat(peer.answer().body()).isEqualTo("xxxxx");
    }
  }

  private static void writeStall() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              x.onCancel(causes::add);
              x.respond(Response.ok(new byte[1 << 20]));
            })) {
      Peer peer = scene.connect();
      peer.reading(false);
      peer.request(GET);
      scene.advance(STALL.minus(MILLI));
      assertThat(causes).as("cancelled before the time").isEmpty();
      assertThat(scene.calls()).isEqualTo(1);
      scene.advance(Duration.ofSeconds(1));
      assertThat(causes).containsExactly(CancelCause.WRITE_STALLED);
      assertThat(scene.calls()).isZero();
      assertThat(scene.connections()).isZero();
    }
  }

  private static void slowReader() {
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              x.onCancel(causes::add);
              x.respond(Response.ok(new byte[1 << 20]));
            })) {
      // A minute for all of it.
      Peer peer = scene.connect(WireFaults.NONE.toClient(lane -> lane.withBytesPerSecond(20_000)));
      peer.request(GET);
      scene.advance(Duration.ofMinutes(1));
      assertThat(causes).isEmpty();
      assertThat(peer.answer().body()).hasSize(1 << 20);
    }
  }

  private static void stuck() {
    List<CancelCause> causes = new ArrayList<>();
    List<BodyWriter> outs = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              x.onCancel(causes::add);
              outs.add(x.respond(Status.OK, Headers.EMPTY));
            })) {
      Peer peer = scene.connect(WireFaults.NONE.toClient(lane -> lane.withCapacity(1000)));
      peer.reading(false);
      peer.request(GET);
      scene.act(() -> outs.get(0).write(Bytes.utf8("x".repeat(2000))));
      for (int i = 0; i < 29; i++) {
        scene.advance(Duration.ofSeconds(1));
        assertThat(causes).isEmpty();
        scene.act(() -> outs.get(0).write(Bytes.utf8("tick")));
      }
      scene.advance(Duration.ofSeconds(2));
      assertThat(causes).containsExactly(CancelCause.WRITE_STALLED);
    }
  }

  private static void slowHandler() {
    List<Exchange> calls = new ArrayList<>();
    try (Scene scene = Scene.of(calls::add)) {
      Peer peer = scene.connect();
      peer.request(GET);
      scene.advance(Duration.ofMinutes(10));
      assertThat(peer.isEnded()).isFalse();
      scene.act(() -> calls.get(0).respond(Response.ok("at last")));
      Answer answer = peer.answer();
      assertThat(answer.body()).isEqualTo("at last");
      assertThat(answer.header("Connection")).as("whether the connection lives on").isNull();
    }
  }
}
