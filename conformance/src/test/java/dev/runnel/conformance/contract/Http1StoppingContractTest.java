package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.engine.DrainReport;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** SEMANTICS 5: what a connection of HTTP/1.1 still takes when the server stops. */
@OnHttp1
class Http1StoppingContractTest extends Contract {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void aRequestThatIsOnItsWayIsAnswered() {
    assumeTrue(on.isMemory(), "an idle connection is let go 200 ms after the stop");
    Peer peer = connect();
    peer.send(get("/text")).answer();
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    Answer answer = peer.send(get("/text")).answer();
    assertThat(answer.body()).isEqualTo("hi");
    assertLast(peer, answer);
    assertThat(ground().report(stop).finished()).isEqualTo(1);
  }

  @Test
  void halfAHeadIsStillTakenToItsEnd() {
    Peer peer = connect();
    assertServes(peer);
    peer.send("GET /te");
    ground().settle();
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    Answer answer = peer.send(get("/text").substring(7)).answer();
    assertThat(answer.body()).isEqualTo("hi");
    assertLast(peer, answer);
    ground().report(stop);
  }

  @Test
  void aPipelineIsNotTakenFurther() {
    Peer peer = connect();
    peer.send(get("/wait/a") + get("/text"));
    awaitNote("started a");
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    probe.open("a");
    Answer answer = peer.answer();
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(peer.awaitEnd()).as("behind Connection: close").isEmpty();
    peer.close(); // else the server lingers for what may come
    ground().report(stop);
  }

  @Test
  void theRestOfABodyThatNobodyReadHoldsNothingUp() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Content-Length: 50000\r\n"));
    assertThat(peer.answer().body()).isEqualTo("ignored");
    CompletableFuture<DrainReport> stop = ground().stop(LONG);
    if (on.isMemory()) {
      ground().advance(Duration.ofMillis(200)); // what idle connections have
    }
    assertThat(peer.awaitEnd()).isEmpty();
    peer.close(); // else the server lingers for what may come
    ground().report(stop);
  }
}
