package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Http2Options;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Http2Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3: the limits of what only HTTP/2 has, to the millisecond. */
@Http2InMemory
class Http2TimeLimitContractTest extends TimeContract {
  @Test
  void aSilentClientIsAskedAfter30SecondsAndHas15ToAnswer() {
    Http2Peer peer = connectHttp2();
    peer.holdPings(true);
    peer.send(get("/wait/a"));
    ground().advance(Duration.ofSeconds(30).minus(MILLI));
    assertThat(peer.hasHeldPings()).as("asked early").isFalse();
    ground().advance(MILLI);
    assertThat(peer.hasHeldPings()).as("asked in time").isTrue();
    assertEndsAfter(peer, Duration.ofSeconds(15));
    assertThat(probe.saw("cancelled a CLIENT_GONE")).isTrue();
  }

  @Test
  void whoAnswersIsNoSilentClient() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/wait/a"));
    seconds(3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

  @Test
  void pingsMayBeTurnedOff() {
    Duration off = Duration.ZERO;
    start(o -> o.http2(Http2Options.DEFAULT.withPing(off, Duration.ofSeconds(15))));
    Http2Peer peer = connectHttp2();
    peer.holdPings(true);
    peer.send(get("/wait/a"));
    seconds(3600);
    assertThat(peer.hasHeldPings()).isFalse();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

  @Test
  void anIdleConnectionIsToldThatItEnds() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/text")).answer();
    assertEndsAfter(peer, Duration.ofSeconds(75));
    assertThat(peer.goAways()).hasSize(1);
    assertThat(peer.goAways().get(0).code()).isEqualTo(ErrorCode.NO_ERROR);
    assertThat(peer.goAways().get(0).intAt(0)).isEqualTo(1);
  }

  @Test
  void aConnectionOnWhichNothingIsAskedIsIdleToo() {
    Http2Peer peer = connectHttp2();
    assertEndsAfter(peer, Duration.ofSeconds(75));
    assertThat(peer.goAways()).extracting(Frame::code).containsExactly(ErrorCode.NO_ERROR);
  }

  @Test
  void aBodyThatStallsTouchesNoOtherCall() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/wait/a") + head("POST", "/count", "Content-Length: 10\r\n") + "hello");
    seconds(30);
    assertThat(peer.resets()).extracting(Frame::code).containsExactly(ErrorCode.NO_ERROR);
    assertThat(probe.notes()).doesNotContain("cancelled a CLIENT_GONE");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().status()).isEqualTo(408);
  }

  @Test
  void anAnswerForWhichThereIsNoRoomFor30SecondsIsGivenUp() {
    Http2Peer peer = connectHttp2();
    peer.reading(false);
    peer.send(get("/chunks/100") + get("/wait/a"));
    ground().advance(Duration.ofSeconds(30).minus(MILLI));
    assertThat(peer.resets()).as("given up early").isEmpty();
    ground().advance(MILLI);
    assertThat(peer.resets()).extracting(Frame::code).containsExactly(ErrorCode.CANCEL);
    awaitNote("cancelled chunks WRITE_STALLED");
    peer.reading(true);
    peer.awaitOver();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertServes(peer);
  }

  @Test
  void anAnswerForWhichThereIsSomeRoomIsNot() {
    Http2Peer peer = connectHttp2();
    peer.reading(false);
    peer.send(get("/chunks/12"));
    for (int i = 0; i < 3; i++) {
      seconds(29);
      peer.reading(true);
      peer.reading(false);
    }
    peer.reading(true);
    assertThat(peer.answer().body()).hasSize(12 * (16 << 10));
  }
}
