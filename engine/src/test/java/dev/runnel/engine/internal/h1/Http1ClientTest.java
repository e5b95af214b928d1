package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.ClientFixture.GET;
import static dev.runnel.engine.internal.h1.ClientFixture.OK;
import static dev.runnel.engine.internal.h1.ClientFixture.bytes;
import static dev.runnel.engine.internal.h1.ClientFixture.get;
import static dev.runnel.engine.internal.h1.ClientFixture.head;
import static dev.runnel.engine.internal.h1.ClientFixture.post;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Http1ClientTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  static java.util.List<AnswerCase> cases() {
    return AnswerCases.all();
  }

  @Test
  void callsOneAfterTheOtherOnOneConnection() {
    try (ClientFixture f = new ClientFixture()) {
      for (int i = 0; i < 3; i++) {
        CallLog log = f.get();
        assertThat(f.wire.take()).isEqualTo(GET);
        assertThat(log.told()).isEqualTo("[]");
        f.wire.send(OK);
        assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      }
      f.assertReusable();
    }
  }

  @Test
  void takesASecondCallOnlyWhenTheFirstHasEnded() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog first = f.get();
      CallLog second = CallLog.reading();
      f.client.begin(get(), second);
      assertThat(second.told()).as("never nested").isEqualTo("[]");
      f.wire.run();
      assertThat(second.told()).isEqualTo("[failed REFUSED, ended]");
      assertThat(second.error().isUnprocessed()).isTrue();
      assertThat(f.wire.take()).as("nothing is pipelined").isEqualTo(GET);
      f.wire.send(OK);
      assertThat(first.told()).isEqualTo("[head 200, body hi, ended]");
      f.assertReusable();
    }
  }

  @Test
  void theNextCallMayBeginWhereTheLastOneEnds() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog second = CallLog.reading();
      CallLog first = CallLog.reading();
      first.atEnd = () -> f.client.begin(get(), second);
      f.begin(get(), first);
      f.wire.send(OK);
      assertThat(f.wire.take()).isEqualTo(GET + GET);
      f.wire.send(OK);
      assertThat(second.told()).isEqualTo("[head 200, body hi, ended]");
    }
  }

  /** Every case of the table again, through the whole machine, in one piece and byte by byte. */
  @ParameterizedTest
  @MethodSource("cases")
  void tellsWhatTheTableSays(AnswerCase raw) {
    AnswerReading read =
        AnswerReading.whole(
            dev.runnel.engine.Limits.DEFAULT, raw.method(), raw.bytes().toByteArray());
    boolean large = raw.rejected() != null && raw.rejected().isTooLarge();
    Reason reason = large ? Reason.TOO_LARGE : Reason.MALFORMED_RESPONSE;
    for (boolean split : new boolean[] {false, true}) {
      if (split && raw.bytes().length() > 2000) {
        continue;
      }
      try (ClientFixture f = new ClientFixture()) {
        CallLog log = CallLog.reading();
        f.begin(head(raw.method(), "/", 0), log);
        for (byte[] piece : pieces(raw.bytes(), split)) {
          if (!f.wire.isClosed()) {
            f.wire.sendNow(piece);
          }
          if (split) {
            f.wire.run();
          }
        }
        f.wire.run();
        f.wire.closeServer();
        if (raw.rejected() != null) {
          assertThat(log.error().reason()).isEqualTo(reason);
          assertThat(log.error()).hasMessageContaining(raw.rejected().sentence());
          assertThat(log.error()).hasMessageStartingWith("GET http://a/: ");
        } else if (read.isDone()) {
          assertThat(log.told()).contains("head " + read.head().code(), "body ").endsWith("ended]");
          assertThat(log.text()).isEqualTo(new String(read.body(), ISO_8859_1));
          assertThat(log.body().trailers()).containsExactlyElementsOf(read.trailers());
        } else {
          assertThat(log.error().reason()).isEqualTo(Reason.CONNECTION_LOST);
        }
        assertThat(log.told()).endsWith("ended]").containsOnlyOnce("ended");
        f.assertGone();
      }
    }
  }

  private static byte[][] pieces(Bytes raw, boolean split) {
    if (!split) {
      return new byte[][] {raw.toByteArray()};
    }
    byte[][] pieces = new byte[raw.length()][];
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = new byte[] {raw.get(i)};
    }
    return pieces;
  }

  @Test
  void headAndFirstBytesOfTheBodyLeaveInOneFlush() {
    try (ClientFixture f = new ClientFixture()) {
      ClientCall call = f.client.begin(post(-1), CallLog.reading());
      call.output().write(bytes("hello"));
      call.output().write(Bytes.EMPTY);
      call.output().end(Headers.of("X-Sum", "1"));
      f.wire.run();
      String chunks = "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
      assertThat(f.wire.take())
          .isEqualTo("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
      assertThat(f.wire.pieces()).isEqualTo(1);
      f.wire.send(OK);
      f.assertReusable();
    }
  }

  @Test
  void holdsABodyToItsLength() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(3), log);
      call.output().write(bytes("ab"));
      assertThatThrownBy(() -> call.output().write(bytes("cd")))
          .hasMessageContaining("longer than its Content-Length of 3");
      assertThatThrownBy(() -> call.output().end()).hasMessageContaining("2 of its Content-Length");
      assertThat(log.told()).as("never nested").isEqualTo("[]");
      f.wire.run();
      assertThat(log.told()).isEqualTo("[failed REQUEST_BODY, ended]");
      assertThat(call.output().write(bytes("late"))).isFalse();
      f.assertGone();
    }
  }

  @Test
  void aBodyThatWasNotAnnouncedIsNotSent() {
    try (ClientFixture f = new ClientFixture()) {
      ClientCall call = f.begin(get(), CallLog.reading());
      assertThatThrownBy(() -> call.output().write(bytes("x"))).hasMessageContaining("announced");
      call.output().end();
      assertThat(f.wire.take()).isEqualTo(GET);
      f.wire.send(OK);
      f.assertReusable();
    }
  }

  @Test
  void waitsFor100IfTheCallerDoes() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(2, "Expect", "100-continue"), log);
      f.wire.send("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(log.told()).isEqualTo("[informational 100]");
      call.output().write(bytes("hi"));
      call.output().end();
      f.wire.run();
      assertThat(f.wire.take()).endsWith("Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
      f.wire.send(OK);
      assertThat(log.told()).isEqualTo("[informational 100, head 200, body hi, ended]");
      f.assertReusable();
    }
  }

  @Test
  void thirtyTwoInformationalHeadsAreEnough() {
    String hints = "HTTP/1.1 103 Early Hints\r\n\r\n";
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send(hints.repeat(32));
      assertThat(log.told()).contains("informational 103").doesNotContain("failed");
      f.wire.send(hints);
      assertThat(log.error().reason()).isEqualTo(Reason.MALFORMED_RESPONSE);
      assertThat(log.error()).hasMessageContaining("32 informational");
      f.assertGone();
    }
  }

  @Test
  void anEarlyAnswerIsToldWhileTheBodyGoesOn() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(-1), log);
      call.output().write(bytes("a"));
      f.wire.send(OK);
      assertThat(log.told()).isEqualTo("[head 200, body hi]");
      call.output().write(bytes("b"));
      call.output().end();
      f.wire.run();
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      assertThat(f.wire.take()).endsWith("1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
      f.assertReusable();
    }
  }

  @Test
  void anAbandonedBodyEndsTheConnectionWithTheCall() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(-1), log);
      call.abandonOutput();
      assertThat(call.output().write(bytes("dropped"))).isFalse();
      f.wire.run();
      assertThat(f.client.isUsable()).isFalse();
      f.wire.send(OK);
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      assertThat(f.wire.take()).doesNotContain("dropped").endsWith("chunked\r\n\r\n");
      f.assertGone();
    }
  }

  @Test
  void aServerThatAnsweredAndLeftTakesNoMoreOfTheBody() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(-1), log);
      f.wire.send(OK);
      f.wire.closeServer();
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      assertThat(call.output().write(bytes("x"))).isFalse();
      f.assertGone();
    }
  }

  @Test
  void anAnswerThatWasReceivedOutlivesItsConnection() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.notReading();
      f.begin(get(), log);
      f.wire.send(CHUNKED + "5\r\nhello\r\n0\r\n\r\n");
      f.wire.closeServer();
      assertThat(log.told()).isEqualTo("[head 200]");
      assertThat(f.kept()).as("its call is not over").isEqualTo("[changed false]");
      log.read();
      f.wire.run();
      assertThat(log.told()).isEqualTo("[head 200, body hello, ended]");
      f.assertGone();
    }
  }

  @Test
  void readsNoFurtherThanItsCallerDoes() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.notReading();
      f.begin(get(), log);
      f.wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
      assertThat(f.wire.isReading()).as("to notice a server that leaves").isTrue();
      f.wire.send("x".repeat(40_000));
      assertThat(f.wire.isReading()).isFalse();
      Bytes first = log.body().poll();
      assertThat(first.length()).isEqualTo(40_000);
      assertThat(f.wire.isReading()).isTrue();
      f.wire.send("x".repeat(60_000));
      log.read();
      f.wire.run();
      assertThat(log.told()).endsWith("ended]");
      f.assertReusable();
    }
  }

  @Test
  void writesOnlyAsFastAsTheServerTakes() {
    byte[] piece = new byte[32 << 10];
    try (ClientFixture f = new ClientFixture()) {
      ClientCall call = f.begin(post(-1), CallLog.reading());
      f.wire.serverReads(false);
      int pieces = 0;
      while (call.output().write(Bytes.copyOf(piece))) {
        pieces++;
        assertThat(pieces).as("pieces without a stop").isLessThan(100);
      }
      boolean[] woken = new boolean[1];
      call.output().onWritable(() -> woken[0] = true);
      f.wire.run();
      f.wire.serverReads(true);
      assertThat(woken[0]).isTrue();
      call.output().end();
      f.wire.run();
      assertThat(f.wire.take()).endsWith("0\r\n\r\n");
      f.wire.send(OK);
      f.assertReusable();
    }
  }

  @Test
  void whatAnswersOnOurOwnStackIsToldBehindTheCaller() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      ClientCall call = f.begin(post(100_000), log);
      f.wire.onBytes(() -> f.wire.sendNow(OK.getBytes(ISO_8859_1)));
      call.output().write(Bytes.copyOf(new byte[100_000])); // flushed at once
      assertThat(log.told()).isEqualTo("[]");
      f.wire.onBytes(() -> {});
      f.wire.run();
      call.output().end();
      f.wire.run();
      assertThat(log.told()).startsWith("[head 200, body hi");
    }
  }

  @Test
  void bytesWhileNobodyAskedCloseAtOnce() {
    try (ClientFixture f = new ClientFixture()) {
      f.wire.send(OK);
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      f.get();
      f.wire.send(OK);
      f.wire.send("\r\n");
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send(OK + "HTTP/1.1 200 OK\r\n");
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      f.assertGone();
    }
  }

  /** An answer that is there before the request is somebody else's. */
  @Test
  void bytesThatCameBeforeTheRequestWasSentAreNoAnswer() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.client.begin(get(), log);
      f.client.received(Unpooled.copiedBuffer(OK, ISO_8859_1)); // before the turn ends
      f.wire.run();
      assertThat(log.told()).isEqualTo("[failed MALFORMED_RESPONSE, ended]");
      assertThat(log.error()).hasMessageContaining("before the request was sent");
      assertThat(log.error().isUnprocessed()).isTrue();
      assertThat(f.wire.take()).isEmpty();
      f.assertGone();
    }
  }

  @Test
  void anIdleConnectionNoticesThatTheServerLeaves() {
    try (ClientFixture f = new ClientFixture()) {
      f.get();
      f.wire.send(OK);
      f.wire.fin();
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      f.wire.closeServer();
      f.assertGone();
    }
  }

  @Test
  void saysWhetherAByteOfAnAnswerCame() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.fin();
      assertThat(log.told()).isEqualTo("[failed CONNECTION_LOST, ended]");
      assertThat(log.error())
          .hasMessage("GET http://a/: the connection closed before any byte of an answer");
      assertThat(log.error().isUnprocessed()).isFalse();
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send("HTTP/1.1 20");
      f.wire.reset();
      assertThat(log.error()).hasMessageContaining("before the head of an answer was whole");
      f.assertGone();
    }
  }

  @Test
  void aRequestThatDidNotLeaveIsUnprocessed() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.client.begin(get(), log);
      f.client.closed(); // before the turn ends
      assertThat(log.error().reason()).isEqualTo(Reason.CONNECTION_LOST);
      assertThat(log.error().isUnprocessed()).isTrue();
      f.client.closeNow(new ClientException(Reason.CLOSED, "over"));
    }
  }

  @Test
  void aBodyUntilTheEndIsWholeOnlyIfTheServerSaysSo() {
    for (boolean whole : new boolean[] {true, false}) {
      try (ClientFixture f = new ClientFixture()) {
        CallLog log = f.get();
        f.wire.send("HTTP/1.1 200 OK\r\n\r\nall of it");
        if (whole) {
          f.wire.fin();
          assertThat(log.told()).isEqualTo("[head 200, body all of it, ended]");
        } else {
          f.wire.reset();
          assertThat(log.told()).isEqualTo("[head 200, broken CONNECTION_LOST, ended]");
        }
        f.assertGone();
      }
    }
  }

  @Test
  void aBodyThatIsCutOffSaysHowFarItCame() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
      f.wire.fin();
      assertThat(log.error()).hasMessageContaining("after 3 bytes of the body, of 5");
      f.assertGone();
    }
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = f.get();
      f.wire.send(CHUNKED + "5\r\nhello\r\n");
      f.wire.fin();
      assertThat(log.error()).hasMessageContaining("after 5 bytes of the body, before the last");
      f.assertGone();
    }
  }

  @Test
  void theConnectionEndsWhereEitherEndSaysSo() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      f.begin(get("Connection", "close"), log);
      assertThat(f.wire.take()).contains("Connection: close\r\n");
      assertThat(f.client.isUsable()).isFalse();
      f.wire.send(OK);
      assertThat(log.told()).isEqualTo("[head 200, body hi, ended]");
      f.assertGone();
    }
    for (String answer :
        new String[] {
          "HTTP/1.1 204 \r\nConnection: close\r\n\r\n", "HTTP/1.0 200 \r\nContent-Length: 0\r\n\r\n"
        }) {
      try (ClientFixture f = new ClientFixture()) {
        f.get();
        f.wire.send(answer);
        f.assertGone();
      }
    }
    try (ClientFixture f = new ClientFixture()) {
      f.get();
      f.wire.send("HTTP/1.0 200 \r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
      f.assertReusable();
    }
  }

  @Test
  void extendedConnectIsNotForHttp11() {
    try (ClientFixture f = new ClientFixture()) {
      CallLog log = CallLog.reading();
      var asked = get();
      f.begin(
          new dev.runnel.transport.CallHead(
              Method.CONNECT, "http", "a", "/", "websocket", Headers.EMPTY, 0, asked.times()),
          log);
      assertThat(log.told()).isEqualTo("[failed NOT_UPGRADED, ended]");
      assertThat(log.error().isUnprocessed()).isTrue();
      f.assertReusable();
    }
  }
}
