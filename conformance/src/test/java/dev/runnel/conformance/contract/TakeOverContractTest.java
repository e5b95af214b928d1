package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.engine.DrainReport;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Upgrade and CONNECT: an answer that asks for the connection, or the stream. */
@EveryGround
class TakeOverContractTest extends Contract {
  private static final String UPGRADE = "Connection: keep-alive, Upgrade\r\nUpgrade: ";

  private Peer upgraded(Peer peer, String path) {
    String protocol = path.replaceAll("/raw/([a-z]+).*", "$1");
    peer.send(get(path, UPGRADE + protocol + "\r\n"));
    String head = peer.take("\r\n\r\n");
    on.protocol().assertTakenOver(head, protocol);
    assertThat(head).doesNotContain("Content-Length", "Transfer-Encoding");
    return peer;
  }

  @Test
  void anUpgradeGivesTheConnection() {
    Peer peer = upgraded(connect(), "/raw/echo");
    peer.send("GET / HTTP/1.1\r\n\r\n");
    assertThat(peer.take("\r\n\r\n")).isEqualTo("GET / HTTP/1.1\r\n\r\n");
    peer.send("\0\1\2");
    assertThat(peer.take("\0\1\2")).isEqualTo("\0\1\2");
  }

  @Test
  void bytesRightBehindTheHeadBelongToTheNewProtocol() {
    Peer peer = connect();
    peer.send(get("/raw/echo", UPGRADE + "echo\r\n") + "early");
    peer.take("\r\n\r\n");
    assertThat(peer.take("early")).isEqualTo("early");
  }

  @Test
  void connectGivesTheConnection() {
    Peer peer = connect();
    peer.request("CONNECT example.org:443 HTTP/1.1\nHost: example.org:443\n\n");
    String head = peer.take("\r\n\r\n");
    assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(head).doesNotContain("Content-Length", "Transfer-Encoding", "Connection");
    peer.send("tunnel");
    assertThat(peer.take("tunnel")).isEqualTo("tunnel");
  }

  @Test
  void a2xxAnswerToConnectMustTakeTheConnection() {
    Peer peer = connect();
    peer.request("CONNECT bare:443 HTTP/1.1\nHost: bare:443\n\n");
    assertThat(peer.answer().status()).isEqualTo(500);
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @Test
  void theEndOfTheClientsHalfIsTold() {
    Assumptions.assumeTrue(on.hasHalves(), "in memory a connection has no halves");
    Peer peer = upgraded(connect(), "/raw/echo");
    peer.send("last words");
    peer.halfClose();
    awaitNote("raw ended");
    assertThat(peer.awaitOver()).isEqualTo("last words");
  }

  @Test
  void aLostConnectionEndsIt() {
    Peer peer = upgraded(connect(), "/raw/echo");
    peer.vanish();
    ground().until(() -> ground().connections() == 0, "the connection to end");
  }

  @Test
  void aLostConnectionCancelsItsCallAlsoWhenAStopHasBegun() {
    Peer peer = upgraded(connect(), "/raw/held/a");
    CompletableFuture<DrainReport> stop = ground().stop(Duration.ofSeconds(20));
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
    assertThat(ground().report(stop).abandoned()).isZero();
  }

  @Test
  void writingIsHeldBack() {
    Peer peer = start().connectNarrow();
    upgraded(peer, "/raw/flood");
    peer.reading(false);
    if (!on.isMemory()) { // where all is taken by now
      ground().settle();
      assertThat(probe.count("wrote"))
          .as("pieces to who takes none")
          .isLessThan(JavaTakeOver.FLOOD);
    }
    peer.reading(true);
    peer.awaitOver();
    assertThat(probe.count("wrote")).isEqualTo(JavaTakeOver.FLOOD);
  }

  @Test
  void readingIsHeldBack() {
    Peer peer = upgraded(connect(), "/raw/deaf/a");
    for (int i = 0; i < 100; i++) {
      peer.send("x".repeat(1 << 10));
    }
    ground().settle();
    assertThat(peer.rest()).isEmpty();
    probe.open("a");
    if (on.hasHalves()) {
      peer.halfClose();
      assertThat(peer.awaitOver()).isEqualTo((100 << 10) + " bytes");
    }
  }

  @Test
  void aTakerThatFailsEndsIt() {
    Peer peer = upgraded(connect(), "/raw/fail");
    assertThat(awaitBrokenOff(peer)).isEmpty();
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @Test
  void aDrainEndsIt() {
    Peer peer = upgraded(connect(), "/raw/echo");
    var report = ground().report(ground().stop(Duration.ofMillis(300)));
    assertThat(report.connections()).isEqualTo(1);
    peer.awaitEnd();
    awaitNote("raw lost SERVER_STOPPING");
  }

  @Test
  void theLastBytesAreReadByWhoIsDoneWithWriting() {
    Assumptions.assumeTrue(on.hasHalves(), "in memory a connection has no halves");
    Peer peer = upgraded(connect(), "/raw/last/a");
    awaitNote("started a");
    peer.send("x".repeat(10_000));
    peer.halfClose();
    ground().settle();
    probe.open("a");
    awaitNote("wrote all a");
    ground().settle(); // both halves are closed now, and nothing was read
    probe.open("read");
    awaitNote("read 10000 bytes");
  }
}
