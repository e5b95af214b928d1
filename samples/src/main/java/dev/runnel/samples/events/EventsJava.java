package dev.runnel.samples.events;

import dev.runnel.http.Response;
import dev.runnel.routing.Routes;
import dev.runnel.sse.ServerEvent;
import dev.runnel.sse.Sse;
import dev.runnel.sse.SseOptions;
import dev.runnel.sse.SseOverflow;
import dev.runnel.sse.SseSink;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Streams of events with the Java face: one of blocking code, and one that holds no thread. */
public final class EventsJava {
  private final Set<SseSink> listeners = ConcurrentHashMap.newKeySet();

  /** The routes, to be served or mounted somewhere. */
  // snippet:sse-java
  public Routes routes() {
    SseOptions latest = SseOptions.DEFAULT.withOverflow(SseOverflow.dropOldest(100));
    return Routes.of(
        r ->
            r.get("/count/{n:int}", req -> Sse.stream(EventsJava::count))
                .get("/news", req -> Sse.streamAsync(latest, this::listen))
                .post("/news", req -> publish(req.body().text())));
  }

  private static void count(SseSink sink) {
    for (int i = 1; i <= sink.request().pathInt("n"); i++) {
      sink.send("" + i); // waits while the client is slow
    }
  }

  private CompletionStage<?> listen(SseSink sink) {
    listeners.add(sink);
    return sink.closed().thenRun(() -> listeners.remove(sink));
  }

  private Response publish(String text) {
    ServerEvent event = ServerEvent.of(text).withEvent("news");
    listeners.forEach(sink -> sink.sendAsync(event)); // encoded once for all
    return Response.accepted();
  }
  // end
}
