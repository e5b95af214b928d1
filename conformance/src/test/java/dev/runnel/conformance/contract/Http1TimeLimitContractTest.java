package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3: the limits of what only HTTP/1.1 has, to the millisecond. */
@Http1InMemory
class Http1TimeLimitContractTest extends TimeContract {
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
  void aRestThatNobodyReadsStallsToo() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Content-Length: 10\r\n") + "hello");
    assertThat(peer.answer().body()).isEqualTo("ignored");
    assertEndsAfter(peer, Duration.ofSeconds(30));
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
