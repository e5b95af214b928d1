package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Timeouts;
import dev.runnel.hub.Hub;
import dev.runnel.hub.HubOptions;
import dev.runnel.hub.Overflow;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameOptions;
import dev.runnel.websocket.Message;
import dev.runnel.ws.WebSockets;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsListener;
import dev.runnel.ws.WsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A thousand WebSocket sessions on one hub, some of whom read nothing and some of whom vanish. The
 * others get all, in order, and what is held for those who do not read comes to an end.
 */
class HubSessionsTest {
  private static final int GOOD = 500;
  private static final int STALLED = 300;
  private static final int VANISHING = 200;
  private static final int KEPT = 16;
  private static final int PAYLOAD = 8 << 10;
  private static final String REST = "x".repeat(PAYLOAD - FrameReaders.DIGITS);

  /** More than the kernel takes for both ends: it ends sooner, or not at all. */
  private static final int MOST_ROUNDS = 3_000;

  private static final String REQUEST =
      """
      GET /hub HTTP/1.1
      Host: a
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """
          .replace("\n", "\r\n");

  /** The stalled shall stay for as long as this takes, and say nothing. */
  private static final WsOptions OPTIONS =
      WsOptions.DEFAULT.withFrames(
          FrameOptions.DEFAULT.withPatience(Duration.ZERO).withPingAfter(Duration.ZERO));

  private static final Timeouts TIMEOUTS = Timeouts.DEFAULT.withWriteStall(Duration.ZERO);

  private final AtomicInteger opened = new AtomicInteger();
  private final Map<Integer, AtomicInteger> closed = new ConcurrentHashMap<>();
  private final List<RawClient> rude = new ArrayList<>();
  private Hub<String> hub = new Hub<>();

  @AfterEach
  void resetAll() throws IOException {
    for (RawClient client : rude) {
      client.reset();
    }
  }

  private void handle(Exchange x) {
    x.respond(WebSockets.listen(x.request(), OPTIONS, new Member()));
  }

  private final class Member implements WsListener {
    @Override
    public void onOpen(WsChannel session) {
      opened.incrementAndGet();
      session.subscribe(hub);
    }

    @Override
    public @Nullable CompletionStage<?> onMessage(WsChannel session, Message message) {
      return null;
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      closed.computeIfAbsent(reason.code(), code -> new AtomicInteger()).incrementAndGet();
    }
  }

  private int closed(int code) {
    return closed.getOrDefault(code, new AtomicInteger()).get();
  }

  @Test
  void theOthersGetAllAndNothingPilesUp() throws Exception {
    hub =
        new Hub<>(HubOptions.<String>defaults().withQueue(KEPT).withOverflow(Overflow.DROP_OLDEST));
    int all = GOOD + STALLED + VANISHING;
    try (LiveServer server = LiveServer.start(this::handle, o -> o.loops(2).timeouts(TIMEOUTS))) {
      try (FrameReaders readers = new FrameReaders(server.port(), GOOD, REQUEST, PAYLOAD)) {
        connectRude(server.port(), STALLED + VANISHING);
        Eventually.until(() -> hub.subscribers() == all, () -> hub.stats() + " of " + all);
        int sent = 0;
        while (sent < 20) {
          broadcast(readers, ++sent);
        }
        for (RawClient client : rude.subList(0, VANISHING)) {
          client.reset();
        }
        sent = awaitStandstill(readers, sent);
        Eventually.until(
            () -> hub.subscribers() == GOOD + STALLED && closed(1006) == VANISHING,
            () -> hub.stats() + " " + closed);
        assertThat(readers.surprises()).isEmpty();
        assertThat(hub.stats().closedSlow()).isZero();
        assertThat(hub.stats().broadcasts()).isEqualTo(sent);
      }
      resetAll();
      server.awaitQuiet();
      assertThat(hub.subscribers()).isZero();
      assertThat(opened).hasValue(all);
      assertThat(closed(1006)).isEqualTo(all);
    }
  }

  @Test
  void thoseWhoStallAreClosedAndTheOthersAreNot() throws Exception {
    int few = 50;
    try (LiveServer server = LiveServer.start(this::handle, o -> o.loops(2).timeouts(TIMEOUTS))) {
      try (FrameReaders readers = new FrameReaders(server.port(), few, REQUEST, PAYLOAD)) {
        connectRude(server.port(), few);
        Eventually.until(() -> hub.subscribers() == 2 * few, () -> hub.stats().toString());
        int sent = 0;
        while (hub.stats().closedSlow() < few) {
          broadcast(readers, ++sent);
          assertThat(sent).as("messages, and still something takes more").isLessThan(MOST_ROUNDS);
        }
        Eventually.until(() -> closed(1008) == few, () -> "those told of 1008: " + closed);
        Eventually.until(
            () -> server.server().connections() == few,
            () -> server.server().connections() + " connections are left");
        broadcast(readers, sent + 1);
        assertThat(readers.surprises()).isEmpty();
        assertThat(hub.subscribers()).isEqualTo(few);
      }
      resetAll();
      server.awaitQuiet();
    }
  }

  private void connectRude(int port, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      RawClient client = new RawClient(port, 1024);
      client.send(REQUEST);
      rude.add(client);
    }
  }

  private void broadcast(FrameReaders readers, int number) {
    // No stalled client delays it.
    hub.broadcast(FrameReaders.digits(number) + REST).toCompletableFuture().join();
    Eventually.until(() -> readers.have(number), "all who read to get message " + number);
  }

  /** Until each message costs each of the stalled one that waited, and the others nothing. */
  private int awaitStandstill(FrameReaders readers, int sentBefore) {
    int sent = sentBefore;
    for (int inARow = 0; inARow < 20; ) {
      long before = hub.stats().dropped();
      broadcast(readers, ++sent);
      inARow = hub.stats().dropped() - before == STALLED ? inARow + 1 : 0;
      assertThat(sent).as("messages, and still something takes more").isLessThan(MOST_ROUNDS);
    }
    return sent;
  }
}
