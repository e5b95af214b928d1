package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.ClientFixture.HEAD;
import static dev.runnel.engine.internal.h1.ClientFixture.OK;
import static dev.runnel.engine.internal.h1.ClientFixture.STALL;
import static dev.runnel.engine.internal.h1.ClientFixture.bytes;
import static dev.runnel.engine.internal.h1.ClientFixture.get;
import static dev.runnel.engine.internal.h1.ClientFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CancelCause;
import dev.runnel.io.Bytes;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How calls and connections end before their time: time limits, cancelling, closing. */
class Http1ClientEndsTest {
  private static final Duration MILLI = Duration.ofMillis(1);
  private final ClientException why = new ClientException(Reason.CANCELLED, "not wanted");
  private static final String HALF = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi";

  @Test
  void theHeadHasItsTimeToTheMillisecond() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.advance(HEAD.minus(MILLI));
      assertThat(log.told()).isEqualTo("[]");
      f.wire.advance(MILLI);
      assertThat(log.told()).isEqualTo("[failed HEAD_TIMEOUT, ended]");
      assertThat(log.error()).hasMessage("GET http://a/: no head of an answer within 3000 ms");
      f.assertGone();
    }
  }

  @Test
  void bytesOfAHeadAreNoHead() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      for (char c : new char[] {'H', 'T', 'T'}) {
        f.wire.advance(Duration.ofMillis(900));
        f.wire.send(c + "");
      }
      f.wire.advance(Duration.ofMillis(299));
      assertThat(log.told()).isEqualTo("[]");
      f.wire.advance(MILLI);
      assertThat(log.told()).isEqualTo("[failed HEAD_TIMEOUT, ended]");
    }
  }

  @Test
  void anInformationalHeadStartsItsTimeAnew() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.advance(HEAD.minus(MILLI));
      f.wire.send("HTTP/1.1 102 \r\n\r\n");
      f.wire.advance(HEAD.minus(MILLI));
      assertThat(log.told()).isEqualTo("[informational 102]");
      f.wire.advance(MILLI);
      assertThat(log.told()).isEqualTo("[informational 102, failed HEAD_TIMEOUT, ended]");
    }
  }

  @Test
  void theTimeOfTheHeadBeginsWithTheLastByteOfTheRequest() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(-1), log);
      f.wire.advance(HEAD.multipliedBy(3));
      f.wire.send("HTTP/1.1 100 \r\n\r\n");
      f.wire.advance(HEAD.multipliedBy(3));
      call.output().end();
      f.wire.advance(HEAD.minus(MILLI));
      assertThat(log.told()).isEqualTo("[informational 100]");
      f.wire.advance(MILLI);
      assertThat(log.told()).isEqualTo("[informational 100, failed HEAD_TIMEOUT, ended]");
    }
  }

  @Test
  void aBodyThatSomebodyWaitsForHasItsTimeToTheMillisecond() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send(HALF);
      f.wire.advance(STALL.minus(MILLI));
      f.wire.send("x");
      f.wire.advance(STALL.minus(MILLI));
      assertThat(log.told()).isEqualTo("[head 200]");
      f.wire.advance(MILLI);
      assertThat(log.told()).isEqualTo("[head 200, broken BODY_TIMEOUT, ended]");
      f.assertGone();
    }
  }

  @Test
  void askingAgainDoesNotMoveTheTimeOfABody() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.notReading();
      f.begin(get(), log);
      f.wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
      assertThat(log.body().poll()).isNull();
      f.wire.advance(STALL.minus(MILLI));
      assertThat(log.body().poll()).isNull();
      f.wire.advance(MILLI);
      assertThat(log.told()).isEqualTo("[head 200, ended]");
      assertThatThrownBy(() -> log.body().poll()).isInstanceOf(ClientException.class);
    }
  }

  @Test
  void aBodyThatNobodyWaitsForHasAllTheTime() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.notReading();
      f.begin(get(), log);
      f.wire.send(HALF);
      f.wire.advance(Duration.ofDays(1));
      assertThat(log.told()).isEqualTo("[head 200]");
      f.wire.send("ho");
      log.read();
      f.wire.run();
      assertThat(log.told()).isEqualTo("[head 200, body hiho, ended]");
      f.assertReusable();
    }
  }

  @Test
  void anIdleConnectionHasAllTheTime() {
    try (ClientFixture f = new ClientFixture()) {
      f.get();
      f.wire.send(OK);
      f.wire.advance(Duration.ofDays(1));
      f.assertReusable();
    }
  }

  @Test
  void noTimesAreNoLimits() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      CallHead head = get();
      CallHead.Times none = new CallHead.Times(Duration.ZERO, Duration.ZERO);
      f.begin(new CallHead(head.method(), "http", "a", "/", null, head.headers(), 0, none), log);
      f.wire.advance(Duration.ofDays(1));
      f.wire.send(HALF);
      f.wire.advance(Duration.ofDays(1));
      f.wire.send("ho");
      assertThat(log.told()).isEqualTo("[head 200, body hiho, ended]");
      f.assertReusable();
    }
  }

  @Test
  void aWriteStallIsOneAndAnyOtherCancelALoss() {
    for (CancelCause cause : CancelCause.values()) {
      try (ClientFixture f = new ClientFixture()) {
        CallLog log = f.get();
        f.client.cancel(cause);
        f.wire.run();
        Reason reason =
            cause == CancelCause.WRITE_STALLED ? Reason.WRITE_TIMEOUT : Reason.CONNECTION_LOST;
        assertThat(log.told()).isEqualTo("[failed " + reason + ", ended]");
        f.assertGone();
      }
    }
  }

  // --- cancelling ---

  @Test
  void cancelsAtOnceAndNeverLeavesAByte() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.client.begin(get(), log);
      call.cancel(why);
      assertThat(log.told()).as("never nested").isEqualTo("[]");
      f.wire.run();
      assertThat(log.told()).isEqualTo("[failed CANCELLED, ended]");
      assertThat(log.error()).isSameAs(why);
      assertThat(f.wire.take()).isEmpty();
      f.assertGone();
    }
  }

  @Test
  void cancelsAtEveryPointOfACall() {
    String body = "5\r\nhello\r\n0\r\nX: 1\r\n\r\n";
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
    String answer = "HTTP/1.1 103 \r\n\r\n" + chunked;
    for (int point = 0; point < answer.length(); point++) {
      for (boolean reads : new boolean[] {true, false}) {
        try (ClientFixture f = new ClientFixture()) {
          CallLog log = reads ? CallLog.reading() : CallLog.notReading();
          ClientCall call = f.begin(get(), log);
          f.wire.send(answer.substring(0, point));
          call.cancel(why);
          f.wire.run();
          assertThat(log.told()).endsWith("ended]").containsOnlyOnce("ended");
          if (!log.told().contains("head")) {
            assertThat(log.told()).contains("failed CANCELLED");
          } else if (reads) {
            assertThat(log.told()).contains("broken CANCELLED");
          } else {
            assertThatThrownBy(() -> log.body().poll()).isSameAs(why);
          }
          f.assertGone();
        }
      }
    }
  }

  @Test
  void cancelsFromWithinWhatItTells() {
    for (boolean body : new boolean[] {true, false}) {
      try (ClientFixture f = new ClientFixture()) {
        CallLog log = CallLog.notReading();
        ClientCall call = f.begin(get(), log);
        log.atHead = body ? () -> log.body().cancel() : () -> call.cancel(why);
        f.wire.send(HALF);
        assertThat(log.told()).isEqualTo("[head 200, ended]");
        f.assertGone();
      }
    }
  }

  @Test
  void cancellingTooLateDoesNothing() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(get(), log);
      f.wire.send(OK);
      call.cancel(why);
      call.abandonOutput();
      log.body().cancel();
      f.wire.run();
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      f.assertReusable();
    }
  }

  @Test
  void cancelsAnUploadThatIsAnswered() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(-1), log);
      f.wire.send(OK);
      boolean[] woken = new boolean[1];
      f.wire.serverReads(false);
      while (call.output().write(Bytes.copyOf(new byte[32 << 10]))) {
        assertThat(woken[0]).isFalse();
      }
      call.output().onWritable(() -> woken[0] = true);
      call.cancel(why);
      f.wire.run();
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      assertThat(woken[0]).as("who waits to write is woken").isTrue();
      assertThat(call.output().write(bytes("x"))).isFalse();
      f.assertGone();
    }
  }

  @Test
  void aCallersFailureEndsItsCall() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.notReading();
      f.begin(get(), log);
      log.atHead =
          () -> {
            throw new IllegalStateException("a bug");
          };
      f.wire.send(HALF);
      assertThat(log.told()).isEqualTo("[head 200, ended]");
      assertThatThrownBy(() -> log.body().poll())
          .isInstanceOf(ClientException.class)
          .hasRootCauseMessage("a bug");
      f.assertGone();
    }
  }

  // --- closing ---

  @Test
  void closesBehindTheCallUnderWay() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.client.close();
      f.wire.run();
      assertThat(f.kept()).isEqualTo("[changed false]");
      CallLog late = f.get();
      assertThat(late.told()).isEqualTo("[failed REFUSED, ended]");
      f.wire.send(OK);
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      f.client.close();
      f.client.close();
      f.assertGone();
    }
  }

  @Test
  void closesNowUnderTheCall() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.client.closeNow(why);
      f.wire.run();
      assertThat(log.told()).isEqualTo("[failed CANCELLED, ended]");
      assertThat(log.error()).isSameAs(why);
      f.assertGone();
    }
  }

  @Test
  void anotherThreadIsToldWhereToCallFrom() throws InterruptedException {
    try (ClientFixture f = new ClientFixture()) {
      Throwable[] thrown = new Throwable[1];
      Thread other =
          new Thread(
              () -> {
                try {
                  f.client.begin(get(), CallLog.reading());
                } catch (IllegalStateException e) {
                  thrown[0] = e;
                }
              });
      other.start();
      other.join();
      assertThat(thrown[0]).hasMessageContaining("belongs to its loop");
    }
  }
}
