package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEMANTICS 2: a FIN of the client. Only sockets have halves that close one by one. */
@Http1OnTcp
class HalfClosureContractTest extends Contract {
  private static final int LARGE = 16 << 20;

  @TempDir Path dir;

  private Peer connectContinuing() {
    start(options -> options.onClientFin(ClientFin.CONTINUE));
    return connect();
  }

  @Test
  void aFinCancelsAHandlerThatHasNotAnswered() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    peer.halfClose();
    awaitNote("cancelled a CLIENT_GONE");
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aFinWithTheRequestCancelsToo() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    peer.halfClose();
    awaitNote("cancelled a CLIENT_GONE");
  }

  @Test
  void aFinCancelsAStream() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    awaitNote("started a");
    peer.halfClose();
    awaitNote("cancelled a CLIENT_GONE");
    peer.awaitEnd();
  }

  @Test
  void aFinIsSeenWhileTheNextRequestIsParked() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    peer.send(get("/wait/b"));
    peer.halfClose();
    awaitNote("cancelled a CLIENT_GONE");
  }

  @Test
  void anAnswerOf16MebibytesIsDeliveredAfterAFin() {
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/bytes/" + LARGE));
    ground().settle();
    peer.halfClose();
    ground().settle();
    peer.reading(true);
    String all = peer.awaitEnd();
    assertThat(all.length() - all.indexOf("\r\n\r\n") - 4).isEqualTo(LARGE);
  }

  @Test
  void aFileOf16MebibytesIsDeliveredAfterAFin() throws IOException {
    probe.file(Files.write(dir.resolve("large"), new byte[LARGE]));
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/file"));
    ground().settle();
    peer.halfClose();
    ground().settle();
    peer.reading(true);
    String all = peer.awaitEnd();
    assertThat(all.length() - all.indexOf("\r\n\r\n") - 4).isEqualTo(LARGE);
  }

  @Test
  void whatWasAnsweredBeforeTheFinIsDelivered() {
    Peer peer = connect();
    peer.send(get("/text").repeat(10));
    peer.halfClose();
    for (int i = 0; i < 10; i++) {
      assertThat(peer.answer().body()).isEqualTo("hi");
    }
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aServerMayGoOnAfterAFin() {
    Peer peer = connectContinuing();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    peer.halfClose();
    ground().settle();
    assertThat(probe.saw("cancelled a CLIENT_GONE")).isFalse();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aRouteMayGoOnAfterAFin() {
    Peer peer = connect();
    peer.send(get("/fin/a"));
    awaitNote("started a");
    peer.halfClose();
    ground().settle();
    probe.open("a");
    Answer answer = peer.answer();
    assertThat(answer.body()).isEqualTo("a");
    assertLast(peer, answer);
  }

  @Test
  void aStreamMayGoOnAfterAFin() {
    Peer peer = connectContinuing();
    peer.send(get("/stream/a"));
    awaitNote("started a");
    peer.halfClose();
    ground().settle();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("first second");
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aBodyThatIsThereIsReadAfterAFin() {
    Peer peer = connectContinuing();
    peer.send(post("/later/a", "hello"));
    awaitNote("started a");
    peer.halfClose();
    ground().settle();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("5 bytes");
  }

  @Test
  void allRequestsBeforeTheFinAreAnsweredWhereTheServerGoesOn() {
    Peer peer = connectContinuing();
    peer.send(get("/wait/a") + get("/wait/b") + get("/text"));
    peer.halfClose();
    awaitNote("started a");
    ground().settle();
    probe.open("a");
    probe.open("b");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("b");
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aBodyThatCannotBecomeWholeCancelsEvenWhereTheServerGoesOn() {
    Peer peer = connectContinuing();
    peer.send(head("POST", "/first/a", "Content-Length: 10\r\n") + "hello");
    awaitNote("piece a");
    peer.halfClose();
    awaitNote("cancelled a CLIENT_GONE");
  }

  @Test
  void aChunkedBodyThatCannotBecomeWholeCancelsWhoWaitsForIt() {
    Peer peer = connectContinuing();
    peer.send(head("POST", "/later/a", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    awaitNote("started a");
    probe.open("a");
    ground().settle();
    peer.halfClose();
    awaitNote("cancelled a CLIENT_GONE");
    assertThat(peer.awaitEnd()).as("an answer to half a request").isEmpty();
  }

  @Test
  void aChunkedBodyThatCannotBecomeWholeCancelsWhoReadsItLater() {
    Peer peer = connectContinuing();
    peer.send(head("POST", "/later/a", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    awaitNote("started a");
    peer.halfClose();
    ground().settle();
    probe.open("a");
    awaitNote("cancelled a CLIENT_GONE");
    assertThat(peer.awaitEnd()).as("an answer to half a request").isEmpty();
  }

  @Test
  void aFinBetweenRequestsCloses() {
    Peer peer = connect();
    peer.send(get("/text")).answer();
    peer.halfClose();
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aFinWithinAHeadCloses() {
    Peer peer = connectContinuing();
    peer.send("GET /te");
    ground().settle();
    peer.halfClose();
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void aClientInMidUploadSeesTheRefusal() {
    // Without a lingering close the unread bytes make the kernel send a reset, which destroys it.
    start(o -> o.timeouts(Timeouts.DEFAULT.withLingeringClose(Duration.ofHours(1))));
    for (int i = 0; i < 20; i++) {
      Peer peer = connect();
      peer.send(head("POST", "/limited", "Content-Length: 3000000\r\n"));
      peer.send("x".repeat(1_000_000));
      Answer answer = peer.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertLast(peer, answer);
    }
  }

  @Test
  void aBodyThatNobodyReadDoesNotHoldTheConnectionAfterAFin() {
    Peer peer = connectContinuing();
    peer.send(get("/wait/a", "Content-Length: 5\r\n") + "hello");
    awaitNote("started a");
    peer.halfClose();
    ground().settle();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.awaitEnd()).isEmpty();
  }
}
