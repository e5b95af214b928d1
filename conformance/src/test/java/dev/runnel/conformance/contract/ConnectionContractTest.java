package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** How long a connection lives, and requests in a row. SEMANTICS 4: how many. */
@EveryGround
class ConnectionContractTest extends Contract {
  @Test
  void aConnectionIsKept() {
    Peer peer = connect();
    for (int i = 0; i < 10; i++) {
      Answer answer = peer.send(get("/text")).answer();
      assertThat(answer.body()).isEqualTo("hi");
      assertThat(answer.headers("Connection")).isEmpty();
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    Peer peer = connect();
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      all.append(get("/bytes/" + i % 50));
    }
    peer.send(all.toString());
    // At once, because a peer that looks for each answer goes through all of them each time.
    peer.await(
        p ->
            p.all().split("HTTP/1.1 200 OK", -1).length == 2001 && p.all().endsWith("0".repeat(49)),
        "2,000 answers");
    String answers = peer.all();
    int at = 0;
    for (int i = 0; i < 2000; i++) {
      String length = "Content-Length: " + i % 50 + "\r\n";
      at = answers.indexOf("Content-Length: ", at);
      assertThat(answers.startsWith(length, at)).as("answer " + i).isTrue();
      at += length.length();
    }
  }

  @Test
  void manySlowAnswersOfOneBufferDoNotRecurse() {
    Peer peer = connect();
    peer.send(get("/wait/a").repeat(500));
    awaitNote("started a");
    probe.open("a");
    peer.await(p -> p.all().split("HTTP/1.1 200 OK", -1).length == 501, "500 answers");
    assertThat(probe.count("started a")).isEqualTo(500);
  }

  @Test
  void bodiesArePipelined() {
    Peer peer = connect();
    peer.send(post("/upper", "a") + post("/ignore", "xyz") + post("/echo", "b") + get("/text"));
    assertThat(peer.answer().body()).isEqualTo("A");
    assertThat(peer.answer().body()).isEqualTo("ignored");
    assertThat(peer.answer().body()).isEqualTo("b");
    assertThat(peer.answer().body()).isEqualTo("hi");
  }

  @Test
  void theLastOfTheRequestsOfAConnectionClosesIt() {
    start(options -> options.limits(Limits.DEFAULT.withRequestsPerConnection(3)));
    Peer peer = connect();
    assertThat(peer.send(get("/text")).answer().headers("Connection")).isEmpty();
    assertThat(peer.send(get("/text")).answer().headers("Connection")).isEmpty();
    assertLast(peer, peer.send(get("/text") + get("/text")).answer());
  }

  @Test
  void theLongestIdleConnectionGoesWhenPlacesAreShort() {
    start(options -> options.limits(Limits.DEFAULT.withConnections(2)));
    Peer oldest = connect();
    oldest.send(get("/text")).answer();
    Peer younger = connect();
    younger.send(get("/text")).answer();
    Peer newest = connect();
    assertThat(newest.send(get("/text")).answer().body()).isEqualTo("hi");
    oldest.awaitEnd();
    assertServes(younger);
  }

  @Test
  void connectionsOfALoopDoNotWaitForEachOther() {
    Peer slow = connect();
    slow.send(get("/wait/a"));
    awaitNote("started a");
    for (int i = 0; i < 20; i++) {
      assertServes(connect());
    }
    probe.open("a");
    assertThat(slow.answer().body()).isEqualTo("a");
  }
}
