package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 6: what of streams of events takes time, to the millisecond. */
@InMemory
class SseTimeContractTest extends TimeContract {
  private static final String HEARTBEAT = ":\n\n";

  @Test
  void line1TheHeadIsSentAfter500MillisecondsBySelf() {
    Peer peer = connect();
    peer.send(get("/sse/quiet/a"));
    awaitNote("started a");
    ground().advance(Duration.ofMillis(499));
    assertThat(peer.rest()).as("sent early").isEmpty();
    ground().advance(MILLI);
    assertThat(peer.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
    probe.open("a");
    peer.take("data: late\n\n");
  }

  @Test
  void line1AfterThatItIsTooLateToReject() {
    Peer peer = connect();
    peer.send(get("/sse/reject/a"));
    awaitNote("started a");
    ground().advance(Duration.ofMillis(500));
    probe.open("a");
    awaitNote("too late to reject");
    awaitBrokenOff(peer);
    assertThat(logs.complaints())
        .singleElement()
        .asString()
        .contains("the head of the stream is sent: too late to answer with 401");
  }

  @Test
  void line4ASenderIsSuspendedFor30SecondsAtMost() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    start(options -> options.timeouts(Timeouts.DEFAULT.withWriteStall(Duration.ofSeconds(90))));
    Peer peer = ground().connectNarrow();
    peer.reading(false);
    peer.send(get("/sse/pump"));
    ground().settle(); // all of it runs on the loop
    assertThat(probe.saw("wrote")).isTrue();
    ground().advance(Duration.ofSeconds(30).minus(MILLI));
    assertThat(probe.notes()).doesNotContain("cancelled flood SLOW_CONSUMER");
    ground().advance(MILLI);
    awaitNote("cancelled flood SLOW_CONSUMER");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void line5AHeartbeatAfter15SecondsWithoutAByte() {
    Peer peer = connect();
    peer.send(get("/sse/first/a"));
    peer.take("data: first\n\n");
    awaitNote("started a");
    ground().advance(Duration.ofSeconds(15).minus(MILLI));
    assertThat(peer.rest()).as("sent early").doesNotContain(HEARTBEAT);
    ground().advance(MILLI);
    peer.take(HEARTBEAT);
    ground().advance(Duration.ofSeconds(15).minus(MILLI));
    assertThat(peer.rest()).as("sent early").doesNotContain(HEARTBEAT);
    ground().advance(MILLI);
    peer.take(HEARTBEAT);
    probe.open("a");
    peer.take("data: late\n\n");
  }

  @Test
  void line5NoHeartbeatBehindTheEnd() {
    Peer peer = connect();
    peer.send(get("/sse/open/a"));
    awaitNote("started a");
    probe.open("a");
    peer.answer();
    seconds(60);
    assertThat(peer.rest()).isEmpty();
  }

  @Test
  void line5AStreamThatIsBusyHasNoHeartbeat() {
    Peer peer = connect();
    peer.send(get("/sse/ticks/10"));
    for (int i = 0; i < 10; i++) {
      peer.take("data: " + i + "\n\n");
      ground().advance(Duration.ofSeconds(14));
    }
    peer.await(p -> p.rest().endsWith("0\r\n\r\n"), "the end");
    assertThat(peer.all()).doesNotContain(HEARTBEAT);
  }

  @Test
  void line5AnEventThatWaitsIsNotSplitByAHeartbeat() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    start(options -> options.timeouts(Timeouts.DEFAULT.withWriteStall(Duration.ofSeconds(90))));
    Peer peer = ground().connectNarrow();
    peer.reading(false);
    peer.send(get("/sse/atomic"));
    awaitNote("cancelled both");
    seconds(29);
    peer.reading(true);
    String body = peer.answer().body();
    assertThat(body).doesNotContain("\n:").hasSize((8 << 20) + 8 + "data: third\n\n".length());
  }

  @Test
  void aTimeLimitIsForTheHeadOnly() {
    Peer peer = connect();
    peer.send(get("/limit/2000/sse/quiet/a"));
    awaitNote("started a");
    ground().advance(Duration.ofMillis(500));
    assertThat(peer.take("\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
    seconds(10);
    probe.open("a");
    peer.take("data: late\n\n");
  }

  @Test
  void aTimeLimitThatComesBeforeTheHeadIs503() {
    Peer peer = connect();
    peer.send(get("/limit/200/sse/quiet/a"));
    awaitNote("started a");
    assertThat(assertAnsweredAfter(peer, Duration.ofMillis(200)).status()).isEqualTo(503);
    awaitNote("closed a");
    assertServes(peer);
  }

  @Test
  void aQuietStreamLivesForHours() {
    Peer peer = connect();
    peer.send(get("/sse/first/a"));
    peer.take("data: first\n\n");
    awaitNote("started a");
    seconds(2 * 3600);
    probe.open("a");
    String rest = peer.take("data: late\n\n");
    assertThat(rest.split(":\n\n", -1)).hasSize(1 + 2 * 3600 / 15);
  }
}
