package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.DrainReport;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3 and 5 over HTTP/2: each limit to the millisecond, and GOAWAY in two steps. */
class Http2TimeTest {
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final int NO_ERROR = 0;
  private static final int PROTOCOL_ERROR = 1;
  private static final int SETTINGS_TIMEOUT = 4;
  private static final int CANCEL = 8;

  private final App app = new App();
  private final MemoryServer server = MemoryServer.start(app);

  @AfterEach
  void close() {
    server.close();
  }

  private ScriptedPeer fresh() {
    return new ScriptedPeer(server.connect());
  }

  private ScriptedPeer connect(int... settings) {
    return fresh().connect(settings);
  }

  /** Nothing comes a millisecond before this time, and something does with it. */
  private void passAllBut(ScriptedPeer peer, Duration limit) {
    server.advance(limit.minus(MILLI));
    assertThat(peer.poll(0)).as("a word of the connection before its time").isNull();
    assertThat(peer.isEnded()).as("ended before its time").isFalse();
    server.advance(MILLI);
  }

  @Test
  void aPrefaceThatDoesNotComeEndsTheConnectionAfter10Seconds() {
    ScriptedPeer peer = fresh();
    server.advance(Duration.ofSeconds(10).minus(MILLI));
    assertThat(peer.isEnded()).isFalse();
    server.advance(MILLI);
    assertThat(peer.isEnded()).isTrue();
  }

  @Test
  void halfAPrefaceHas10Seconds() {
    ScriptedPeer peer = fresh().acknowledging(false);
    peer.sendBytes("PRI * HTTP/2.0\r\n\r\nSM".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    peer.expectSettings();
    peer.expectWindowUpdate(0);
    passAllBut(peer, Duration.ofSeconds(10));
    peer.expectGoAway(PROTOCOL_ERROR);
    peer.expectClosed();
  }

  @Test
  void settingsAreAcknowledgedWithin10Seconds() {
    ScriptedPeer peer = fresh().acknowledging(false).connect();
    peer.expectWindowUpdate(0);
    passAllBut(peer, Duration.ofSeconds(10));
    peer.expectGoAway(SETTINGS_TIMEOUT);
    peer.expectClosed();
  }

  @Test
  void aHeaderBlockHas10Seconds() {
    ScriptedPeer peer = connect();
    peer.expectWindowUpdate(0);
    Frame whole = Frame.get(1, "/text");
    peer.send(whole.withFlags(Frame.END_STREAM));
    passAllBut(peer, Duration.ofSeconds(10));
    peer.expectGoAway(PROTOCOL_ERROR);
    assertThat(app.started).hasValue(0);
  }

  @Test
  void anIdleConnectionIsClosedAfter75Seconds() {
    ScriptedPeer peer = connect();
    server.advance(Duration.ofSeconds(40));
    assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
    for (int i = 0; i < 2; i++) { // asked every 30 seconds; the pongs are no requests
      server.advance(Duration.ofSeconds(30));
      peer.expectPing();
    }
    passAllBut(peer, Duration.ofSeconds(15));
    assertThat(peer.expectGoAway(NO_ERROR)).isEqualTo(1);
    peer.expectClosed();
  }

  @Test
  void aSilentPeerIsAskedAfter30SecondsAndHas15() {
    ScriptedPeer peer = connect().answeringPings(false);
    peer.get("/wait");
    peer.expectWindowUpdate(0);
    passAllBut(peer, Duration.ofSeconds(30));
    peer.expectPing();
    server.advance(Duration.ofSeconds(15).minus(MILLI));
    assertThat(app.cancelled()).isZero();
    server.advance(MILLI);
    assertThat(app.cancelled(CancelCause.CLIENT_GONE)).isEqualTo(1);
    assertThat(peer.isEnded()).isTrue();
    app.forget();
  }

  @Test
  void aPeerThatAnswersKeepsItsConnection() {
    ScriptedPeer peer = connect();
    int stream = peer.get("/wait");
    server.advance(Duration.ofHours(1));
    app.answerWaiting();
    peer.await(() -> !peer.restOf(stream).isEmpty(), "an answer after an hour");
    assertThat(peer.count(Frame.PING)).isGreaterThanOrEqualTo(119);
  }

  @Test
  void aBodyThatStallsIs408AndTheConnectionLivesOn() {
    ScriptedPeer peer = connect();
    int stream = peer.request(false, "POST", "/count");
    peer.send(Frame.data(stream, false, "hello"));
    server.advance(Duration.ofSeconds(30).minus(MILLI));
    assertThat(peer.poll(stream)).isNull();
    server.advance(MILLI);
    peer.expectStatus(stream, 408);
    peer.expectData(stream);
    peer.expectRst(stream, NO_ERROR);
    assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
  }

  @Test
  void aPeerThatGivesNoWindowLosesItsStreamAfter30Seconds() {
    ScriptedPeer peer = connect(Setting.INITIAL_WINDOW_SIZE, 0);
    int stuck = peer.get("/endless");
    peer.expectStatus(stuck, 200);
    int whole = peer.get("/bytes/10");
    peer.expectStatus(whole, 200);
    server.advance(Duration.ofSeconds(30).minus(MILLI));
    assertThat(app.cancelled()).isZero();
    server.advance(MILLI);
    assertThat(app.cancelled(CancelCause.WRITE_STALLED)).isEqualTo(1);
    assertThat(peer.countRst(CANCEL)).isEqualTo(2);
    assertThat(peer.isEnded()).isFalse();
  }

  @Test
  void aPeerThatGivesLittleKeepsItsStream() {
    ScriptedPeer peer = connect(Setting.INITIAL_WINDOW_SIZE, 1);
    int stream = peer.get("/bytes/4");
    for (int i = 0; i < 3; i++) {
      server.advance(Duration.ofSeconds(29));
      peer.send(Frame.windowUpdate(stream, 1));
    }
    peer.await(() -> peer.restOf(stream).length() == 4, "the whole answer");
  }

  @Test
  void betweenTheTwoGoAwaysNoRequestIsLost() {
    ScriptedPeer peer = connect().answeringPings(false);
    int before = peer.get("/wait");
    CompletableFuture<DrainReport> stop = server.stop(Duration.ofSeconds(20));
    assertThat(peer.expectGoAway(NO_ERROR)).isEqualTo(Integer.MAX_VALUE);
    Frame ping = peer.expectPing();
    int between = peer.get("/text");
    assertThat(peer.response(between).body()).isEqualTo("hi");
    peer.send(Frame.pong(ping.payload()));
    assertThat(peer.expectGoAway(NO_ERROR)).isEqualTo(between);
    int after = peer.get("/text");
    peer.settle();
    assertThat(app.started).as("a request behind the second GOAWAY").hasValue(2);
    assertThat(after).isGreaterThan(between);
    app.answerWaiting();
    peer.await(() -> !peer.restOf(before).isEmpty(), "the answer to what had begun");
    server.advance(Duration.ofSeconds(3));
    assertThat(stop.join().finished()).isEqualTo(2);
  }

  @Test
  void aPeerThatDoesNotAnswerThePingIsNotWaitedForLonger() {
    ScriptedPeer peer = connect().answeringPings(false);
    server.stop(Duration.ofSeconds(20));
    assertThat(peer.expectGoAway(NO_ERROR)).isEqualTo(Integer.MAX_VALUE);
    peer.expectPing();
    passAllBut(peer, Duration.ofSeconds(1));
    assertThat(peer.expectGoAway(NO_ERROR)).isZero();
    peer.expectClosed();
  }
}
