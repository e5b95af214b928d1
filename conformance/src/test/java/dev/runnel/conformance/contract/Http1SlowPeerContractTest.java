package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.Timeouts;
import dev.runnel.http.Request;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SEMANTICS 1 and 3: lingering close, and a connection that takes nothing. Real sockets and short
 * real limits.
 */
@Http1OnTcp
class Http1SlowPeerContractTest extends Contract {
  private static final Duration SHORT = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"GET  / HTTP/1.1, 400", "GET /%s HTTP/1.1, 414", "'GET / HTTP/1.1\r\nX: %s%s', 431"})
  void aClientThatGoesOnSendingSeesTheRefusal(String first, int status) {
    // Without a lingering close the unread bytes make the kernel send a reset, which destroys it.
    String nine = "a".repeat(9 << 10);
    start(options -> options.timeouts(Timeouts.DEFAULT.withLingeringClose(LONG)));
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

  @ParameterizedTest
  @ValueSource(strings = {"/chunks/4000", "/bytes/60000000", "/output/4000"})
  void aClientThatTakesNothingLosesItsConnection(String path) {
    List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    ServerObserver watching =
        new ServerObserver() {
          @Override
          public void requestEnded(Request request, Outcome outcome) {
            outcomes.add(outcome);
          }
        };
    start(options -> options.timeouts(Timeouts.DEFAULT.withWriteStall(SHORT)).observer(watching));
    Peer peer = ground().connectNarrow();
    peer.reading(false);
    peer.send(get(path));
    ground().until(() -> outcomes.size() == 1, "the call to begin and to end");
    ground().until(() -> ground().connections() == 0, "the connection to be given up");
    assertThat(outcomes.get(0).cancelled()).isEqualTo(CancelCause.WRITE_STALLED);
    assertThat(outcomes.get(0).nanos()).as("not early").isGreaterThanOrEqualTo(SHORT.toNanos());
    if (path.startsWith("/chunks")) {
      awaitNote("cancelled chunks WRITE_STALLED");
    }
  }

  @Test
  void theTimeToDiscardBeginsWhenTheAnswerIsOnItsWay() throws IOException {
    probe.file(Files.write(dir.resolve("last slice"), new byte[256 << 10]));
    Duration brief = Duration.ofMillis(100);
    start(options -> options.timeouts(Timeouts.DEFAULT.withLingeringClose(brief)));
    Peer peer = ground().connectNarrow();
    peer.reading(false);
    peer.send(get("/file", "Connection: close\r\n") + "GET /what is not looked at");
    for (int i = 0; i < 5; i++) { // each takes as long as the limit is
      Peer other = connect();
      other.send(head("POST", "/limited", "Content-Length: 3000000\r\n"));
      assertThat(other.answer().status()).isEqualTo(413);
      ground().until(() -> ground().connections() <= 1, "a client that stays to be let go");
    }
    peer.reading(true);
    String all = peer.awaitEnd();
    assertThat(all.length() - all.indexOf("\r\n\r\n") - 4).isEqualTo(256 << 10);
  }
}
