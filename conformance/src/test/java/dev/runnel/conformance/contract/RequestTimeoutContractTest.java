package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3: the time limit of a whole request, a filter. */
@InMemory
class RequestTimeoutContractTest extends Contract {
  private void millis(long count) {
    ground().advance(Duration.ofMillis(count));
  }

  @Test
  void aHandlerThatTakesTooLongIs503ThroughTheOuterFilters() {
    Peer peer = connect();
    peer.send(get("/limit/2000/wait/a"));
    millis(1_999);
    assertThat(peer.all()).as("early").isEmpty();
    millis(1);
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.header("X-Edit")).as("what a filter in front recorded").isEqualTo("yes");
    assertThat(probe.saw("cancelled a TIMEOUT")).isTrue();
    assertServes(peer);
  }

  @Test
  void whatTheHandlerAnswersAfterwardsIsDropped() {
    Peer peer = connect();
    peer.send(get("/limit/200/wait/a"));
    millis(200);
    assertThat(peer.answer().status()).isEqualTo(503);
    probe.open("a");
    ground().settle();
    assertThat(peer.rest()).isEmpty();
    assertServes(peer);
  }

  @Test
  void aHandlerInTimeMeetsNoLimit() {
    Peer peer = connect();
    peer.send(get("/limit/200/wait/a"));
    millis(199);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    millis(10_000);
    assertThat(probe.notes()).doesNotContain("cancelled a TIMEOUT");
    assertServes(peer);
  }

  @Test
  void aStreamLeavesTheLimitOnceItsHeadIsSent() {
    Peer peer = connect();
    peer.send(get("/limit/200/stream/a"));
    peer.take("first \r\n");
    millis(60_000);
    assertThat(probe.notes()).doesNotContain("cancelled a TIMEOUT");
    probe.open("a");
    assertThat(peer.take("0\r\n")).contains("second");
  }

  @Test
  void aStreamWithoutAFirstByteIs503() {
    Peer peer = connect();
    peer.send(get("/limit/200/late-stream/a"));
    millis(199);
    assertThat(peer.all()).as("early").isEmpty();
    millis(1);
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("X-Edit")).isEqualTo("yes");
    assertServes(peer);
  }

  @Test
  void aClientThatLeavesIsNoTimeout() {
    Peer peer = connect();
    peer.send(get("/limit/200/wait/a"));
    millis(100);
    peer.vanish();
    assertThat(probe.saw("cancelled a CLIENT_GONE")).isTrue();
    millis(1_000);
    assertThat(probe.notes()).doesNotContain("cancelled a TIMEOUT");
  }
}
