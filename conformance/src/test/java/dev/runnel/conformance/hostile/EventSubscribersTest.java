package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Timeouts;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.sse.ServerEvent;
import dev.runnel.sse.Sse;
import dev.runnel.sse.SseOptions;
import dev.runnel.sse.SseOverflow;
import dev.runnel.sse.SseSink;
import dev.runnel.sse.SseStats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A thousand subscribers of the same events, some of whom read nothing and some of whom vanish. The
 * others get all, and what is held for those who do not read comes to an end.
 */
class EventSubscribersTest {
  private static final int GOOD = 500;
  private static final int STALLED = 300;
  private static final int VANISHING = 200;
  private static final int EVENTS_KEPT = 16;

  /** More than the kernel takes for both ends: it ends sooner, or not at all. */
  private static final int MOST_ROUNDS = 3_000;

  private static final SseOptions OPTIONS =
      SseOptions.DEFAULT.withOverflow(SseOverflow.dropOldest(EVENTS_KEPT));

  /** Those who do not read get larger ones, so that the kernel is soon full of them. */
  private static final ServerEvent LARGE = ServerEvent.of("x".repeat(16 << 10));

  private static final ServerEvent SMALL = ServerEvent.of("x".repeat(100));

  private final Set<SseSink> sinks = ConcurrentHashMap.newKeySet();
  private final List<RawClient> rude = new ArrayList<>();
  private volatile SseStats stats;

  @AfterEach
  void closeAll() throws IOException {
    for (RawClient client : rude) {
      client.reset();
    }
  }

  private void handle(Exchange x) {
    stats = SseStats.of(x.server());
    x.respond(Sse.streamAsync(OPTIONS, this::subscribe));
  }

  private CompletionStage<?> subscribe(SseSink sink) {
    sinks.add(sink);
    sink.open();
    return sink.closed().thenRun(() -> sinks.remove(sink));
  }

  @Test
  void theOthersGetAllAndNothingPilesUp() throws Exception {
    // The stalled shall stay for as long as this takes.
    Timeouts timeouts = Timeouts.DEFAULT.withWriteStall(Duration.ZERO);
    try (LiveServer server = LiveServer.start(this::handle, o -> o.loops(2).timeouts(timeouts))) {
      try (EventReaders readers = new EventReaders(server.port(), GOOD, get("/small"))) {
        connectRude(server.port());
        int all = GOOD + STALLED + VANISHING;
        Eventually.until(() -> sinks.size() == all, () -> sinks.size() + " of " + all + " came");
        int sent = 0;
        while (sent < 20) {
          broadcast(readers, ++sent);
        }
        for (RawClient client : rude.subList(0, VANISHING)) {
          client.reset();
        }
        sent = awaitStandstill(readers, sent);
        Eventually.until(
            () -> stats.active() == GOOD + STALLED, () -> stats.active() + " streams are left");
        assertThat(readers.haveMoreThan(sent)).as("duplicates").isFalse();
        assertThat(stats.slowConsumers()).isZero();
      }
      closeAll();
      server.awaitQuiet();
      assertThat(stats.active()).isZero();
      assertThat(stats.opened()).isEqualTo(GOOD + STALLED + VANISHING);
      assertThat(sinks).isEmpty();
    }
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private void connectRude(int port) throws IOException {
    for (int i = 0; i < STALLED + VANISHING; i++) {
      RawClient client = new RawClient(port, 1024);
      client.send(get("/large"));
      rude.add(client);
    }
  }

  /** The next event; sent to all before anybody is waited for. */
  private void broadcast(EventReaders readers, int number) {
    List<CompletionStage<Void>> taken = new ArrayList<>();
    for (SseSink sink : sinks) {
      taken.add(sink.sendAsync(sink.request().rawPath().equals("/large") ? LARGE : SMALL));
    }
    for (CompletionStage<Void> one : taken) {
      one.exceptionally(gone -> null).toCompletableFuture().join(); // no stalled client delays it
    }
    Eventually.until(() -> readers.have(number), "all who read to get event " + number);
  }

  /** Until each event costs each of the stalled one that waited, and the others nothing. */
  private int awaitStandstill(EventReaders readers, int sentBefore) {
    int sent = sentBefore;
    for (int inARow = 0; inARow < 20; ) {
      long before = stats.dropped();
      broadcast(readers, ++sent);
      inARow = stats.dropped() - before == STALLED ? inARow + 1 : 0;
      assertThat(sent).as("events, and still something takes more").isLessThan(MOST_ROUNDS);
    }
    return sent;
  }
}
