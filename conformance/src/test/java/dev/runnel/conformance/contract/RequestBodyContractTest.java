package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.engine.ServerObserver;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** SEMANTICS 1: the request's body, from the first demand to its end. */
@EveryGround
class RequestBodyContractTest extends Contract {
  private static final int MIB = 1 << 20;

  /** What a stalled handler may hold: 16 KiB that are parked, and the read that went beyond. */
  private static final int HELD = (16 << 10) + (64 << 10);

  @Test
  void aBodyOfKnownLengthIsRead() {
    Peer peer = connect();
    assertThat(peer.send(post("/upper", "hello")).answer().body()).isEqualTo("HELLO");
    assertThat(peer.send(post("/upper-async", "hello")).answer().body()).isEqualTo("HELLO");
    assertThat(peer.send(post("/count", "hello")).answer().body()).isEqualTo("5 bytes");
    assertServes(peer);
  }

  @Test
  void aChunkedBodyIsRead() {
    String chunked = "Transfer-Encoding: chunked\r\n";
    Peer peer = connect();
    peer.send(head("POST", "/upper", chunked) + chunk("hel") + chunk("lo") + "0\r\n\r\n");
    assertThat(peer.answer().body()).isEqualTo("HELLO");
    peer.send(head("POST", "/count", chunked) + chunk("hel") + chunk("lo") + "0\r\n\r\n");
    assertThat(peer.answer().body()).isEqualTo("5 bytes");
    assertServes(peer);
  }

  @Test
  void anEmptyBodyIsRead() {
    Peer peer = connect();
    assertThat(peer.send(head("POST", "/count", "")).answer().body()).isEqualTo("0 bytes");
    assertThat(peer.send(post("/count", "")).answer().body()).isEqualTo("0 bytes");
    peer.send(head("POST", "/count", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n");
    assertThat(peer.answer().body()).isEqualTo("0 bytes");
    assertServes(peer);
  }

  @Test
  void aBodyIsReadByteByByte() {
    Peer peer = connect();
    String all =
        head("POST", "/count", "Transfer-Encoding: chunked\r\n") + chunk("hello") + "0\r\n\r\n";
    all.chars().forEach(c -> peer.send(String.valueOf((char) c)));
    assertThat(peer.answer().body()).isEqualTo("5 bytes");
    assertServes(peer);
  }

  @Test
  void bodyAndNextRequestInOneBufferAreToldApart() {
    Peer peer = connect();
    peer.send(post("/upper", "one") + post("/count", "three") + get("/text"));
    assertThat(peer.answer().body()).isEqualTo("ONE");
    assertThat(peer.answer().body()).isEqualTo("5 bytes");
    assertThat(peer.answer().body()).isEqualTo("hi");
  }

  @Test
  void trailersOfTheRequestAreGiven() {
    Peer peer = connect();
    peer.send(
        head("POST", "/trailers", "Transfer-Encoding: chunked\r\n")
            + chunk("hello")
            + "0\r\nX-Sum: 42\r\n\r\n");
    assertThat(peer.answer().body()).isEqualTo("X-Sum 42");
    assertServes(peer);
  }

  @Test
  void aHandlerThatDoesNotReadHoldsOneReadAtMost() {
    AtomicLong read = new AtomicLong(-1);
    start(
        options ->
            options.observer(
                new ServerObserver() {
                  @Override
                  public void connectionClosed(SocketAddress remote, long in, long out) {
                    read.accumulateAndGet(in, Math::max); // that of settle() is small
                  }
                }));
    Peer peer = connect();
    peer.send(head("POST", "/later/a", "Content-Length: " + 4 * MIB + "\r\n"));
    awaitNote("started a");
    for (int i = 0; i < 100; i++) {
      peer.send("x".repeat(1 << 10)); // the kernel takes this much without us
    }
    ground().settle();
    // Not the client ends this, because a handler that then reads on would find what it sent.
    ground().report(ground().stop(Duration.ZERO));
    assertThat(read.get()).isBetween(1L, (long) HELD);
  }

  @Test
  void continueIsSentWhenTheBodyIsAskedForAndOnlyOnce() {
    Peer peer = connect();
    peer.send(head("POST", "/later/a", "Content-Length: 10\r\nExpect: 100-continue\r\n"));
    awaitNote("started a");
    ground().settle();
    assertThat(peer.all()).as("before the body is asked for").isEmpty();
    probe.open("a");
    assertThat(peer.take("\r\n\r\n")).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("hello");
    ground().settle();
    assertThat(peer.rest()).as("a second 100").isEmpty();
    Answer answer = peer.send("world").answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("10 bytes");
    assertServes(peer);
  }

  @Test
  void aClientThatAskedForContinueAndNeverGotItIsGivenUp() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("ignored");
    assertGivenUp(peer, answer);
  }

  @Test
  void aBodyThatIsThereNeedsNoContinue() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Content-Length: 5\r\nExpect: 100-continue\r\n") + "hello");
    Answer answer = peer.answer();
    if (answer.status() == 100) {
      answer = peer.answer(); // head and body may have come in two reads
    }
    assertThat(answer.body()).isEqualTo("5 bytes");
    assertServes(peer);
  }

  @Test
  void aBodyIsReadOnlyOnce() {
    Peer peer = connect();
    String body = peer.send(post("/twice", "hello")).answer().body();
    assertThat(body).contains("can be read only once");
    assertServes(peer);
  }

  @Test
  void aBufferedBodyAboveOneMebibyteIs413ThatNamesTheLimit() {
    Peer peer = connect();
    peer.send(head("POST", "/upper", "Content-Length: " + (MIB + 1) + "\r\n"));
    assertTooLarge(peer, peer.answer(), "1048576");
  }

  @Test
  void aBufferedBodyOfOneMebibyteIsRead() {
    Peer peer = connect();
    Answer answer = peer.send(post("/upper", "x".repeat(MIB))).answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).hasSize(MIB);
    assertServes(peer);
  }

  @Test
  void aChunkedBodyAboveTheLimitIs413() {
    start(options -> options.limits(Limits.DEFAULT.withBufferedBody(100)));
    Peer peer = connect();
    peer.send(head("POST", "/upper", "Transfer-Encoding: chunked\r\n"));
    peer.send(chunk("x".repeat(60)) + chunk("x".repeat(60)));
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("100 bytes");
  }

  @Test
  void aRouteHasABufferedLimitOfItsOwn() {
    Peer peer = connect();
    assertThat(peer.send(post("/limited", "0123456789")).answer().body()).isEqualTo("0123456789");
    Answer answer = peer.send(post("/limited", "01234567890")).answer();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("10 bytes");
  }

  @Test
  void aStreamedBodyHasNoLimit() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Content-Length: " + 5 * MIB + "\r\n"));
    for (int i = 0; i < 5; i++) {
      peer.send("x".repeat(MIB));
    }
    assertThat(peer.answer().body()).isEqualTo(5 * MIB + " bytes");
    assertServes(peer);
  }

  @Test
  void aStreamedBodyHasTheLimitThatIsSet() {
    Peer peer = connect();
    assertThat(peer.send(post("/count/5", "hello")).answer().body()).isEqualTo("5 bytes");
    assertThat(peer.send(post("/count/4", "hello")).answer().status()).isEqualTo(413);
    Peer other = connect();
    other.send(head("POST", "/count/4", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    Answer answer = other.answer();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).contains("4 bytes");
  }

  private void assertTooLarge(Peer peer, Answer answer, String limit) {
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.body()).contains(limit);
    assertGivenUp(peer, answer);
  }

  @Test
  void aSmallRestThatNobodyReadKeepsTheConnection() {
    Peer peer = connect();
    Answer answer = peer.send(post("/ignore", "x".repeat(64 << 10))).answer();
    assertThat(answer.body()).isEqualTo("ignored");
    assertThat(answer.header("Connection")).isNull();
    assertServes(peer);
  }

  @Test
  void aSmallRestThatComesLaterKeepsTheConnection() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Content-Length: 5\r\n"));
    assertThat(peer.answer().body()).isEqualTo("ignored");
    peer.send("he");
    assertThat(peer.send("llo" + get("/text")).answer().body()).isEqualTo("hi");
  }

  @Test
  void aSmallChunkedRestThatNobodyReadKeepsTheConnection() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    assertThat(peer.answer().body()).isEqualTo("ignored");
    peer.send(chunk("world") + "0\r\n\r\n" + get("/text"));
    assertThat(peer.answer().body()).isEqualTo("hi");
  }

  @Test
  void aLargeRestThatNobodyReadIsGivenUp() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Content-Length: " + (64 << 10) + 1 + "\r\n"));
    Answer answer = peer.answer();
    assertThat(answer.body()).isEqualTo("ignored");
    assertGivenUp(peer, answer);
  }

  @Test
  void aHandlerThatReadsHalfOfItGetsNoTrouble() {
    Peer peer = connect();
    peer.send(head("POST", "/first/a", "Content-Length: 10\r\n") + "hello");
    awaitNote("piece a");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    peer.send("world");
    assertServes(peer);
  }
}
