package dev.runnel.conformance.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Peers that take nothing, little, or no notice. What the server keeps for them is bounded, and so
 * is for how long; a peer beside them is served meanwhile.
 */
class Http2SlowPeerTest {
  private static final int STREAMS = 128;
  private static final int WINDOW = 64 << 10;

  /** What a stream that may not write keeps at most: a full buffer and one piece beyond. */
  private static final int KEPT = 128 << 10;

  private final App app = new App();
  private Stage stage;
  private ScriptedPeer witness;

  private ScriptedPeer start(Where where, int... settings) {
    stage = Stage.start(where, app);
    witness = stage.connect();
    return stage.connect(settings);
  }

  private void assertOthersAreServed() {
    assertThat(witness.response(witness.get("/text")).body()).isEqualTo("hi");
  }

  @AfterEach
  void leavesNothingBehind() {
    stage.close();
    assertThat(app.ended).hasValue(app.started.get());
    assertThat(app.toldTwice).hasValue(0);
  }

  // --- peers that take nothing ---

  private static List<Frame> gets(int from, int count, String path) {
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(Frame.get(from + 2 * i, path));
    }
    return frames;
  }

  @ParameterizedTest
  @MethodSource("dev.runnel.conformance.http2.Where#all")
  void aWindowOfZero(Where where) {
    ScriptedPeer peer = start(where, Setting.INITIAL_WINDOW_SIZE, 0);
    peer.send(gets(1, STREAMS, "/endless"));
    for (int i = 0; i < STREAMS; i++) {
      peer.expectStatus(2 * i + 1, 200);
    }
    peer.expectNothing();
    assertThat(app.produced.get()).as("bytes that wait").isLessThan((long) STREAMS * KEPT);
    assertOthersAreServed();
    if (where == Where.MEMORY) {
      stage.advance(Duration.ofSeconds(29));
      assertThat(app.cancelled()).isZero();
      stage.advance(Duration.ofSeconds(2));
      assertThat(app.cancelled(CancelCause.WRITE_STALLED)).isEqualTo(STREAMS);
      assertThat(peer.countRst(ErrorCode.CANCEL)).isEqualTo(STREAMS);
      assertThat(peer.count(Frame.GOAWAY)).as("the connection lives").isZero();
      assertOthersAreServed();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.runnel.conformance.http2.Where#all")
  void largeAnswersThatNobodyTakes(Where where) {
    ScriptedPeer peer = start(where);
    peer.send(gets(1, STREAMS, "/bytes/100000"));
    for (int i = 0; i < STREAMS; i++) {
      peer.expectStatus(2 * i + 1, 200);
    }
    peer.settle();
    assertOthersAreServed();
    peer.send(Frame.rst(1, ErrorCode.CANCEL)).crediting(true);
    peer.send(Frame.windowUpdate(0, 10 << 20)).settle();
    assertOthersAreServed();
  }

  /** A whole answer is over as a call once it was handed over, but must not stand for ever. */
  @Test
  void wholeAnswersThatNobodyTakes() {
    ScriptedPeer peer = start(Where.MEMORY);
    peer.send(gets(1, STREAMS, "/bytes/100000"));
    stage.advance(Duration.ofSeconds(31));
    peer.settle();
    assertThat(peer.countRst(ErrorCode.CANCEL)).isEqualTo(STREAMS);
    peer.send(Frame.windowUpdate(0, 1 << 20));
    assertThat(peer.response(peer.get("/text")).body()).isEqualTo("hi");
  }

  @ParameterizedTest
  @MethodSource("dev.runnel.conformance.http2.Where#tcp")
  void aSocketThatIsNotRead(Where where) {
    ScriptedPeer peer = start(where, Setting.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
    peer.send(Frame.windowUpdate(0, Integer.MAX_VALUE - WINDOW)).settle();
    peer.peer().reading(false);
    peer.send(gets(1, STREAMS, "/endless"));
    stage.until(() -> app.started.get() >= STREAMS, "all calls to begin");
    assertOthersAreServed();
    long before;
    do {
      before = app.produced.get();
      assertOthersAreServed();
    } while (app.produced.get() != before);
    // Kernel buffers on both sides besides what each stream may hand over.
    assertThat(before).isLessThan((long) STREAMS * KEPT + (24 << 20));
  }

  @Test
  void anOctetAtATime() {
    ScriptedPeer peer = start(Where.MEMORY, Setting.INITIAL_WINDOW_SIZE, 0);
    peer.send(Frame.get(1, "/bytes/200"));
    peer.expectStatus(1, 200);
    for (int i = 0; i < 200; i++) {
      stage.advance(Duration.ofSeconds(10));
      peer.send(Frame.windowUpdate(1, 1));
      assertThat(peer.expectData(1).text()).as("each octet is progress").hasSize(1);
    }
  }

  // --- bodies that nobody reads ---

  @Test
  void bodiesThatNoHandlerReads() {
    ScriptedPeer peer = start(Where.MEMORY);
    int budget = 4 << 20;
    for (int i = 0; i < STREAMS; i++) {
      int stream = 2 * i + 1;
      peer.send(Frame.request(stream, false, "POST", "/wait"));
      for (int sent = 0; sent < WINDOW && peer.poll(stream) == null; sent += 16_384) {
        peer.send(Frame.data(stream, false, new byte[16_384]));
      }
      assertThat(stage.held()).isLessThanOrEqualTo(budget);
    }
    assertThat(stage.held()).as("all that may be held is held").isGreaterThan(budget - WINDOW);
    int reset = app.cancelled();
    assertThat(reset).isBetween(STREAMS - budget / WINDOW - 1, STREAMS);
    assertThat(app.cancelled(CancelCause.OVER_BUDGET) + peer.countRst(ErrorCode.REFUSED_STREAM))
        .as("refused, or reset as the newest")
        .isPositive();
    assertOthersAreServed();
    app.answerWaiting();
    assertThat(peer.response(1).body()).as("the oldest is not the victim").isEqualTo("waited");
  }

  @Test
  void aStalledBodyStarvesNoOther() {
    ScriptedPeer peer = start(Where.MEMORY);
    peer.send(Frame.request(1, false, "POST", "/wait"));
    for (int i = 0; i < 4; i++) {
      peer.send(Frame.data(1, false, new byte[16_384]));
    }
    assertThat(peer.count(Frame.WINDOW_UPDATE)).as("nothing for who does not read").isLessThan(2);
    for (int stream = 3; stream < 103; stream += 2) {
      peer.send(Frame.request(stream, false, "POST", "/count"));
      for (int i = 0; i < 4; i++) {
        peer.send(Frame.data(stream, i == 3, new byte[16_384]));
      }
      assertThat(peer.response(stream).body()).isEqualTo(WINDOW + " bytes");
    }
    peer.send(Frame.data(1, false, "x"));
    peer.expectRst(1, ErrorCode.FLOW_CONTROL_ERROR);
  }

  @Test
  void aBodyThatDoesNotCome() {
    ScriptedPeer peer = start(Where.MEMORY);
    peer.send(Frame.request(1, false, "POST", "/count"), Frame.data(1, false, "x"));
    stage.advance(Duration.ofSeconds(29));
    peer.expectNothing();
    stage.advance(Duration.ofSeconds(2));
    peer.expectStatus(1, 408);
    assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
  }

  // --- peers that take no notice ---

  @Test
  void settingsThatAreNotAcknowledged() {
    ScriptedPeer first = start(Where.MEMORY);
    ScriptedPeer peer = stage.fresh().acknowledging(false).connect();
    stage.advance(Duration.ofSeconds(9));
    assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
    stage.advance(Duration.ofSeconds(2));
    peer.expectConnectionError(ErrorCode.SETTINGS_TIMEOUT);
    assertThat(first.isEnded()).isFalse();
    assertOthersAreServed();
  }

  /** As long as the peer takes nothing we look at nothing, so that its silence may be ours. */
  @Test
  void anAcknowledgementBehindOurOwnOutput() {
    start(Where.MEMORY);
    ScriptedPeer peer =
        stage
            .fresh()
            .acknowledging(false)
            .connect(Setting.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)
            .send(Frame.windowUpdate(0, Integer.MAX_VALUE - WINDOW));
    peer.settle();
    peer.peer().reading(false);
    peer.send(Frame.get(1, "/endless"));
    stage.advance(Duration.ofSeconds(1));
    peer.send(Frame.settingsAck());
    stage.advance(Duration.ofSeconds(28));
    assertThat(app.cancelled()).isZero();
    stage.advance(Duration.ofSeconds(3));
    assertThat(app.cancelled(CancelCause.WRITE_STALLED)).isEqualTo(1);
    assertOthersAreServed();
  }

  @Test
  void aPrefaceThatDoesNotEnd() {
    ScriptedPeer first = start(Where.MEMORY);
    ScriptedPeer none = stage.fresh();
    ScriptedPeer half = stage.fresh().sendBytes("PRI * HTTP/2.0\r\n\r\nS".getBytes(US_ASCII));
    ScriptedPeer begun = stage.connect();
    begun.sendBytes(new byte[] {0, 0});
    stage.advance(Duration.ofSeconds(11));
    none.awaitEnd();
    half.awaitEnd();
    begun.awaitEnd();
    assertThat(first.isEnded()).isFalse();
  }

  @Test
  void aHeaderBlockThatDoesNotEnd() {
    ScriptedPeer peer = start(Where.MEMORY);
    peer.send(Frame.get(1, "/wait").withFlags(Frame.END_STREAM));
    stage.advance(Duration.ofSeconds(9));
    peer.send(Frame.continuation(1, false, new byte[0]));
    stage.advance(Duration.ofSeconds(2));
    peer.awaitEnd();
    assertThat(peer.count(Frame.GOAWAY)).isEqualTo(1);
    assertOthersAreServed();
  }

  @Test
  void aPeerThatDoesNotAnswerPings() {
    ScriptedPeer peer = start(Where.MEMORY).answeringPings(false);
    peer.send(Frame.get(1, "/wait"));
    stage.advance(Duration.ofSeconds(31));
    peer.expectPing();
    stage.advance(Duration.ofSeconds(13));
    assertThat(peer.isEnded()).isFalse();
    stage.advance(Duration.ofSeconds(2));
    peer.awaitEnd();
    assertThat(app.cancelled(CancelCause.CLIENT_GONE)).isEqualTo(1);
    assertThat(witness.isEnded()).as("one that answers").isFalse();
  }

  @Test
  void aCallMayWaitForHoursWherePingsAreAnswered() {
    ScriptedPeer peer = start(Where.MEMORY);
    peer.send(Frame.get(1, "/wait"));
    stage.advance(Duration.ofHours(2));
    app.answerWaiting();
    assertThat(peer.response(1).body()).isEqualTo("waited");
    assertThat(peer.count(Frame.PING)).isBetween(200, 250);
  }

  @Test
  void anIdleConnectionEndsInOrder() {
    ScriptedPeer peer = start(Where.MEMORY);
    assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
    stage.advance(Duration.ofSeconds(74));
    assertThat(peer.isEnded()).isFalse();
    stage.advance(Duration.ofSeconds(2));
    assertThat(peer.expectGoAway(ErrorCode.NO_ERROR)).isEqualTo(1);
    peer.expectClosed();
  }

  /** What honest peers do all day must never add up to a flood. */
  @Test
  void honestRatesAreServedForHours() {
    ScriptedPeer peer = start(Where.MEMORY);
    for (int second = 0; second < 1_800; second++) {
      peer.send(Frame.ping(second), Frame.settings(), Frame.windowUpdate(0, 1));
      for (int i = 0; i < 8; i++) {
        int stream = peer.nextStream();
        peer.send(Frame.get(stream, "/wait"), Frame.rst(stream, ErrorCode.CANCEL));
        peer.send(Frame.priorityUpdate(peer.nextStream(), "u=2"));
      }
      assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
      stage.advance(Duration.ofSeconds(1));
      app.forget();
    }
    assertThat(peer.count(Frame.GOAWAY)).isZero();
    assertThat(app.cancelled(CancelCause.CLIENT_GONE)).isEqualTo(8 * 1_800);
  }
}
