package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Time limits, to the millisecond: 20 s for a head and 15 s for a byte of a body here. */
class Http2ClientTimeTest {
  private static final Duration HEAD = Duration.ofSeconds(20);
  private static final Duration BODY = Duration.ofSeconds(15);
  private static final Duration JUST = Duration.ofMillis(1);

  @Test
  void noHeadInTime() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.advance(HEAD.minus(JUST));
      assertThat(get.told()).isEmpty();
      server.advance(JUST).expectReset(1, ErrorCode.CANCEL);
      assertThat(get.told()).containsExactly("failed HEAD_TIMEOUT", "ended");
      assertThat(get.failure()).hasMessageContaining("PT20S");
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @Test
  void theTimeForAHeadBeginsBehindTheBody() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1);
      server.advance(HEAD.multipliedBy(2).minusSeconds(20)).sendBytes(new byte[0]);
      boolean unused = server.write(post, "x");
      server.send(Frame.ping(1));
      post.call().output().end();
      server.advance(HEAD.minus(JUST));
      assertThat(post.told()).isEmpty();
      server.advance(JUST);
      assertThat(post.told()).containsExactly("failed HEAD_TIMEOUT", "ended");
    }
  }

  @Test
  void theTimeForAHeadBeginsWhenTheBodyIsAbandoned() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1);
      server.advance(Duration.ofSeconds(10));
      post.call().abandonOutput();
      server.advance(HEAD.minus(JUST));
      assertThat(post.told()).isEmpty();
      server.advance(JUST);
      assertThat(post.told()).containsExactly("failed HEAD_TIMEOUT", "ended");
    }
  }

  @Test
  void anInformationalHeadStartsItAnew() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.advance(HEAD.minus(JUST)).send(answer(1, false, 103));
      server.advance(HEAD.minus(JUST));
      assertThat(get.told()).containsExactly("103");
      server.advance(JUST);
      assertThat(get.told()).containsExactly("103", "failed HEAD_TIMEOUT", "ended");
    }
  }

  @Test
  void noByteOfTheBodyInTime() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      server.send(answer(1, false, 200)).advance(BODY.minus(JUST));
      server.send(Frame.data(1, false, "x")).advance(BODY.minus(JUST));
      assertThat(get.isEnded()).isFalse();
      server.advance(JUST).expectReset(1, ErrorCode.CANCEL);
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.BODY_TIMEOUT);
    }
  }

  @Test
  void aBodyThatNobodyWaitsForHasTime() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200), Frame.data(1, false, "x"));
      server.advance(BODY.plus(JUST));
      assertThat(get.isEnded()).isFalse();
      server.send(Frame.data(1, true, "y"));
      assertThat(get.read()).isEqualTo("xy");
    }
  }

  @Test
  void noRoomForTheRequestInTime() {
    try (ScriptedServer server = new ScriptedServer().connect(Setting.INITIAL_WINDOW_SIZE, 2)) {
      Heard post = server.post("/", -1);
      boolean unused = server.write(post, "abc");
      server.advance(Duration.ofSeconds(29)).send(Frame.ping(1));
      assertThat(post.told()).isEmpty();
      server.advance(Duration.ofSeconds(1)).expectReset(1, ErrorCode.CANCEL);
      assertThat(post.told()).containsExactly("failed WRITE_TIMEOUT", "ended");
    }
  }

  @Test
  void settingsAreAcknowledgedInTime() {
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard get = server.get("/");
      server.send(Frame.settings()).advance(Duration.ofSeconds(10).minus(JUST));
      assertThat(server.client().isUsable()).isTrue();
      server.advance(JUST).expectGoAway(ErrorCode.SETTINGS_TIMEOUT);
      assertThat(get.told()).containsExactly("failed CONNECTION_LOST", "ended");
      assertThat(get.failure()).hasMessageContaining("SETTINGS_TIMEOUT");
      assertThat(server.client().isUsable()).isFalse();
    }
  }

  @Test
  void aServerThatIsGoneIsNoticed() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      server.advance(Duration.ofSeconds(28));
      Heard get = server.get("/");
      server.advance(Duration.ofSeconds(2));
      assertThat(server.expect(Frame.PING, 0).frame().has(Frame.ACK)).isFalse();
      server.advance(Duration.ofSeconds(15).minus(JUST));
      assertThat(server.link().isClosed()).isFalse();
      server.advance(JUST);
      assertThat(get.told()).containsExactly("failed CONNECTION_LOST", "ended");
      assertThat(get.failure()).hasMessageContaining("PING");
      assertThat(server.link().isClosed()).isTrue();
    }
  }

  @Test
  void anIdleConnectionStaysWhileTheServerAnswers() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      for (int i = 0; i < 20; i++) {
        server.advance(Duration.ofSeconds(30));
        server.send(Frame.pong(server.expect(Frame.PING, 0).frame().payload()));
      }
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @Test
  void halfAFrameHoldsNobodyUpButItsCalls() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.sendBytes(java.util.Arrays.copyOf(answer(1, true, 200).encode(), 10));
      server.advance(HEAD);
      assertThat(get.told()).containsExactly("failed HEAD_TIMEOUT", "ended");
    }
  }

  @Test
  void dataWithoutBytesIsNoByteOfTheBody() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      server.send(answer(1, false, 200)).advance(BODY.minus(JUST));
      server.send(Frame.data(1, false, "")).advance(JUST);
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.BODY_TIMEOUT);
      server.expectReset(1, ErrorCode.CANCEL);
    }
  }

  @Test
  void trailersEndTheTimeForABody() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1).pumping();
      server.send(answer(1, false, 200)).send(Frame.headers(1, true, "x", "y")).advance(BODY);
      server.expectNo(Frame.RST_STREAM);
      boolean unused = server.write(post, "still sent");
      assertThat(server.data(1)).isEqualTo("still sent");
    }
  }

  @Test
  void aServerIsNotAskedBehindWhatItHasYetToTake() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      server.link().unsent(true);
      server.advance(Duration.ofMinutes(5)).expectNo(Frame.PING);
      assertThat(server.link().isClosed()).isFalse();
      server.link().unsent(false);
      server.advance(Duration.ofSeconds(15)).expect(Frame.PING, 0);
      server.advance(Duration.ofSeconds(15));
      assertThat(server.link().isClosed()).isTrue();
    }
  }
}
