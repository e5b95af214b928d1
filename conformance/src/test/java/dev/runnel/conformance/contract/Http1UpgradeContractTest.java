package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** The upgrade of HTTP/1.1 (RFC 9110 7.8), which the client asks for and names. */
@OnHttp1
class Http1UpgradeContractTest extends Contract {
  private static final String UPGRADE = "Connection: keep-alive, Upgrade\r\nUpgrade: ";

  @Test
  void anUpgradeIsAnsweredInOrder() {
    Peer peer = connect();
    peer.send(get("/wait/a") + get("/raw/echo", UPGRADE + "echo\r\n") + "early");
    awaitNote("started a");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.take("early")).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void whoDoesNotAskForAnUpgradeGets426() {
    Peer peer = connect();
    Answer answer = peer.send(get("/raw/echo")).answer();
    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.header("Upgrade")).as("what to ask for").isEqualTo("echo");
    assertServes(peer);
  }

  @Test
  void anEditIsAppliedToARefusal() {
    Answer answer = connect().send(get("/edited/upgrade")).answer();
    assertThat(answer.status()).isEqualTo(426);
    assertThat(answer.header("X-Edit")).isEqualTo("yes");
  }

  @Test
  void whoAsksForAnotherProtocolGets426() {
    Peer peer = connect();
    Answer answer = peer.send(get("/raw/echo", UPGRADE + "h2c, other/2\r\n")).answer();
    assertThat(answer.status()).isEqualTo(426);
    assertServes(peer);
  }

  @Test
  void oneOfSeveralProtocolsIsEnough() {
    Peer peer = connect();
    peer.send(get("/raw/echo", UPGRADE + "other/2, Echo\r\n"));
    assertThat(peer.take("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
  }

  @Test
  void http10IsNeverUpgraded() {
    Peer peer = connect();
    peer.request("GET /raw/echo HTTP/1.0\nConnection: upgrade\nUpgrade: echo\n\n");
    assertThat(peer.answer().status()).isEqualTo(426);
  }

  @Test
  void aRequestWithABodyIsNotUpgraded() {
    Peer peer = connect();
    peer.send(head("POST", "/raw/echo", UPGRADE + "echo\r\nContent-Length: 5\r\n") + "hello");
    assertThat(peer.answer().status()).isEqualTo(400);
  }
}
