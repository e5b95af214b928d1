package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * SEMANTICS 1: back-pressure of the answer. Real sockets, because in memory a client of HTTP/1.1
 * takes everything at once.
 */
@OnTcp
class SlowPeerContractTest extends Contract {
  /** More than the kernel takes for both ends. */
  private static final int PIECES = 2_000;

  @Test
  void aStreamIsWrittenOnlyAsFastAsItIsTaken() {
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/chunks/" + PIECES));
    long written = awaitStandstill();
    assertThat(written).as("pieces written to a client that takes none").isLessThan(PIECES);
    peer.reading(true);
    ground().until(() -> probe.count("wrote") == PIECES, "all pieces to be written");
  }

  @Test
  void blockingCodeIsHeldBack() {
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/output/" + PIECES));
    assertThat(awaitStandstill()).isLessThan(PIECES);
    peer.reading(true);
    ground().until(() -> probe.count("wrote") == PIECES, "all pieces to be written");
  }

  @Test
  void pipelinedAnswersAreHeldBack() {
    Peer peer = start().connectNarrow();
    peer.reading(false);
    // Each request asks for far more than itself: a client must not make us hold its answers.
    peer.send(get("/produced/10").repeat(PIECES / 10));
    assertThat(awaitStandstill()).isLessThan(PIECES);
    peer.reading(true);
    ground().until(() -> probe.count("wrote") == PIECES, "all pieces to be written");
  }

  @Test
  void aClientThatTakesLittleKeepsItsConnection() {
    start(options -> options.timeouts(Timeouts.DEFAULT.withWriteStall(Duration.ofSeconds(2))));
    Peer peer = ground().connectNarrow();
    peer.send(get("/chunks/" + PIECES));
    ground().until(() -> probe.count("wrote") == PIECES, "all pieces to be written");
    peer.await(p -> p.endsWith("0\r\n\r\n"), "the last chunk");
    assertThat(peer.isEnded()).isFalse();
  }
}
