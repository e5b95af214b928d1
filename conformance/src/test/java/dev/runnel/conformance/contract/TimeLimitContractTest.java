package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3: each limit to the millisecond, under virtual time: never early, never late. */
@InMemory
class TimeLimitContractTest extends Contract {
  private static final Duration MILLI = Duration.ofMillis(1);

  private void seconds(long count) {
    ground().advance(Duration.ofSeconds(count));
  }

  /** Lets so much time pass, the last millisecond of which ends the connection. */
  private void assertEndsAfter(Peer peer, Duration limit) {
    ground().advance(limit.minus(MILLI));
    assertThat(peer.isEnded()).as("ended early").isFalse();
    ground().advance(MILLI);
    assertThat(peer.isEnded()).as("ended in time").isTrue();
  }

  /** Lets so much time pass, the last millisecond of which brings an answer. */
  private Answer assertAnsweredAfter(Peer peer, Duration limit) {
    ground().advance(limit.minus(MILLI));
    assertThat(peer.rest()).as("answered early").isEmpty();
    ground().advance(MILLI);
    assertThat(peer.rest()).as("answered in time").isNotEmpty();
    return peer.answer();
  }

  @Test
  void aConnectionWithoutAByteEndsAfter10Seconds() {
    Peer peer = connect();
    assertEndsAfter(peer, Duration.ofSeconds(10));
    assertThat(peer.all()).as("an answer to nothing").isEmpty();
  }

  @Test
  void aHeadThatDoesNotComeIs408TenSecondsAfterItsFirstByte() {
    Peer peer = connect();
    seconds(9);
    peer.send("GET / HT");
    Answer answer = assertAnsweredAfter(peer, Duration.ofSeconds(10));
    assertThat(answer.status()).isEqualTo(408);
    assertLast(peer, answer);
  }

  @Test
  void aHeadThatComesByteByByteIs408TenSecondsAfterItsFirstByte() {
    Peer peer = connect();
    String slow = get("/text");
    for (int i = 0; i < 10; i++) {
      peer.send(slow.substring(i, i + 1));
      assertThat(peer.all()).as("byte " + i).isEmpty();
      if (i < 9) {
        seconds(1);
      }
    }
    Answer answer = assertAnsweredAfter(peer, Duration.ofSeconds(1));
    assertThat(answer.status()).isEqualTo(408);
    assertLast(peer, answer);
  }

  @Test
  void aSecondHeadHas10SecondsToo() {
    Peer peer = connect();
    peer.send(get("/text")).answer();
    seconds(60);
    peer.send("GET");
    assertThat(assertAnsweredAfter(peer, Duration.ofSeconds(10)).status()).isEqualTo(408);
  }

  @Test
  void halfOfAPipelinedHeadHas10SecondsFromTheAnswerBeforeIt() {
    Peer peer = connect();
    peer.send(get("/wait/a") + "GET /te");
    seconds(60);
    assertThat(peer.all()).as("while the first one is handled").isEmpty();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(assertAnsweredAfter(peer, Duration.ofSeconds(10)).status()).isEqualTo(408);
  }

  @Test
  void aHeadInTimeMeetsNoLimit() {
    Peer peer = connect();
    peer.send("GET /wait/a HTTP/1.1\r\n");
    seconds(9);
    peer.send("Host: a\r\n\r\n");
    seconds(3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

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
    assertLast(peer, answer);
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
  void halfAChunkHeadGives30SecondsMore() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Transfer-Encoding: chunked\r\n"));
    seconds(29);
    peer.send("5");
    seconds(29);
    peer.send("\r\n");
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
    assertEndsAfter(peer, Duration.ofSeconds(30));
    assertThat(peer.rest()).as("a last chunk").isEmpty();
    assertThat(probe.saw("cancelled echo BODY_STALLED")).isTrue();
  }

  @Test
  void aRestThatNobodyReadsStallsToo() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Content-Length: 10\r\n") + "hello");
    assertThat(peer.answer().body()).isEqualTo("ignored");
    assertEndsAfter(peer, Duration.ofSeconds(30));
  }

  @Test
  void aHandlerMayTakeItsTime() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    seconds(24 * 3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

  @Test
  void aStreamMayBeSilent() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    seconds(24 * 3600);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("first second");
  }

  @Test
  void aTakenConnectionMayBeSilent() {
    Peer peer = connect();
    peer.send(get("/raw/echo", "Connection: upgrade\r\nUpgrade: echo\r\n"));
    peer.take("\r\n\r\n");
    seconds(24 * 3600);
    peer.send("ping");
    assertThat(peer.take("ping")).isEqualTo("ping");
  }

  @Test
  void aProxyHeaderThatDoesNotComeEndsTheConnectionAfter10Seconds() {
    start(options -> options.proxyProtocol(true));
    Peer peer = connect();
    peer.send("PROXY TCP4 192.0.2.1");
    assertEndsAfter(peer, Duration.ofSeconds(10));
  }

  @Test
  void theHeadBehindAProxyHeaderHas10SecondsOfItsOwn() {
    start(options -> options.proxyProtocol(true));
    Peer peer = connect();
    seconds(9);
    peer.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n");
    assertEndsAfter(peer, Duration.ofSeconds(10));
  }

  @Test
  void zeroTurnsALimitOff() {
    Duration off = Duration.ZERO;
    start(options -> options.timeouts(new Timeouts(off, off, off, off, off, off)));
    Peer silent = connect();
    Peer slow = connect();
    slow.send("GET");
    Peer idle = connect();
    idle.send(get("/text")).answer();
    Peer stalled = connect();
    stalled.send(head("POST", "/count", "Content-Length: 5\r\n"));
    seconds(24 * 3600);
    assertServes(silent);
    assertThat(slow.send(get("/text").substring(3)).answer().body()).isEqualTo("hi");
    assertServes(idle);
    assertThat(stalled.send("hello").answer().body()).isEqualTo("5 bytes");
  }

  @Test
  void limitsOfManyConnectionsAreEachMetInTime() {
    start();
    Peer[] peers = new Peer[100];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = connect();
      ground().advance(Duration.ofMillis(13));
    }
    long now = 100 * 13L;
    for (int i = 0; i < peers.length; i++) {
      long due = i * 13L + 10_000;
      ground().advance(Duration.ofMillis(due - 1 - now));
      assertThat(peers[i].isEnded()).as("early " + i).isFalse();
      ground().advance(MILLI);
      assertThat(peers[i].isEnded()).as("in time " + i).isTrue();
      now = due;
    }
  }
}
