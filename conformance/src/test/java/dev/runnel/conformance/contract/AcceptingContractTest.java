package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 4: connections above the limit wait. Without TLS, whose client would wait for them. */
@OnPlain
class AcceptingContractTest extends Contract {
  @Test
  void acceptingPausesWhenNoConnectionIsIdle() {
    start(options -> options.limits(Limits.DEFAULT.withConnections(1)));
    Peer busy = connect();
    busy.send(get("/wait/a") + get("/wait/b"));
    awaitNote("started a");
    Peer waiting = connect();
    probe.open("a");
    assertThat(busy.answer().body()).isEqualTo("a"); // the loop has turned since
    awaitNote("started b");
    assertThat(ground().connections()).as("places").isEqualTo(1);
    probe.open("b");
    assertThat(busy.answer().body()).isEqualTo("b");
    busy.close();
    ground().until(() -> ground().connections() == 1, "the waiting one to be accepted");
    assertServes(waiting);
    assertThat(logs.take(e -> e.getMessage().contains("accepting pauses"))).isNotEmpty();
  }
}
