package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import org.junit.jupiter.api.Test;

/** RFC 8441: a stream becomes another protocol's, and the connection stays. */
@OnHttp2
class Http2UpgradeContractTest extends Contract {
  private static final String UPGRADE = "Upgrade: ";

  @Test
  void aTunnelIsOneStreamAmongOthers() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/wait/a") + get("/raw/echo", UPGRADE + "echo\r\n") + "early");
    awaitNote("started a");
    peer.await(p -> peer.openStreams() == 2, "both streams");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.take("early")).startsWith("HTTP/1.1 200 ");
    peer.halfClose();
    awaitNote("raw ended");
    assertThat(peer.awaitOver()).isEmpty();
    assertServes(peer);
  }

  @Test
  void aTunnelThatIsResetTakesNothingWithIt() {
    // Until the server said that it takes one, an extended CONNECT is held back, and there is none
    // to reset.
    Http2Peer peer = connectHttp2().awaitSettings();
    peer.send(get("/wait/a") + get("/raw/echo", UPGRADE + "echo\r\n"));
    awaitNote("started a");
    ground().until(() -> ground().calls() >= 1, "the calls");
    ground().settle();
    peer.reset(1);
    peer.nextRequest();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertServes(peer);
  }

  @Test
  void whatIsSentInATunnelIsHeldBackByItsWindow() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/raw/deaf/a", UPGRADE + "deaf\r\n"));
    assertThat(peer.take("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
    peer.send("x".repeat(1 << 20));
    ground().settle();
    probe.open("a");
    peer.halfClose();
    assertThat(peer.awaitOver()).isEqualTo((1 << 20) + " bytes");
    assertServes(peer);
  }

  @Test
  void whatATunnelWritesIsHeldBackByItsWindow() {
    Http2Peer peer = connectHttp2();
    peer.reading(false);
    peer.send(get("/raw/flood", UPGRADE + "flood\r\n"));
    ground().until(() -> probe.saw("wrote"), "the first piece");
    ground().settle();
    assertThat(probe.count("wrote")).as("pieces to who takes none").isLessThan(JavaTakeOver.FLOOD);
    peer.reading(true);
    peer.take("\r\n\r\n");
    peer.halfClose();
    assertThat(peer.awaitOver()).hasSize(JavaTakeOver.FLOOD * JavaTakeOver.PIECE);
    assertThat(probe.count("wrote")).isEqualTo(JavaTakeOver.FLOOD);
  }

  @Test
  void whoDoesNotAskByConnectGets501() {
    Peer peer = connect();
    Answer answer = peer.send(get("/raw/echo")).answer();
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.headers("Upgrade")).isEmpty();
    assertServes(peer);
  }

  @Test
  void anEditIsAppliedToARefusal() {
    Answer answer = connect().send(get("/edited/upgrade")).answer();
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.header("X-Edit")).isEqualTo("yes");
  }

  @Test
  void connectToNobodyIsRefusedAndTheConnectionGoesOn() {
    Peer peer = connect();
    peer.request("CONNECT bare:443 HTTP/1.1\nHost: bare:443\n\n");
    assertThat(peer.answer().status()).isEqualTo(500);
    assertServes(peer);
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }
}
