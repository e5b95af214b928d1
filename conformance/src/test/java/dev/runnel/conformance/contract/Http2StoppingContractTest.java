package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Http2Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** SEMANTICS 5: GOAWAY in two steps, between which no request is lost (RFC 9113 6.8). */
@Http2InMemory
class Http2StoppingContractTest extends Contract {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static void assertAnnounced(Http2Peer peer) {
    assertThat(peer.goAways()).hasSize(1);
    assertThat(peer.goAways().get(0).intAt(0)).isEqualTo(Integer.MAX_VALUE);
    assertThat(peer.goAways().get(0).code()).isEqualTo(ErrorCode.NO_ERROR);
  }

  private static void assertNamed(Http2Peer peer, int last) {
    assertThat(peer.goAways()).hasSize(2);
    assertThat(peer.goAways().get(1).intAt(0)).isEqualTo(last);
    assertThat(peer.goAways().get(1).code()).isEqualTo(ErrorCode.NO_ERROR);
  }

  @Test
  void noRequestIsLostBetweenTheTwoSteps() {
    Http2Peer peer = connectHttp2();
    peer.holdPings(true);
    peer.send(get("/wait/a"));
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    assertAnnounced(peer);
    peer.send(get("/text") + get("/wait/b"));
    assertThat(probe.saw("started b")).as("a request that was on its way").isTrue();
    peer.holdPings(false);
    assertNamed(peer, 5);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertThat(peer.isEnded()).as("ended before the last answer").isFalse();
    probe.open("b");
    assertThat(peer.answer().body()).isEqualTo("b");
    assertThat(peer.awaitEnd()).isEmpty();
    assertThat(ground().report(stop)).isEqualTo(new DrainReport(3, 0, 0, 0, 0, 1));
  }

  @Test
  void anUploadThatCameBetweenTheTwoStepsIsTaken() {
    Http2Peer peer = connectHttp2();
    peer.holdPings(true);
    peer.send(get("/text")).answer();
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    peer.send(head("POST", "/count", "Content-Length: 200000\r\n") + "x".repeat(100_000));
    peer.holdPings(false);
    assertNamed(peer, 3);
    assertThat(peer.send("x".repeat(100_000)).answer().body()).isEqualTo("200000 bytes");
    assertThat(peer.awaitEnd()).isEmpty();
    assertThat(ground().report(stop).finished()).isEqualTo(1);
  }

  @Test
  void whoAnswersNoPingIsNotWaitedForLongerThanASecond() {
    Http2Peer peer = connectHttp2();
    peer.holdPings(true);
    peer.send(get("/wait/a"));
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    ground().advance(Duration.ofMillis(999));
    assertAnnounced(peer);
    ground().advance(Duration.ofMillis(1));
    assertNamed(peer, 1);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.awaitEnd()).isEmpty();
    ground().report(stop);
  }

  @Test
  void whatIsLeftAtTheDeadlineFailsVisibly() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/stream/a"));
    awaitNote("started a");
    ground().report(ground().stop(Duration.ofMillis(400)));
    assertThat(probe.saw("cancelled a SERVER_STOPPING")).isTrue();
    assertThat(peer.awaitEnd()).as("a last chunk").doesNotContain("0\r\n\r\n");
  }
}
