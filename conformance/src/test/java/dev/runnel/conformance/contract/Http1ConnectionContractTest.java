package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 8: what only a connection of HTTP/1 has, one call after the other and how it ends. */
@OnHttp1
class Http1ConnectionContractTest extends Contract {
  @Test
  void aConnectionOfHttp11IsClosedWhenAsked() {
    Peer peer = connect();
    assertLast(peer, peer.send(get("/text", "Connection: close\r\n")).answer());
  }

  @Test
  void closeIsFoundAmongOtherOptions() {
    Peer peer = connect();
    assertLast(peer, peer.send(get("/text", "Connection: foo , CLOSE\r\n")).answer());
  }

  @Test
  void aConnectionOfHttp10IsClosed() {
    Peer peer = connect();
    Answer answer = peer.request("GET /text HTTP/1.0\n\n").answer();
    assertThat(answer.body()).isEqualTo("hi");
    assertLast(peer, answer);
  }

  @Test
  void aConnectionOfHttp10IsKeptWhenAsked() {
    Peer peer = connect();
    for (int i = 0; i < 3; i++) {
      Answer answer = peer.request("GET /text HTTP/1.0\nConnection: keep-alive\n\n").answer();
      assertThat(answer.body()).isEqualTo("hi");
      assertThat(answer.header("Connection")).isEqualTo("keep-alive");
    }
    assertThat(peer.isEnded()).isFalse();
  }

  @Test
  void nothingIsAnsweredBehindTheLastRequest() {
    Peer peer = connect();
    peer.send(get("/text", "Connection: close\r\n") + get("/text"));
    assertLast(peer, peer.answer());
  }

  @Test
  void pipelinedRequestsToSlowHandlersAreAnsweredInOrder() {
    Peer peer = connect();
    peer.send(get("/wait/a") + get("/wait/b") + get("/text") + get("/async/c"));
    awaitNote("started a");
    ground().settle();
    assertThat(probe.saw("started b")).as("the second before the first was answered").isFalse();
    probe.open("b");
    probe.open("c");
    ground().settle();
    assertThat(peer.all()).isEmpty();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("b");
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertThat(peer.answer().body()).isEqualTo("c");
  }

  @Test
  void aHeadMayComeByteByByte() {
    Peer peer = connect();
    get("/text").chars().forEach(c -> peer.send(String.valueOf((char) c)));
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertServes(peer);
  }

  @Test
  void emptyLinesBeforeARequestAreIgnored() {
    Peer peer = connect();
    assertThat(peer.send("\r\n" + get("/text")).answer().body()).isEqualTo("hi");
    assertServes(peer);
  }

  @Test
  void departureIsSeenWhileTheNextRequestIsParked() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    peer.send(get("/wait/b"));
    ground().settle();
    assertThat(probe.saw("cancelled a CLIENT_GONE")).as("by a pipelined request").isFalse();
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
    ground().settle();
    assertThat(probe.saw("started b")).as("the parked request of a client that left").isFalse();
  }

  @Test
  void departureIsSeenWhileALongHeadIsParked() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    peer.send(get("/wait/b", "X: " + "x".repeat(15 << 10) + "\r\n"));
    ground().settle();
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
  }
}
