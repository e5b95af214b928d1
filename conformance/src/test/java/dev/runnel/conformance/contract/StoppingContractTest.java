package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import dev.runnel.engine.DrainReport;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** SEMANTICS 5: stopping. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.contract.Combination#oneFaceOnTcp")
class StoppingContractTest extends Contract {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** A little more than idle connections get, which is real time over TCP. */
  private static final Duration SHORT = Duration.ofMillis(220);

  private CompletableFuture<DrainReport> stop(Duration drain) {
    return ground().stop(drain);
  }

  @Test
  void aServerWithoutCallsStopsAtOnceAndReportsNothing() {
    start();
    DrainReport report = ground().report(stop(LONG));
    assertThat(report).isEqualTo(new DrainReport(0, 0, 0, 0, 0, 0));
    assertThat(logs.of("runnel.server")).contains("stopped: " + report);
  }

  @Test
  void idleConnectionsAreClosed() {
    Peer fresh = connect();
    Peer used = connect();
    used.send(get("/text")).answer();
    ground().until(() -> ground().connections() == 2, "both connections");
    DrainReport report = ground().report(stop(LONG));
    assertThat(report.connections()).isEqualTo(2);
    assertThat(report.finished()).isZero();
    assertThat(fresh.awaitEnd()).isEmpty();
    assertThat(used.awaitEnd()).isEmpty();
  }

  @Test
  void aCallInFlightFinishesAndItsAnswerIsTheLast() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    CompletableFuture<DrainReport> stop = stop(LONG);
    assertThat(stop).isNotDone();
    probe.open("a");
    Answer answer = peer.answer();
    assertThat(answer.body()).isEqualTo("a");
    assertLast(peer, answer);
    assertThat(ground().report(stop)).isEqualTo(new DrainReport(1, 0, 0, 0, 0, 1));
  }

  @Test
  void aStreamInFlightFinishes() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    awaitNote("started a");
    CompletableFuture<DrainReport> stop = stop(LONG);
    probe.open("a");
    assertThat(peer.awaitEnd()).contains("second").endsWith("0\r\nX-Sum: 1\r\n\r\n");
    assertThat(ground().report(stop).finished()).isEqualTo(1);
  }

  @Test
  void aBlockingCallInFlightFinishes() {
    Peer peer = connect();
    peer.send(get("/blocking/a"));
    awaitNote("started a");
    CompletableFuture<DrainReport> stop = stop(LONG);
    probe.open("a");
    assertLast(peer, peer.answer());
    assertThat(ground().report(stop).finished()).isEqualTo(1);
  }

  @Test
  void anUploadInFlightFinishes() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Content-Length: 10\r\n") + "hello");
    ground().until(() -> ground().calls() == 1, "the call to begin");
    CompletableFuture<DrainReport> stop = stop(LONG);
    Answer answer = peer.send("world").answer();
    assertThat(answer.body()).isEqualTo("10 bytes");
    assertLast(peer, answer);
    assertThat(ground().report(stop).finished()).isEqualTo(1);
  }

  @Test
  void whatIsLeftAtTheDeadlineIsCancelled() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    DrainReport report = ground().report(stop(SHORT));
    assertThat(probe.saw("cancelled a SERVER_STOPPING")).isTrue();
    assertThat(report).isEqualTo(new DrainReport(0, 1, 0, 0, 0, 1));
    assertThat(peer.awaitEnd()).isEmpty();
  }

  @Test
  void finishedAndCancelledAreCountedApart() {
    assumeTrue(on.isMemory(), "over TCP the deadline may come before the quick ones");
    Peer[] peers = new Peer[6];
    for (int i = 0; i < 6; i++) {
      peers[i] = connect();
      peers[i].send(get("/wait/" + (i < 4 ? "quick" : "slow" + i)));
    }
    ground().until(() -> ground().calls() == 6, "the calls to begin");
    CompletableFuture<DrainReport> stop = stop(SHORT);
    probe.open("quick");
    assertThat(ground().report(stop)).isEqualTo(new DrainReport(4, 2, 0, 0, 0, 6));
  }

  @Test
  void aBlockingCallThatDoesNotReturnIsAbandoned() {
    assumeTrue(on.isMemory(), "its grace would be real time, and the thread is a real one here");
    Peer peer = connect();
    peer.send(get("/blocking/a"));
    awaitNote("started a");
    DrainReport report = ground().report(stop(Duration.ZERO));
    assertThat(report).isEqualTo(new DrainReport(0, 0, 1, 0, 0, 1));
    probe.open("a");
    awaitNote("returned a");
  }

  @Test
  void workBehindAnAnswerIsWaitedForLongerThanItsConnection() {
    Peer peer = connect();
    peer.send(get("/hold/a")).answer();
    CompletableFuture<DrainReport> stop = stop(LONG);
    if (on.isMemory()) {
      ground().advance(Duration.ofSeconds(10));
    }
    peer.awaitEnd();
    ground().until(() -> ground().connections() == 0, "the idle connection to be closed");
    assertThat(stop).isNotDone();
    assertThat(probe.notes()).doesNotContain("cancelled a CLIENT_GONE");
    probe.open("a");
    assertThat(ground().report(stop)).isEqualTo(new DrainReport(1, 0, 0, 0, 0, 1));
  }

  @Test
  void workBehindAnAnswerIsCancelledAtTheDeadline() {
    Peer peer = connect();
    peer.send(get("/hold/a")).answer();
    DrainReport report = ground().report(stop(SHORT));
    assertThat(probe.saw("cancelled a SERVER_STOPPING")).isTrue();
    assertThat(report).isEqualTo(new DrainReport(0, 1, 0, 0, 0, 1));
  }

  @Test
  void detachedWorkIsWaitedForAndCounted() {
    Peer peer = connect();
    peer.send(get("/detached/a")).answer();
    CompletableFuture<DrainReport> stop = stop(LONG);
    assertThat(stop).isNotDone();
    probe.open("a");
    DrainReport report = ground().report(stop);
    assertThat(report.detachedFinished()).isEqualTo(1);
    assertThat(report.detachedCancelled()).isZero();
  }

  @Test
  void detachedWorkIsCancelledAtTheDeadline() {
    Peer peer = connect();
    peer.send(get("/detached/a")).answer();
    DrainReport report = ground().report(stop(SHORT));
    assertThat(report.detachedCancelled()).isEqualTo(1);
    assertThat(probe.saw("detached cancelled a")).isTrue();
  }

  @Test
  void aSecondStopWaitsForTheFirst() {
    Peer peer = connect();
    peer.send(get("/wait/a"));
    awaitNote("started a");
    CompletableFuture<DrainReport> first = stop(LONG);
    CompletableFuture<DrainReport> second = stop(Duration.ZERO);
    probe.open("a");
    DrainReport report = ground().report(first);
    assertThat(report.finished()).isEqualTo(1);
    assertThat(ground().report(second)).isEqualTo(report);
    assertThat(logs.take(Level.WARN)).isEmpty();
  }
}
