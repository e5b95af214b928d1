package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.runnel.engine.LoopLife;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import dev.runnel.hub.Hub;
import dev.runnel.server.Eventually;
import dev.runnel.testing.VirtualLoop;
import dev.runnel.testing.websocket.ClientFrame;
import dev.runnel.testing.websocket.DeflatePeer;
import dev.runnel.testing.websocket.Opcode;
import dev.runnel.testing.websocket.ScriptedConnection;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.transport.ClientException;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameOptions;
import dev.runnel.websocket.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of the Java faces that a client opens, with a scripted server. */
class WsClientHandshakeTest {
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final String AGREED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private final VirtualLoop loop = new VirtualLoop();
  private final ScriptedConnection server = new ScriptedConnection(loop);
  private final List<String> told = new ArrayList<>();
  private boolean over;
  private final LoopLife life = new LoopLife(loop, () -> over = true);
  private final Request request = Request.get("ws://server/chat");

  // --- the handshake ---

  @Test
  void whatIsAskedForDependsOnTheVersion() {
    WsClientOptions options =
        WsClientOptions.DEFAULT.withProtocols("v1").withDeflate(Deflate.DEFAULT);
    WsClientHandshake one = WsClientHandshake.of(Version.HTTP_1_1, options);
    WsClientHandshake two = WsClientHandshake.of(Version.HTTP_2, options);
    assertThat(one.method()).isEqualTo(Method.GET);
    assertThat(one.requestFields().get("Upgrade")).isEqualTo("websocket");
    assertThat(two.method()).isEqualTo(Method.CONNECT);
    assertThat(two.requestFields().contains("Upgrade")).isFalse();
    for (Headers fields : List.of(one.requestFields(), two.requestFields())) {
      assertThat(fields.get("Sec-WebSocket-Protocol")).isEqualTo("v1");
      assertThat(fields.get(EXTENSIONS)).startsWith("permessage-deflate");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; server_no_context_takeover; x",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits=7",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=16",
        "permessage-deflate; server_no_context_takeover, permessage-deflate",
        "permessage-deflate; server_no_context_takeover, x-webkit-deflate-frame",
        "x-webkit-deflate-frame",
        "permessage-bzip2",
        "permessage-deflate;",
        ";",
        ",",
        "",
        "permessage-deflate; server_no_context_takeover; a=\"b",
        "Permessage Deflate",
      })
  void extensionsThatAreNotWhatWasOffered(String answer) {
    WsClientHandshake handshake = handshake(WsClientOptions.DEFAULT.withDeflate(Deflate.DEFAULT));
    refused(handshake, ScriptedAnswer.to(handshake, EXTENSIONS, answer), EXTENSIONS);
    assertThat(server.isReset()).isTrue();
    assertThat(server.written()).isEmpty();
  }

  @Test
  void anotherStatusOpensNothing() {
    WsClientHandshake handshake = handshake(WsClientOptions.DEFAULT);
    ResponseHead answer = new ResponseHead(Status.of(403), Headers.EMPTY);
    assertThatThrownBy(() -> handshake.check(answer)).hasMessageContaining("answered 403");
    refused(handshake, answer, "answered 403 instead of 101");
  }

  @Test
  void whatIsRequiredAndNotAgreedIsClosedWith1010() {
    WsClientHandshake handshake =
        handshake(WsClientOptions.DEFAULT.withRequiredDeflate(Deflate.DEFAULT));
    refused(handshake, ScriptedAnswer.to(handshake), "required");
    WsFrame close = server.heardOne();
    assertThat(codeOf(close)).isEqualTo(1010);
    assertThat(close.content()).endsWith("permessage-deflate");
    assertThat(server.isReset()).isFalse();
    server.says(WsFrame.close(1010)).ends();
    assertThat(server.isClosed()).isTrue();
    assertThat(over).isTrue();
  }

  @Test
  void whatIsRequiredMustBeOffered() {
    assertThatThrownBy(() -> WsClientOptions.DEFAULT.withRequiredDeflate(Deflate.OFF))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("withDeflate");
  }

  private void refused(WsClientHandshake handshake, ResponseHead answer, String complaint) {
    assertThatThrownBy(() -> handshake.open(request, answer, server, life, new Log()))
        .hasMessageContaining(complaint)
        .asInstanceOf(type(ClientException.class))
        .extracting(ClientException::reason)
        .isEqualTo(ClientException.Reason.NOT_UPGRADED);
    assertThat(told).isEmpty();
  }

  // --- a listener ---

  @ParameterizedTest
  @EnumSource(
      value = Version.class,
      names = {"HTTP_1_1", "HTTP_2"})
  void aListenerHearsOfEverything(Version version) {
    WsClientHandshake handshake =
        WsClientHandshake.of(version, WsClientOptions.DEFAULT.withProtocols("v1"));
    WsChannel session = open(handshake, new Log(), "Sec-WebSocket-Protocol", "v1");
    assertThat(session.protocol()).isEqualTo("v1");
    assertThat(session.request()).isSameAs(request);
    assertThat(session.peerAddress()).isEqualTo(server.remoteAddress());
    says(WsFrame.text("a"), WsFrame.binary(new byte[2]), WsFrame.close(1001, "bye"));
    server.ends();
    assertThat(told).containsExactly("open", "text(1)", "binary(2)", "closed 1001 bye");
    assertThat(over).isTrue();
    assertThat(session.isOpen()).isFalse();
  }

  @Test
  void whatAListenerSendsIsMasked() {
    WsChannel session = open(handshake(WsClientOptions.DEFAULT), new Log());
    CompletionStage<Void> sent = session.send("Hello");
    assertThat(server.heardOne().content()).isEqualTo("Hello");
    assertThat(sent.toCompletableFuture()).isCompleted();
  }

  @Test
  void aListenerThatFailsLeavesWith1001() {
    open(
        handshake(WsClientOptions.DEFAULT),
        (session, message) -> {
          throw new IllegalStateException("a test of a failure");
        });
    says(WsFrame.text("x"));
    assertThat(codeOf(server.heardOne())).isEqualTo(1001);
  }

  @Test
  void aListenerMayChooseTheCode() {
    open(
        handshake(WsClientOptions.DEFAULT),
        (session, message) -> {
          throw new WsClose(3001, "chosen");
        });
    says(WsFrame.text("x"));
    assertThat(codeOf(server.heardOne())).isEqualTo(3001);
  }

  @Test
  void aStageHoldsTheNextMessageBack() {
    CompletableFuture<Void> stage = new CompletableFuture<>();
    open(
        handshake(WsClientOptions.DEFAULT),
        (session, message) -> {
          told.add(message.text());
          return stage;
        });
    says(WsFrame.text("a"), WsFrame.text("b"));
    assertThat(told).containsExactly("a");
    stage.complete(null);
    loop.run();
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  void aServerThatVanishesIsA1006() {
    open(handshake(WsClientOptions.DEFAULT), new Log());
    server.ends();
    assertThat(told).containsExactly("open", "closed 1006");
    assertThat(server.isReset()).isTrue();
  }

  @Test
  void aStopOfTheClientClosesWith1001() {
    open(handshake(WsClientOptions.DEFAULT), new Log());
    life.stop();
    assertThat(codeOf(server.heardOne())).isEqualTo(1001);
    says(WsFrame.close(1001));
    assertThat(told).containsExactly("open", "closed 1001");
  }

  // --- compression ---

  @Test
  void messagesAreCompressedBothWays() {
    WsClientOptions options = WsClientOptions.DEFAULT.withDeflate(Deflate.DEFAULT.withThreshold(0));
    WsChannel session = open(handshake(options), new Log(), EXTENSIONS, AGREED);
    String text = "Hello ".repeat(100);
    boolean unused = session.send(text).toCompletableFuture().isDone();
    try (DeflatePeer deflate = new DeflatePeer(false, false)) {
      WsFrame frame = server.heardOne();
      assertThat(frame.rsv()).isEqualTo(4);
      assertThat(deflate.expand(frame.payload())).asString().isEqualTo(text);
      says(WsFrame.text("").rsv(4).payload(deflate.compress(utf8("x".repeat(5000)))));
    }
    assertThat(told).containsExactly("open", "text(5000)");
  }

  @Test
  void theLimitHoldsForWhatAMessageStandsFor() {
    WsClientOptions options =
        WsClientOptions.DEFAULT
            .withDeflate(Deflate.DEFAULT)
            .withFrames(FrameOptions.DEFAULT.withMaxMessage(1000));
    open(handshake(options), new Log(), EXTENSIONS, AGREED);
    try (DeflatePeer deflate = new DeflatePeer(false, false)) {
      says(WsFrame.text("").rsv(4).payload(deflate.compress(utf8("x".repeat(1000)))));
      says(WsFrame.text("").rsv(4).payload(deflate.compress(new byte[1 << 20])));
    }
    assertThat(codeOf(server.heardOne())).isEqualTo(1009);
    assertThat(told).startsWith("open", "text(1000)").hasSize(3);
  }

  @Test
  void corruptDataIsA1007AndABitThatMeansNothingA1002() {
    WsClientOptions options = WsClientOptions.DEFAULT.withDeflate(Deflate.DEFAULT);
    open(handshake(options), new Log(), EXTENSIONS, AGREED);
    says(WsFrame.text("").rsv(4).payload(new byte[] {-1, -1, -1}));
    assertThat(codeOf(server.heardOne())).isEqualTo(1007);
    ScriptedConnection plain = new ScriptedConnection(loop);
    WsClientHandshake without = handshake(options);
    WsChannel unused =
        without.open(request, ScriptedAnswer.to(without), plain, new LoopLife(loop), new Log());
    loop.run();
    plain.says(WsFrame.text("x").rsv(4));
    assertThat(codeOf(plain.heardOne())).isEqualTo(1002);
  }

  // --- hubs ---

  /**
   * Sessions of clients and of the server may be in one hub: the frame that they share is whole.
   */
  @Test
  void whatAHubBroadcastsIsMaskedForEachClientAlone() {
    Hub<String> hub = new Hub<>();
    ScriptedConnection other = new ScriptedConnection(loop);
    WsClientHandshake second = handshake(WsClientOptions.DEFAULT);
    WsChannel one = open(handshake(WsClientOptions.DEFAULT), new Log());
    WsChannel two =
        second.open(request, ScriptedAnswer.to(second), other, new LoopLife(loop), new Log());
    boolean subscribed = one.subscribe(hub).toCompletableFuture().isDone();
    subscribed &= two.subscribe(hub).toCompletableFuture().isDone();
    assertThat(subscribed).isTrue();
    other.room(false);
    CompletionStage<?> all = hub.broadcast("a");
    CompletionStage<?> again = hub.broadcast("b");
    loop.run();
    other.room(true);
    loop.run();
    assertThat(all.toCompletableFuture()).isCompleted();
    assertThat(again.toCompletableFuture()).isCompleted();
    List<ClientFrame> first = server.heard();
    List<ClientFrame> others = other.heard();
    assertThat(first).extracting(f -> f.frame().content()).containsExactly("a", "b");
    assertThat(others).extracting(f -> f.frame().content()).containsExactly("a", "b");
    List<Integer> keys = new ArrayList<>();
    first.forEach(frame -> keys.add(frame.key()));
    others.forEach(frame -> keys.add(frame.key()));
    assertThat(keys).doesNotHaveDuplicates();
  }

  // --- blocking ---

  @Test
  void aThreadMaySendAndReceive() throws Exception {
    WsClientHandshake handshake = handshake(WsClientOptions.DEFAULT);
    BlockingWs session =
        handshake.openBlocking(request, ScriptedAnswer.to(handshake), server, life);
    CompletableFuture<String> result = CompletableFuture.supplyAsync(() -> converse(session));
    until(() -> server.written().length > 0);
    assertThat(server.heardOne().content()).isEqualTo("ping");
    says(WsFrame.text("pong"));
    until(() -> server.written().length > 0);
    assertThat(codeOf(server.heardOne())).isEqualTo(1000);
    says(WsFrame.close(1000));
    until(result::isDone);
    assertThat(result.join()).isEqualTo("pong 1000 null");
    server.ends();
    assertThat(over).isTrue();
  }

  private static String converse(BlockingWs session) {
    try {
      session.send("ping");
      Message answer = session.receive();
      CloseReason reason = session.close(1000, "");
      return (answer == null ? "nothing" : answer.text()) + " " + reason + " " + session.receive();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aThreadWaitsByTheClockOfTheLoop() throws Exception {
    WsClientHandshake handshake = handshake(WsClientOptions.DEFAULT);
    BlockingWs session =
        handshake.openBlocking(request, ScriptedAnswer.to(handshake), server, life);
    int before = loop.timers(); // read before the other thread may set its own
    CompletableFuture<Boolean> result =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return session.receive(Duration.ofSeconds(3)) == null;
              } catch (TimeoutException e) {
                return true;
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    until(() -> loop.timers() > before);
    assertThat(result).isNotDone();
    loop.advance(Duration.ofSeconds(3));
    until(result::isDone);
    assertThat(result.join()).isTrue();
  }

  private void until(BooleanSupplier condition) {
    Eventually.until(
        () -> {
          loop.run();
          return condition.getAsBoolean();
        },
        "the other thread");
  }

  // --- helpers ---

  private WsClientHandshake handshake(WsClientOptions options) {
    return WsClientHandshake.of(Version.HTTP_1_1, options);
  }

  private WsChannel open(WsClientHandshake handshake, WsListener listener, String... more) {
    WsChannel session =
        handshake.open(request, ScriptedAnswer.to(handshake, more), server, life, listener);
    loop.run();
    return session;
  }

  private void says(WsFrame... frames) {
    server.says(frames);
    loop.run();
  }

  private static int codeOf(WsFrame close) {
    assertThat(close.opcode()).isEqualTo(Opcode.CLOSE);
    byte[] payload = close.payload();
    return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private final class Log implements WsListener {
    @Override
    public void onOpen(WsChannel session) {
      told.add("open");
    }

    @Override
    public @Nullable CompletionStage<?> onMessage(WsChannel session, Message message) {
      told.add(message.toString());
      return null;
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      told.add("closed " + reason);
    }
  }
}
