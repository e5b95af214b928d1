package dev.runnel.engine.internal.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.engine.internal.netty.SocketWire;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import dev.runnel.server.Eventually;
import dev.runnel.server.LeakCheck;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException.Reason;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a socket shows: ends, halves, resets, and TLS that is cut off. */
class Http1ClientSocketTest {
  private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\n\r\nall of it";

  private static final Duration WRITE_STALL = Duration.ofMillis(100);

  private final LeakCheck leaks = new LeakCheck();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch headCame = new CountDownLatch(1);
  private CountDownLatch ended = new CountDownLatch(1);

  @AfterEach
  void nothingIsLeft() {
    leaks.verify();
  }

  private SocketWire connect(boolean epoll, boolean tls) throws IOException {
    assumeTrue(!epoll || Epoll.isAvailable(), "no epoll here");
    return new SocketWire(
        epoll,
        tls,
        WRITE_STALL,
        new ClientConnection.Listener() {
          @Override
          public void changed(ClientConnection connection) {}

          @Override
          public void closed(ClientConnection connection) {
            closed.countDown();
          }
        });
  }

  private CallLog get(SocketWire wire) throws IOException {
    CallLog log = CallLog.reading();
    ended = new CountDownLatch(1);
    log.atHead = headCame::countDown;
    log.atEnd = ended::countDown;
    wire.loop().execute(() -> wire.client().begin(ClientFixture.get(new String[0]), log));
    assertThat(wire.readHead()).isEqualTo(ClientFixture.GET);
    return log;
  }

  private static void await(CountDownLatch latch, String what) throws InterruptedException {
    Eventually.opens(latch, what);
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void callsAgainAndNoticesThatTheServerLeaves(boolean epoll, boolean tls) throws Exception {
    try (SocketWire wire = connect(epoll, tls)) {
      for (int i = 0; i < 3; i++) {
        CallLog log = get(wire);
        wire.send(ClientFixture.OK);
        await(ended, "the end of call " + i);
        assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      }
      assertThat(wire.client().isUsable()).isTrue();
      wire.end();
      await(closed, "the end of the connection");
      assertThat(wire.client().isUsable()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void aBodyUntilTheEndIsWholeIfTheServerSaysSo(boolean epoll, boolean tls) throws Exception {
    try (SocketWire wire = connect(epoll, tls)) {
      CallLog log = get(wire);
      wire.send(UNTIL_CLOSE);
      wire.end();
      await(ended, "the end of the call");
      assertThat(log.told()).isEqualTo("[head 200, body all of it, ended]");
      await(closed, "the end of the connection");
    }
  }

  /** RFC 9112 9.8: without close_notify an attacker may have cut it off. */
  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void aBareFinIsTheEndInClearOnly(boolean epoll, boolean tls) throws Exception {
    try (SocketWire wire = connect(epoll, tls)) {
      CallLog log = get(wire);
      wire.send(UNTIL_CLOSE);
      wire.fin();
      await(ended, "the end of the call");
      assertThat(log.told())
          .isEqualTo(
              tls
                  ? "[head 200, broken CONNECTION_LOST, ended]"
                  : "[head 200, body all of it, ended]");
      await(closed, "the end of the connection");
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void aResetIsNeverTheEndOfABody(boolean epoll, boolean tls) throws Exception {
    try (SocketWire wire = connect(epoll, tls)) {
      CallLog log = get(wire);
      wire.send(UNTIL_CLOSE);
      await(headCame, "the head");
      wire.reset();
      await(ended, "the end of the call");
      assertThat(log.told()).isEqualTo("[head 200, broken CONNECTION_LOST, ended]");
      await(closed, "the end of the connection");
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void aServerThatResetsBeforeItAnswersLosesTheCall(boolean epoll, boolean tls) throws Exception {
    try (SocketWire wire = connect(epoll, tls)) {
      CallLog log = get(wire);
      wire.reset();
      await(ended, "the end of the call");
      assertThat(log.error().reason()).isEqualTo(Reason.CONNECTION_LOST);
      assertThat(log.error()).hasMessageContaining("before any byte of an answer");
      assertThat(log.error().isUnprocessed()).isFalse();
      await(closed, "the end of the connection");
    }
  }

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void aServerThatTakesNothingIsGivenUp(boolean epoll, boolean tls) throws Exception {
    try (SocketWire wire = connect(epoll, tls)) {
      CallLog log = CallLog.reading();
      log.atEnd = ended::countDown;
      wire.loop().execute(() -> pour(wire.client().begin(ClientFixture.post(-1), log).output()));
      await(ended, "the end of the call");
      assertThat(log.told()).isEqualTo("[failed WRITE_TIMEOUT, ended]");
      await(closed, "the end of the connection");
    }
  }

  private void pour(BodyWriter output) {
    while (output.write(Bytes.copyOf(new byte[32 << 10]))) {
      assertThat(ended.getCount()).isEqualTo(1);
    }
    if (ended.getCount() > 0) {
      output.onWritable(() -> pour(output));
    }
  }
}
