package dev.runnel.conformance.contract;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.hub.Hub;
import dev.runnel.hub.HubOptions;
import dev.runnel.io.Loop;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.sse.ServerEvent;
import dev.runnel.sse.Sse;
import dev.runnel.sse.SseAsyncHandler;
import dev.runnel.sse.SseHandler;
import dev.runnel.sse.SseOptions;
import dev.runnel.sse.SseOverflow;
import dev.runnel.sse.SseSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Streams of events with the Java face. {@code KotlinEvents.kt} has the same endpoints. */
final class JavaEvents {
  /** More than the kernel takes for both ends. */
  private static final String LARGE = "x".repeat(8 << 20);

  private static final String PIECE = "x".repeat(16 << 10);

  private final Probe probe;

  JavaEvents(Probe probe) {
    this.probe = probe;
  }

  void declare(RouteBuilder r) {
    async(r, "/sse/quiet/{gate}", this::quiet);
    async(r, "/sse/open/{gate}", this::open);
    async(r, "/sse/first/{gate}", this::first);
    async(r, "/sse/forgotten", this::forgotten);
    async(r, "/sse/reject/{gate}", this::reject);
    async(r, "/sse/three", JavaEvents::three);
    SseOptions gzip = SseOptions.DEFAULT.withGzip(true);
    r.handle(Method.GET, "/sse/gzip", x -> x.respond(Sse.streamAsync(gzip, JavaEvents::three)));
    r.handle(
        Method.GET,
        "/sse/ticks/{count:int}",
        x -> x.respond(Sse.streamAsync(sink -> tick(sink, 0, x.loop()))));
    blocking(r, "/sse/blocking-three", sink -> three(sink).toCompletableFuture().join());
    blocking(r, "/sse/204", sink -> sink.reject(Response.noContent()));
    blocking(r, "/sse/fail-early", sink -> fail());
    blocking(
        r,
        "/sse/fail-late",
        sink -> {
          sink.send("one");
          fail();
        });
    blocking(r, "/sse/last", sink -> sink.send("last " + sink.lastEventId()));
    blocking(r, "/sse/refused", this::refused);
    async(r, "/sse/atomic", this::atomic);
    async(r, "/sse/fifo/{gate}", this::fifo);
    Hub<String> hub = new Hub<>(HubOptions.<String>defaults().withQueue(4));
    async(r, "/sse/pump", this::pump);
    async(r, "/sse/hub", sink -> joined(sink, hub));
    r.postAsync(
        "/sse/hub/{count:int}",
        request -> broadcast(hub, request.pathInt("count")).thenApply(all -> told(hub)));
    r.get("/sse/flood/{count:int}", req -> Sse.stream(sink -> flood(sink)));
    flood(r, "impatient", SseOptions.DEFAULT.withPatience(Duration.ofMillis(200)));
    flood(r, "drop", SseOptions.DEFAULT.withOverflow(SseOverflow.dropOldest(4)));
    flood(r, "close", SseOptions.DEFAULT.withOverflow(SseOverflow.CLOSE));
    SseOverflow byLetter = SseOverflow.conflate(event -> event.data().substring(0, 1));
    flood(r, "conflate", SseOptions.DEFAULT.withOverflow(byLetter));
  }

  void declareTimed(RouteBuilder g) {
    async(g, "/sse/quiet/{gate}", this::quiet);
  }

  /** Never done by itself. */
  private CompletionStage<?> forgotten(SseSink sink) {
    CompletableFuture<Void> never = new CompletableFuture<>();
    sink.closed().thenRun(() -> probe.note("closed first " + !never.isDone()));
    return sink.sendAsync(ServerEvent.of("first")).thenCompose(sent -> never);
  }

  private CompletionStage<?> joined(SseSink sink, Hub<String> hub) {
    sink.join(hub);
    sink.closed().thenRun(() -> probe.note("hub " + hub.stats().subscribers()));
    sink.open();
    probe.note("joined");
    return sink.closed();
  }

  private static CompletionStage<?> broadcast(Hub<String> hub, int count) {
    CompletionStage<Void> last = CompletableFuture.completedFuture(null);
    for (int i = 0; i < count; i++) {
      last = hub.broadcast("a" + i + " " + PIECE);
    }
    return last;
  }

  private static Response told(Hub<String> hub) {
    return Response.ok(
        hub.stats().subscribers() + " there, " + hub.stats().closedSlow() + " closed");
  }

  private static void async(RouteBuilder r, String path, SseAsyncHandler handler) {
    Response constant = Sse.streamAsync(handler);
    r.route(Method.GET, path, x -> x.respond(constant)).produces("text/event-stream");
  }

  private static void blocking(RouteBuilder r, String path, SseHandler handler) {
    r.get(path, request -> Sse.stream(handler));
  }

  private void flood(RouteBuilder r, String name, SseOptions options) {
    r.get("/sse/" + name + "/{count:int}", request -> Sse.stream(options, this::flood));
  }

  private static void fail() {
    throw new IllegalStateException("told to fail");
  }

  /** Completes when the gate opens, or nobody waits for that any more. */
  private CompletableFuture<?> gate(SseSink sink) {
    String gate = sink.request().path("gate");
    CompletionStage<Void> closed = sink.closed();
    closed.thenRun(() -> probe.note("closed " + gate));
    probe.note("started " + gate);
    return CompletableFuture.anyOf(probe.gate(gate), closed.toCompletableFuture());
  }

  private CompletionStage<?> quiet(SseSink sink) {
    return gate(sink).thenCompose(opened -> sink.sendAsync(ServerEvent.of("late")));
  }

  private CompletionStage<?> open(SseSink sink) {
    sink.open();
    return quiet(sink);
  }

  private CompletionStage<?> first(SseSink sink) {
    return sink.sendAsync(ServerEvent.of("first")).thenCompose(sent -> quiet(sink));
  }

  private CompletionStage<?> reject(SseSink sink) {
    return gate(sink)
        .thenRun(
            () -> {
              try {
                sink.reject(Response.of(Status.of(401)));
              } catch (IllegalStateException e) {
                probe.note("too late to reject");
                throw e;
              }
            });
  }

  private static CompletionStage<Void> three(SseSink sink) {
    return sink.sendAsync(ServerEvent.of("one"))
        .thenCompose(
            sent ->
                sink.sendAsync(
                    ServerEvent.of("two\nlines\r\nand\rmore").withEvent("note").withId("2")))
        .thenCompose(
            sent ->
                sink.sendAsync(
                    ServerEvent.of("").withRetry(Duration.ofSeconds(2)).withComment("three")));
  }

  /** One every 14 seconds. */
  private static CompletionStage<?> tick(SseSink sink, int number, Loop loop) {
    if (number == sink.request().pathInt("count")) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> later = new CompletableFuture<>();
    return sink.sendAsync(ServerEvent.of("" + number))
        .thenCompose(
            sent -> {
              loop.schedule(() -> later.complete(null), Duration.ofSeconds(14));
              return later;
            })
        .thenCompose(passed -> tick(sink, number + 1, loop));
  }

  private void refused(SseSink sink) {
    for (String bad : List.of("a\rb", "a\nb", "a\0b")) {
      try {
        sink.send(ServerEvent.of("x").withId(bad));
      } catch (IllegalArgumentException e) {
        probe.note("id refused");
      }
    }
    for (String bad : List.of("a\rb", "a\nb")) {
      try {
        sink.send(ServerEvent.of("x").withEvent(bad));
      } catch (IllegalArgumentException e) {
        probe.note("event refused");
      }
    }
    sink.send("fine");
  }

  /** One that is handed over and one that is not are cancelled, while the client takes nothing. */
  private CompletionStage<?> atomic(SseSink sink) {
    CompletableFuture<Void> first = sink.sendAsync(ServerEvent.of(LARGE)).toCompletableFuture();
    CompletableFuture<Void> second = sink.sendAsync(ServerEvent.of("second")).toCompletableFuture();
    second.cancel(false);
    first.cancel(false);
    CompletionStage<Void> third = sink.sendAsync(ServerEvent.of("third"));
    probe.note("cancelled both");
    return third;
  }

  private CompletionStage<?> fifo(SseSink sink) {
    return sink.sendAsync(ServerEvent.of("0"))
        .thenCompose(sent -> gate(sink))
        .thenCompose(
            opened -> {
              CompletableFuture<?>[] all = new CompletableFuture<?>[10];
              for (int i = 0; i < all.length; i++) {
                ServerEvent event = ServerEvent.of(i == 0 ? LARGE : "e" + i);
                all[i] = sink.sendAsync(event).toCompletableFuture();
              }
              probe.note("all sent");
              return CompletableFuture.allOf(all);
            });
  }

  /** Without end, and on the loop. */
  private CompletionStage<?> pump(SseSink sink) {
    return sink.sendAsync(ServerEvent.of(PIECE))
        .thenCompose(
            sent -> {
              probe.note("wrote");
              return pump(sink);
            })
        .whenComplete(
            (nothing, e) -> {
              Throwable cause = e.getCause() == null ? e : e.getCause();
              if (cause instanceof CallCancelledException cancelled) {
                probe.note("cancelled flood " + cancelled.reason());
              }
            });
  }

  private void flood(SseSink sink) {
    int count = sink.request().pathInt("count");
    try {
      for (int i = 0; i < count; i++) {
        sink.send((i % 2 == 0 ? "a" : "b") + i + " " + PIECE);
        probe.note("wrote");
      }
    } catch (CallCancelledException e) {
      probe.note("cancelled flood " + e.reason());
      throw e;
    }
    probe.note("dropped " + sink.dropped());
  }
}
