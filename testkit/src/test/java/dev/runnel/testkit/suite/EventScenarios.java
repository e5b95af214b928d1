package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Response;
import dev.runnel.sse.ServerEvent;
import dev.runnel.sse.Sse;
import dev.runnel.sse.SseSink;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Streams of events (SEMANTICS 6). */
final class EventScenarios {
  private static final String GET = "GET / HTTP/1.1\nHost: a\n\n";
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Pattern RETRY = Pattern.compile("retry: ([0-9]+)\n\n");

  private EventScenarios() {}

  static void addTo(Suite suite) {
    suite.add("SSE: events have all their lines, in order", EventScenarios::events);
    suite.add("SSE: the head comes after 500 ms without an event", EventScenarios::opens);
    suite.add("SSE: a heartbeat comes after 15 s without an event", EventScenarios::heartbeat);
    suite.add("SSE: a client that leaves ends the stream", EventScenarios::leaves);
    suite.add("SSE: a client that is too slow is given up after 30 s", EventScenarios::slow);
    suite.add("SSE: the stream ends with its handler", EventScenarios::ends);
    suite.add("SSE: a stop says when to come back, and ends the stream", EventScenarios::stop);
  }

  /** A stream whose sink is handed out. */
  private static void stream(Exchange call, List<SseSink> sinks) {
    Response stream =
        Sse.streamAsync(
            sink -> {
              sinks.add(sink);
              return sink.closed();
            });
    call.respond(stream);
  }

  private static void events() {
    List<SseSink> sinks = new ArrayList<>();
    try (Scene scene = Scene.of(x -> stream(x, sinks))) {
      Peer peer = scene.connect();
      peer.request(GET);
      CompletionStage<Void> sent =
          scene.ask(
              () ->
                  sinks.get(0).sendAsync(ServerEvent.of("one\ntwo").withId("7").withEvent("pair")));
      peer.take("\r\n\r\n");
      assertThat(peer.take("\n\n")).endsWith("\r\nevent: pair\nid: 7\ndata: one\ndata: two\n\n");
      assertThat(sent.toCompletableFuture()).isCompleted();
      sent = scene.ask(() -> sinks.get(0).sendAsync(ServerEvent.of("three")));
      assertThat(peer.take("\n\n")).endsWith("\r\ndata: three\n\n");
      assertThat(sent.toCompletableFuture()).isCompleted();
    }
  }

  private static void opens() {
    List<SseSink> sinks = new ArrayList<>();
    try (Scene scene = Scene.of(x -> stream(x, sinks))) {
      Peer peer = scene.connect();
      peer.request(GET);
      scene.advance(Duration.ofMillis(499));
      assertThat(peer.rest()).isEmpty();
      scene.advance(MILLI.multipliedBy(2));
      assertThat(peer.take("\r\n\r\n")).contains("text/event-stream").contains("no-store");
    }
  }

  private static void heartbeat() {
    List<SseSink> sinks = new ArrayList<>();
    try (Scene scene = Scene.of(x -> stream(x, sinks))) {
      Peer peer = scene.connect();
      peer.request(GET);
      scene.act(sinks.get(0)::open);
      peer.take("\r\n\r\n");
      scene.advance(Duration.ofSeconds(10));
      CompletionStage<Void> sent = scene.ask(() -> sinks.get(0).sendAsync(ServerEvent.of("here")));
      assertThat(sent.toCompletableFuture()).isCompleted();
      peer.take("data: here\n\n\r\n");
      for (int i = 0; i < 3; i++) {
        scene.advance(HEARTBEAT.minus(MILLI));
        assertThat(peer.rest()).isEmpty();
        scene.advance(MILLI);
        assertThat(peer.take("\n\n")).endsWith("\r\n:\n\n");
        assertThat(peer.take("\r\n")).isEqualTo("\r\n");
      }
    }
  }

  private static void leaves() {
    List<SseSink> sinks = new ArrayList<>();
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene =
        Scene.of(
            x -> {
              x.onCancel(causes::add);
              stream(x, sinks);
            })) {
      Peer peer = scene.connect();
      peer.request(GET);
      scene.act(sinks.get(0)::open);
      assertThat(sinks.get(0).isClosed()).isFalse();
      peer.vanish();
      assertThat(sinks.get(0).isClosed()).isTrue();
      assertThat(causes).containsExactly(CancelCause.CLIENT_GONE);
      assertThat(scene.calls()).isZero();
    }
  }

  private static void slow() {
    List<SseSink> sinks = new ArrayList<>();
    List<CancelCause> causes = new ArrayList<>();
    try (Scene scene =
            Scene.of(
                x -> {
                  x.onCancel(causes::add);
                  stream(x, sinks);
                });
        ScriptedPeer peer = scene.http2(Setting.INITIAL_WINDOW_SIZE, 1000)) {
      peer.get("/");
      ServerEvent large = ServerEvent.of("x".repeat(16 << 10));
      CompletionStage<Void> sent = scene.ask(() -> sinks.get(0).sendAsync(large));
      int events = 1;
      for (; sent.toCompletableFuture().isDone() && events < 100; events++) {
        sent = scene.ask(() -> sinks.get(0).sendAsync(large));
      }
      assertThat(events).as("events that went to a client that reads nothing").isLessThan(16);
      for (int i = 0; i < 3; i++) { // it takes a little, and so does not stall
        assertThat(causes).isEmpty();
        scene.advance(Duration.ofSeconds(9));
        peer.grant(1, 1);
      }
      scene.advance(Duration.ofSeconds(2));
      assertThat(causes).isEmpty();
      scene.advance(Duration.ofSeconds(2));
      assertThat(causes).containsExactly(CancelCause.SLOW_CONSUMER);
      assertThat(sent.toCompletableFuture()).isCompletedExceptionally();
      assertThat(scene.calls()).isZero();
    }
  }

  private static void ends() {
    try (Scene scene =
        Scene.of(x -> x.respond(Sse.streamAsync(sink -> sink.sendAsync(ServerEvent.of("only")))))) {
      Peer peer = scene.connect();
      assertThat(peer.request(GET).answer().body()).isEqualTo("data: only\n\n");
      assertThat(peer.request(GET).answer().body()).isEqualTo("data: only\n\n");
    }
  }

  private static void stop() {
    List<SseSink> sinks = new ArrayList<>();
    try (Scene scene = Scene.of(x -> stream(x, sinks))) {
      Peer peer = scene.connect();
      peer.request(GET);
      scene.act(sinks.get(0)::open);
      scene.run();
      var report = scene.stop(Duration.ofSeconds(20));
      String body = peer.answer().body();
      assertThat(body).matches(RETRY);
      long retry = Long.parseLong(body.replaceAll("[^0-9]", ""));
      assertThat(retry).isBetween(1500L, 4500L);
      scene.advance(Duration.ofSeconds(1));
      assertThat(peer.awaitEnd()).isEmpty();
      assertThat(report).isDone();
      assertThat(report.join().cancelled()).isZero();
    }
  }
}
