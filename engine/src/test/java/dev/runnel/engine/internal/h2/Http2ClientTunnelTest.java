package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.head;
import static dev.runnel.testing.http2.ScriptedServer.webSocket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** CONNECT and extended CONNECT (RFC 9113 8.5, RFC 8441). */
class Http2ClientTunnelTest {
  private static final int EXTENDED = Setting.ENABLE_CONNECT_PROTOCOL;

  private static Heard tunnel(ScriptedServer server) {
    Heard call = server.call(webSocket("/chat"));
    server.send(answer(1, false, 200));
    assertThat(call.told()).containsExactly("upgraded 200");
    return call;
  }

  @Test
  void anExtendedConnectBecomesBytesBothWays() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      Arrival sent = server.expect(Frame.HEADERS, 1);
      assertThat(sent.field(":method")).isEqualTo("CONNECT");
      assertThat(sent.field(":protocol")).isEqualTo("websocket");
      assertThat(sent.field(":path")).isEqualTo("/chat");
      assertThat(sent.field(":scheme")).isEqualTo("http");
      assertThat(sent.ends()).isFalse();
      RawConnection raw = call.raw();
      assertThat(raw.output().write(Bytes.utf8("hello"))).isTrue();
      assertThat(server.run().data(1)).isEqualTo("hello");
      server.send(Frame.data(1, false, "there"));
      assertThat(String.valueOf(raw.input().poll().utf8())).isEqualTo("there");
      raw.output().end();
      assertThat(server.run().data(1)).isEqualTo("$");
      assertThat(call.isEnded()).isFalse();
      server.send(Frame.data(1, true, "bye"));
      assertThat(raw.input().poll().utf8()).isEqualTo("bye");
      assertThat(raw.input().ended()).isTrue();
      assertThat(call.told()).containsExactly("upgraded 200", "ended");
    }
  }

  @Test
  void aPlainConnectHasNeitherSchemeNorPath() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = server.call(head(Method.CONNECT, "b:443", 0));
      Arrival sent = server.expect(Frame.HEADERS, 1);
      assertThat(sent.field(":authority")).isEqualTo("b:443");
      assertThat(sent.field(":scheme")).isNull();
      assertThat(sent.field(":path")).isNull();
      server.send(answer(1, false, 200), Frame.data(1, false, "at once"));
      assertThat(call.told()).containsExactly("upgraded 200");
      assertThat(call.raw().input().poll().utf8()).isEqualTo("at once");
      call.raw().close();
      server.run();
      assertThat(server.data(1)).isEqualTo("$");
      server.expectReset(1, ErrorCode.NO_ERROR);
      assertThat(call.isEnded()).isTrue();
    }
  }

  @Test
  void whatTheServerDoesNotTakeIsNotSent() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = server.call(webSocket("/chat"));
      assertThat(call.told()).containsExactly("failed NOT_UPGRADED unprocessed", "ended");
      assertThat(call.failure()).hasMessageContaining("RFC 8441");
      server.expectNo(Frame.HEADERS);
    }
  }

  @Test
  void itWaitsForWhatTheServerSaysOfItself() {
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard call = server.call(webSocket("/chat"));
      Heard get = server.get("/");
      assertThat(server.expect(Frame.HEADERS, 1).field(":method")).isEqualTo("GET");
      server.expectNo(Frame.HEADERS);
      server.send(Frame.settings(EXTENDED, 1), Frame.settingsAck());
      assertThat(server.expect(Frame.HEADERS, 3).field(":protocol")).isEqualTo("websocket");
      server.send(answer(1, true, 200), answer(3, false, 200));
      assertThat(call.told()).containsExactly("upgraded 200");
      call.call().cancel(new ClientException(Reason.CANCELLED, "enough"));
      server.run().expectReset(3, ErrorCode.CANCEL);
      assertThat(call.isEnded() && get.isEnded()).isTrue();
    }
  }

  @Test
  void itWaitsInVain() {
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard call = server.call(webSocket("/chat"));
      server.send(Frame.settings(), Frame.settingsAck());
      assertThat(call.told()).containsExactly("failed NOT_UPGRADED unprocessed", "ended");
    }
  }

  @Test
  void itIsCancelledWhileItWaits() {
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard call = server.call(webSocket("/chat"));
      call.call().cancel(new ClientException(Reason.CANCELLED, "enough"));
      server.run();
      assertThat(call.told()).containsExactly("failed CANCELLED", "ended");
      server.send(Frame.settings(EXTENDED, 1), Frame.settingsAck()).expectNo(Frame.HEADERS);
    }
  }

  @Test
  void theConnectionEndsWhileItWaits() {
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard call = server.call(webSocket("/chat"));
      server.link().lose();
      server.run();
      assertThat(call.told()).containsExactly("failed CONNECTION_LOST unprocessed", "ended");
    }
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard call = server.call(webSocket("/chat"));
      server.client().close();
      server.run();
      assertThat(call.told()).containsExactly("failed REFUSED unprocessed", "ended");
    }
  }

  @Test
  void aRefusalIsAnAnswer() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = server.call(webSocket("/chat")).pumping();
      server.send(answer(1, false, 403), Frame.data(1, true, "no"));
      assertThat(call.told()).containsExactly("head 403", "ended");
      assertThat(call.read()).isEqualTo("no");
      assertThat(server.data(1)).as("our half ends too").isEqualTo("$");
    }
  }

  @Test
  void theServerResetsTheTunnel() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      server.send(Frame.rst(1, ErrorCode.CONNECT_ERROR));
      assertThat(call.told()).containsExactly("upgraded 200", "ended");
      assertThatThrownBy(() -> call.raw().input().poll())
          .isInstanceOf(CallCancelledException.class);
      assertThatThrownBy(() -> call.raw().output().write(Bytes.utf8("x")))
          .isInstanceOf(CallCancelledException.class);
    }
  }

  @Test
  void weResetTheTunnel() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      call.raw().reset();
      server.run().expectReset(1, ErrorCode.CANCEL);
      assertThat(call.told()).containsExactly("upgraded 200", "ended");
    }
  }

  @Test
  void headersWithinATunnelAreAnError() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      server.send(Frame.headers(1, true, "x", "y")).expectReset(1, ErrorCode.PROTOCOL_ERROR);
      assertThat(call.isEnded()).isTrue();
    }
  }

  @Test
  void aTunnelIsHeldBackByItsWindow() {
    try (ScriptedServer server =
        new ScriptedServer().connect(EXTENDED, 1, Setting.INITIAL_WINDOW_SIZE, 4)) {
      Heard call = tunnel(server);
      assertThat(call.raw().output().write(Bytes.utf8("0123456789"))).isFalse();
      StringBuilder woken = new StringBuilder();
      call.raw().output().onWritable(() -> woken.append("woken"));
      assertThat(server.run().data(1)).isEqualTo("0123");
      server.send(Frame.windowUpdate(1, 20));
      assertThat(server.data(1)).isEqualTo("456789");
      assertThat(woken).hasToString("woken");
      call.raw().output().end(Headers.EMPTY);
      server.send(Frame.data(1, true, ""));
      assertThat(call.raw().input().ended()).isTrue();
      assertThat(call.isEnded()).isTrue();
    }
  }

  @Test
  void aTunnelIsGivenInTime() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = server.call(webSocket("/chat"));
      server.advance(Duration.ofSeconds(20)).expectReset(1, ErrorCode.CANCEL);
      assertThat(call.told()).containsExactly("failed HEAD_TIMEOUT", "ended");
      Heard given = server.call(webSocket("/chat"));
      server.send(answer(3, false, 200)).advance(Duration.ofSeconds(29));
      assertThat(given.told()).containsExactly("upgraded 200");
      given.raw().reset();
    }
  }

  /** What a server's end sends at once that writes its last words and closes. */
  @Test
  void whatCameBeforeTheEndIsReadBehindAReset() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      server.send(
          Frame.data(1, false, "bye"), Frame.data(1, true, ""), Frame.rst(1, ErrorCode.NO_ERROR));
      assertThat(call.raw().input().ended()).isFalse();
      assertThat(call.raw().input().poll().utf8()).isEqualTo("bye");
      assertThat(call.raw().input().ended()).isTrue();
      assertThatThrownBy(() -> call.raw().output().write(Bytes.utf8("x")))
          .isInstanceOf(CallCancelledException.class);
    }
  }

  @Test
  void aResetBeforeTheEndIsNoEnd() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      server.send(Frame.data(1, false, "bye"), Frame.rst(1, ErrorCode.NO_ERROR));
      assertThatThrownBy(() -> call.raw().input().poll())
          .isInstanceOf(CallCancelledException.class);
      assertThat(call.raw().input().ended()).isFalse();
    }
  }

  @Test
  void bothHalvesMayEndBeforeAllWasRead() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      call.raw().output().end();
      server.send(Frame.data(1, true, "last words"));
      assertThat(call.raw().input().poll().utf8()).isEqualTo("last words");
      assertThat(call.raw().input().ended()).isTrue();
    }
  }

  @Test
  void whoClosesDropsWhatWasNotRead() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      server.send(Frame.data(1, true, "unread"));
      assertThat(server.held()).isEqualTo(6);
      call.raw().close();
      server.run();
      assertThat(server.held()).isZero();
    }
  }

  @Test
  void whoClosesBehindALossDropsItToo() {
    try (ScriptedServer server = new ScriptedServer().connect(EXTENDED, 1)) {
      Heard call = tunnel(server);
      server.send(Frame.data(1, true, "unread"), Frame.rst(1, ErrorCode.NO_ERROR));
      call.raw().close();
      assertThat(server.held()).isZero();
    }
  }
}
