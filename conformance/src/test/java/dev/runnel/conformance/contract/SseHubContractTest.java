package dev.runnel.conformance.contract;

import static dev.runnel.conformance.contract.SseContractTest.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 7.12: streams of events in hubs. */
@EveryGround
class SseHubContractTest extends Contract {
  @Test
  void streamsOfAHubGetTheSameMessages() {
    Peer[] peers = {connect(), ground().connect(), ground().connect()};
    for (int i = 0; i < peers.length; i++) {
      peers[i].send(events("/sse/hub"));
      int there = i + 1;
      ground().until(() -> probe.count("joined") == there, "one more to join");
    }
    Peer sender = ground().connect();
    assertThat(sender.send(post("/sse/hub/3", "")).answer().body()).isEqualTo("3 there, 0 closed");
    for (Peer peer : peers) {
      peer.take("data: a0 ");
      peer.take("data: a1 ");
      peer.take("data: a2 ");
      peer.vanish();
    }
    ground().until(() -> probe.notes().stream().filter(n -> n.startsWith("hub")).count() == 3, "");
    assertThat(sender.send(post("/sse/hub/1", "")).answer().body()).isEqualTo("0 there, 0 closed");
  }

  @Test
  void aStreamThatIsTooSlowForItsHubIsCancelled() {
    assumeTrue(on.holdsBack(), "a client in memory takes everything at once");
    Peer peer = start().connectNarrow();
    peer.send(events("/sse/hub"));
    awaitNote("joined");
    peer.reading(false);
    Peer sender = ground().connect();
    assertThat(sender.send(post("/sse/hub/4000", "")).answer().body())
        .isEqualTo("0 there, 1 closed");
    awaitNote("hub 0");
  }
}
