package dev.runnel.testkit.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.memory.WireFaults;
import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.Message;
import dev.runnel.ws.WebSockets;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Sessions of WebSocket (RFC 6455, SEMANTICS 7). */
final class WebSocketScenarios {
  private static final Duration PING = Duration.ofSeconds(20);

  private static final String UPGRADE =
      """
      GET / HTTP/1.1
      Host: a
      Connection: upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

      """;

  private WebSocketScenarios() {}

  static void addTo(Suite suite) {
    suite.add("WS: messages come back, of every size", WebSocketScenarios::echo);
    suite.add("WS: bytes may come one by one", WebSocketScenarios::oneByOne);
    suite.add("WS: fragments make one message, with a ping between", WebSocketScenarios::fragments);
    suite.add("WS: a ping is answered", WebSocketScenarios::ping);
    suite.add("WS: a Close is answered with its code", WebSocketScenarios::closed);
    suite.add("WS: a Close of ours waits for the client's", WebSocketScenarios::closes);
    suite.add("WS: a client that leaves is 1006", WebSocketScenarios::leaves);
    suite.add("WS: a silent client is pinged, and given up", WebSocketScenarios::silent);
    suite.add("WS: what breaks the rules is closed with its code", WebSocketScenarios::rules);
    suite.add("WS: a message above the limit is 1009", WebSocketScenarios::large);
    suite.add("WS: messages wait for a busy listener", WebSocketScenarios::busy);
    suite.add("WS: a client that is too slow is given up", WebSocketScenarios::slow);
    suite.add("WS: a listener that throws is 1011", WebSocketScenarios::throwing);
    suite.add("WS: a stop is 1001", WebSocketScenarios::stop);
  }

  /** Sends back what comes, and notes what happens. */
  private static final class Echo implements WsListener {
    final List<WsChannel> sessions = new ArrayList<>();
    final List<CloseReason> ends = new ArrayList<>();

    void begin(Exchange call) {
      call.respond(WebSockets.listen(call.request(), this));
    }

    WsChannel session() {
      return sessions.get(0);
    }

    @Override
    public void onOpen(WsChannel session) {
      sessions.add(session);
    }

    @Override
    public @Nullable CompletionStage<?> onMessage(WsChannel session, Message message) {
      return session.send(message);
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      ends.add(reason);
    }

    void expectEnd(Scene scene, int code) {
      scene.run();
      assertThat(ends).extracting(CloseReason::code).containsExactly(code);
      assertThat(scene.calls()).isZero();
    }
  }

  private static WsPeer open(Scene scene) {
    return WsPeer.open(scene.connect(), "/");
  }

  private static void echo() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      for (int length : new int[] {0, 1, 3, 125, 126, 1000, 65_536}) {
        String text = "é1".repeat(length).substring(0, length);
        assertThat(peer.text(text).text()).isEqualTo(text);
      }
      assertThat(peer.binary(new byte[] {1, 2, 3}).message().bytes()).containsExactly(1, 2, 3);
      peer.close(1000);
      echo.expectEnd(scene, 1000);
    }
  }

  private static void oneByOne() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene).cuttingWrites(() -> 1);
      assertThat(peer.text("in small pieces").text()).isEqualTo("in small pieces");
      assertThat(peer.text("x".repeat(200)).text()).isEqualTo("x".repeat(200));
      peer.close(1000);
    }
  }

  private static void fragments() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      peer.send(WsFrame.text("one ").notLast(), WsFrame.continuation("two ").notLast());
      peer.send(WsFrame.ping("now"));
      assertThat(peer.pong()).isEqualTo("now");
      peer.send(WsFrame.continuation("three"));
      assertThat(peer.text()).isEqualTo("one two three");
      assertThat(peer.text("four").text()).isEqualTo("four");
      peer.close(1000);
    }
  }

  private static void ping() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      assertThat(peer.send(WsFrame.ping("are you there?")).pong()).isEqualTo("are you there?");
      assertThat(peer.send(WsFrame.ping("")).pong()).isEmpty();
      peer.close(1000);
    }
  }

  private static void closed() {
    for (int code : new int[] {1000, 1001, 3333}) {
      Echo echo = new Echo();
      try (Scene scene = Scene.of(echo::begin)) {
        WsPeer peer = open(scene);
        peer.close(code);
        echo.expectEnd(scene, code);
        assertThat(scene.connections()).isZero();
      }
    }
  }

  private static void closes() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      CompletionStage<CloseReason> closed = scene.ask(() -> echo.session().close(4000, "enough"));
      assertThat(peer.closing().code()).isEqualTo(4000);
      assertThat(closed.toCompletableFuture()).isNotDone();
      peer.send(WsFrame.close(4000));
      peer.expectEnd();
      assertThat(closed.toCompletableFuture()).isCompleted();
      echo.expectEnd(scene, 4000);
    }
    Echo unanswered = new Echo();
    try (Scene scene = Scene.of(unanswered::begin)) {
      WsPeer peer = open(scene);
      scene.act(() -> unanswered.session().close(4000, ""));
      assertThat(peer.closing().code()).isEqualTo(4000);
      scene.advance(Duration.ofSeconds(8));
      peer.expectEnd();
      unanswered.expectEnd(scene, 4000);
    }
  }

  private static void leaves() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      assertThat(peer.text("hello").text()).isEqualTo("hello");
      peer.peer().vanish();
      assertThat(echo.session().isOpen()).isFalse();
      echo.expectEnd(scene, CloseReason.ABNORMAL);
      assertThat(scene.connections()).isZero();
    }
  }

  private static void silent() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      for (int i = 1; i < 4; i++) {
        scene.advance(PING);
        scene.advance(Duration.ofMillis(1));
        assertThat(peer.frame().opcode()).as("opcode after " + i + " times 20 s").isEqualTo(9);
        peer.send(WsFrame.pong(""));
      }
      scene.advance(PING.multipliedBy(2).minusSeconds(1));
      assertThat(echo.ends).isEmpty();
      scene.advance(Duration.ofSeconds(2));
      echo.expectEnd(scene, CloseReason.ABNORMAL);
    }
  }

  private static void rules() {
    expectRefusal(WsFrame.text("bare").unmasked(), 1002);
    expectRefusal(WsFrame.text("bits").rsv(4), 1002);
    expectRefusal(WsFrame.of(3, new byte[0]), 1002);
    expectRefusal(WsFrame.continuation("of nothing"), 1002);
    expectRefusal(WsFrame.ping("in parts").notLast(), 1002);
    expectRefusal(WsFrame.text(new byte[] {(byte) 0xC3, 0x28}), 1007);
  }

  private static void expectRefusal(WsFrame frame, int code) {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene).send(frame);
      assertThat(peer.closing().code()).as(frame.toString()).isEqualTo(code);
      peer.expectEnd();
      scene.advance(Duration.ofSeconds(3));
      echo.expectEnd(scene, code);
    }
  }

  private static void large() {
    expectRefusal(WsFrame.binary(new byte[0]).declares((1 << 20) + 1), 1009);
  }

  private static void busy() {
    List<String> came = new ArrayList<>();
    List<CompletableFuture<Void>> waits = new ArrayList<>();
    WsListener busy =
        (session, message) -> {
          came.add(message.text());
          waits.add(new CompletableFuture<>());
          return waits.get(waits.size() - 1);
        };
    try (Scene scene = Scene.of(x -> x.respond(WebSockets.listen(x.request(), busy)))) {
      WsPeer peer = open(scene).text("one").text("two").text("three");
      for (int i = 0; i < 3; i++) {
        scene.run();
        assertThat(came).hasSize(i + 1);
        CompletableFuture<Void> wait = waits.get(i);
        scene.act(() -> wait.complete(null));
      }
      scene.run();
      assertThat(came).containsExactly("one", "two", "three");
      peer.close(1000);
    }
  }

  /** It takes bytes all the time, and so does not stall. */
  private static void slow() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      Peer below = scene.connect(WireFaults.NONE.toClient(lane -> lane.withBytesPerSecond(10_000)));
      below.request(UPGRADE);
      scene.advance(Duration.ofSeconds(1));
      assertThat(below.take("\r\n\r\n")).startsWith("HTTP/1.1 101");
      CompletableFuture<Void> large = send(scene, echo, 1 << 20);
      CompletableFuture<Void> waiting = send(scene, echo, 10);
      scene.advance(Duration.ofSeconds(29));
      assertThat(large).isNotDone();
      assertThat(waiting).isNotDone();
      assertThat(echo.ends).isEmpty();
      scene.advance(Duration.ofSeconds(2));
      assertThat(echo.ends).extracting(CloseReason::code).containsExactly(1008);
      assertThat(waiting).isCompletedExceptionally();
    }
  }

  private static CompletableFuture<Void> send(Scene scene, Echo echo, int length) {
    Message message = Message.binary(new byte[length]);
    return scene.ask(() -> echo.session().send(message)).toCompletableFuture();
  }

  private static void throwing() {
    WsListener failing =
        (session, message) -> {
          throw new IllegalStateException("on purpose");
        };
    try (Scene scene = Scene.of(x -> x.respond(WebSockets.listen(x.request(), failing)))) {
      WsPeer peer = open(scene).text("hello");
      assertThat(peer.expectClose(1011)).isEmpty();
    }
  }

  private static void stop() {
    Echo echo = new Echo();
    try (Scene scene = Scene.of(echo::begin)) {
      WsPeer peer = open(scene);
      var report = scene.stop(Duration.ofSeconds(20));
      assertThat(peer.expectClose(1001)).isEmpty();
      echo.expectEnd(scene, 1001);
      scene.advance(Duration.ofSeconds(3));
      assertThat(report).isDone();
      assertThat(report.join().cancelled()).isZero();
    }
  }
}
