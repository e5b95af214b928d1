package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Timeouts;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SEMANTICS 1 and 3: back-pressure of the answer, write stall, lingering close. Real sockets and
 * short real limits, because in memory a client takes everything at once.
 */
@OnTcp
class SlowPeerContractTest extends Contract {
  private static final Duration SHORT = Duration.ofMillis(300);

  /** More than the kernel takes for both ends. */
  private static final int PIECES = 4_000;

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
    peer.send(get("/produced/10").repeat(400));
    assertThat(awaitStandstill()).isLessThan(PIECES);
    peer.reading(true);
    ground().until(() -> probe.count("wrote") == PIECES, "all pieces to be written");
  }

  /** How many pieces were written when nothing moved for some turns of the loop. */
  private long awaitStandstill() {
    ground().until(() -> probe.saw("wrote"), "the first piece");
    long[] last = {-1, 0};
    ground()
        .until(
            () -> {
              ground().settle();
              long now = probe.count("wrote");
              last[1] = now == last[0] ? last[1] + 1 : 0;
              last[0] = now;
              return last[1] >= 20;
            },
            "the stream to stand still");
    return last[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"/chunks/4000", "/bytes/60000000", "/output/4000"})
  void aClientThatTakesNothingLosesItsConnection(String path) {
    start(options -> options.timeouts(Timeouts.DEFAULT.withWriteStall(SHORT)));
    Peer peer = ground().connectNarrow();
    peer.reading(false);
    long start = System.nanoTime();
    peer.send(get(path));
    ground().until(() -> ground().calls() == 1, "the call to begin");
    ground().until(() -> ground().connections() == 0, "the connection to be given up");
    assertThat(System.nanoTime() - start).as("not early").isGreaterThanOrEqualTo(SHORT.toNanos());
    ground().until(() -> ground().calls() == 0, "the call to end");
    if (path.startsWith("/chunks")) {
      awaitNote("cancelled chunks WRITE_STALLED");
    }
  }

  @Test
  void aClientThatTakesLittleKeepsItsConnection() {
    start(options -> options.timeouts(Timeouts.DEFAULT.withWriteStall(Duration.ofSeconds(2))));
    Peer peer = ground().connectNarrow();
    peer.send(get("/chunks/" + PIECES));
    ground().until(() -> probe.count("wrote") == PIECES, "all pieces to be written");
    peer.await(p -> p.all().endsWith("0\r\n\r\n"), "the last chunk");
    assertThat(peer.isEnded()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"GET  / HTTP/1.1, 400", "GET /%s HTTP/1.1, 414", "'GET / HTTP/1.1\r\nX: %s%s', 431"})
  void aClientThatGoesOnSendingSeesTheRefusal(String first, int status) {
    // Without a lingering close the unread bytes make the kernel send a reset, which destroys it.
    String nine = "a".repeat(9 << 10);
    start();
    for (int i = 0; i < 20; i++) {
      Peer peer = connect();
      peer.send(first.formatted(nine, nine) + "\r\n" + "x".repeat(1 << 20));
      Answer answer = peer.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertLast(peer, answer);
      peer.close();
    }
  }

  @Test
  void aCloseLingersNoLongerThanItsLimit() {
    start(options -> options.timeouts(Timeouts.DEFAULT.withLingeringClose(SHORT)));
    Peer peer = connect();
    peer.send(head("POST", "/limited", "Content-Length: 3000000\r\n"));
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(413);
    peer.awaitEnd();
    // Our half is closed, theirs is not: a client that stays is let go all the same.
    ground().until(() -> ground().connections() == 0, "the connection to be given up");
  }

  @Test
  void aCloseLingersForSomeMebibytesOnly() {
    start(options -> options.timeouts(Timeouts.DEFAULT.withLingeringClose(Duration.ofHours(1))));
    Peer peer = connect();
    peer.send(head("POST", "/limited", "Content-Length: 100000000\r\n"));
    assertThat(peer.answer().status()).isEqualTo(413);
    byte[] piece = new byte[1 << 20];
    int sent = 0;
    try {
      while (sent < 90) {
        peer.send(piece);
        sent++;
      }
    } catch (java.io.UncheckedIOException e) {
      // the reset that we wait for
    }
    assertThat(sent).as("mebibytes that were taken in").isBetween(3, 50);
    ground().until(() -> ground().connections() == 0, "the connection to be given up");
  }

  @Test
  void aLingeringCloseEndsWhenTheClientHasSentAll() {
    start(options -> options.timeouts(Timeouts.DEFAULT.withLingeringClose(Duration.ofHours(1))));
    Peer peer = connect();
    peer.send(head("POST", "/limited", "Content-Length: 1000000\r\n"));
    assertThat(peer.answer().status()).isEqualTo(413);
    peer.send("x".repeat(1_000_000));
    peer.halfClose();
    ground().until(() -> ground().connections() == 0, "the connection to close");
  }
}
