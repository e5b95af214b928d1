package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3: each limit to the millisecond, under virtual time: never early, never late. */
@InMemory
class TimeLimitContractTest extends TimeContract {
  @Test
  void anIdleConnectionEndsAfter75Seconds() {
    Peer peer = connect();
    peer.send(get("/text")).answer();
    assertEndsAfter(peer, Duration.ofSeconds(75));
    assertThat(peer.rest()).isEmpty();
  }

  @Test
  void anIdleConnectionEnds75SecondsAfterItsLastAnswer() {
    Peer peer = connect();
    for (int i = 0; i < 5; i++) {
      peer.send(get("/text")).answer();
      seconds(74);
    }
    peer.send(get("/wait/a"));
    seconds(200);
    probe.open("a");
    peer.answer();
    assertEndsAfter(peer, Duration.ofSeconds(75));
  }

  @Test
  void aBodyOfWhichNoByteComesFor30SecondsIs408() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Content-Length: 10\r\n"));
    Answer answer = assertAnsweredAfter(peer, Duration.ofSeconds(30));
    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertGivenUp(peer, answer);
  }

  @Test
  void eachByteOfABodyGives30SecondsMore() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Content-Length: 10\r\n"));
    for (int i = 0; i < 9; i++) {
      seconds(29);
      peer.send("x");
    }
    assertThat(peer.all()).isEmpty();
    assertThat(assertAnsweredAfter(peer, Duration.ofSeconds(30)).status()).isEqualTo(408);
  }

  @Test
  void aBlockingHandlerGets408Too() {
    Peer peer = connect();
    peer.send(head("POST", "/upper", "Content-Length: 10\r\n"));
    // Where the body is asked for from another thread, the limit counts from then on.
    ground().until(() -> timePassesUntilAnswered(peer), "the answer");
    assertThat(peer.answer().status()).isEqualTo(408);
  }

  private boolean timePassesUntilAnswered(Peer peer) {
    seconds(1);
    return !peer.rest().isEmpty();
  }

  @Test
  void aBodyThatNobodyAsksForMeetsNoLimit() {
    Peer peer = connect();
    peer.send(head("POST", "/later/a", "Content-Length: 5\r\n"));
    seconds(3600);
    assertThat(peer.all()).isEmpty();
    probe.open("a");
    seconds(29);
    assertThat(peer.send("hello").answer().body()).isEqualTo("5 bytes");
  }

  @Test
  void aHandlerMayTakeItsTimeWithABodyThatIsThere() {
    Peer peer = connect();
    peer.send(head("POST", "/first/a", "Content-Length: 10\r\n") + "hello");
    awaitNote("piece a");
    seconds(3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

  @Test
  void aBodyThatStallsWhenTheAnswerHasBegunCancelsTheCall() {
    Peer peer = connect();
    peer.send(head("POST", "/echo", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    peer.take("hello\r\n");
    assertOverAfter(peer, Duration.ofSeconds(30));
    assertThat(peer.rest()).as("a last chunk").isEmpty();
    assertThat(probe.saw("cancelled echo BODY_STALLED")).isTrue();
  }

  @Test
  void aHandlerMayTakeItsTime() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    seconds(2 * 3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

  @Test
  void aStreamMayBeSilent() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    seconds(2 * 3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("first second");
  }

  @Test
  void aTakenConnectionMayBeSilent() {
    Peer peer = connect();
    peer.send(get("/raw/echo", "Connection: upgrade\r\nUpgrade: echo\r\n"));
    peer.take("\r\n\r\n");
    seconds(2 * 3600);
    peer.send("ping");
    assertThat(peer.take("ping")).isEqualTo("ping");
  }
}
