package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Http2Options;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.io.Bytes;
import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies both ways, held back by windows (RFC 9113 5.2). */
class Http2ClientBodyTest {
  private static final int SMALL = 16 << 10;

  // --- of the request ---

  @Test
  void aBodyAndItsTrailers() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1);
      assertThat(server.write(post, "one ")).isTrue();
      assertThat(server.write(post, "two")).isTrue();
      post.call().output().end(Headers.of("X-Sum", "7"));
      server.run();
      assertThat(server.data(1)).isEqualTo("one two");
      Arrival unused = server.expect(Frame.HEADERS, 1);
      Arrival trailers = server.expect(Frame.HEADERS, 1);
      assertThat(trailers.field("x-sum")).isEqualTo("7");
      assertThat(trailers.ends()).isTrue();
      server.send(answer(1, true, 204));
      assertThat(post.told()).containsExactly("head 204", "ended");
    }
  }

  @Test
  void theHeadAndTheFirstBytesLeaveTogether() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.begin(head(Method.POST, "/", 2), new Heard());
      boolean unused = post.call().output().write(Bytes.utf8("ab"));
      post.call().output().end();
      byte[] written = server.link().take();
      assertThat(written[3]).as("HEADERS first").isEqualTo((byte) Frame.HEADERS);
      assertThat(new String(written, java.nio.charset.StandardCharsets.ISO_8859_1)).contains("ab");
      server.send(answer(1, true, 204));
      assertThat(post.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 100})
  void noMoreThanTheWindow(int window) {
    try (ScriptedServer server =
        new ScriptedServer().connect(Setting.INITIAL_WINDOW_SIZE, window)) {
      Heard post = server.post("/", -1);
      AtomicInteger woken = new AtomicInteger();
      BodyWriter output = post.call().output();
      boolean more = server.write(post, "x".repeat(200));
      assertThat(more).isFalse();
      output.onWritable(woken::incrementAndGet);
      assertThat(server.run().data(1)).hasSize(window);
      server.send(Frame.windowUpdate(1, 50));
      assertThat(server.data(1)).hasSize(50);
      assertThat(woken).hasValue(0);
      server.send(Frame.windowUpdate(1, 1_000));
      assertThat(server.data(1)).hasSize(150 - window);
      assertThat(woken).hasValue(1);
      output.end();
      assertThat(server.run().data(1)).isEqualTo("$");
      server.send(answer(1, true, 200));
      assertThat(post.isEnded()).isTrue();
    }
  }

  @Test
  void aWindowThatBecomesNegative() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1);
      boolean unused = server.write(post, "x".repeat(100));
      assertThat(server.data(1)).hasSize(100);
      server.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 0)); // the stream has -100
      boolean more = server.write(post, "y".repeat(10));
      assertThat(more).isFalse();
      server.send(Frame.windowUpdate(1, 100));
      assertThat(server.data(1)).isEmpty();
      server.send(Frame.windowUpdate(1, 3));
      assertThat(server.data(1)).isEqualTo("yyy");
      server.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 65_535));
      assertThat(server.data(1)).isEqualTo("yyyyyyy");
      post.call().output().end();
      server.send(answer(1, true, 200));
      assertThat(post.isEnded()).isTrue();
    }
  }

  @Test
  void theConnectionsWindowIsShared() {
    try (ScriptedServer server =
        new ScriptedServer().connect(Setting.INITIAL_WINDOW_SIZE, 1 << 20)) {
      Heard one = server.post("/1", -1);
      Heard two = server.post("/2", -1);
      boolean unused = server.write(one, "1".repeat(60_000));
      boolean unusedToo = server.write(two, "2".repeat(60_000));
      int first = server.data(1).length();
      int second = server.data(3).length();
      assertThat(first + second).isEqualTo(65_535);
      one.call().output().end();
      two.call().output().end();
      server.send(Frame.windowUpdate(0, 60_000));
      first += server.data(1).replace("$", "").length();
      second += server.data(3).replace("$", "").length();
      assertThat(first).isEqualTo(60_000);
      assertThat(second).isEqualTo(60_000);
      server.send(answer(1, true, 200), answer(3, true, 200));
      assertThat(one.isEnded() && two.isEnded()).isTrue();
    }
  }

  @Test
  void theEndNeedsNoWindow() {
    try (ScriptedServer server = new ScriptedServer().connect(Setting.INITIAL_WINDOW_SIZE, 3)) {
      Heard post = server.post("/", 3);
      boolean unused = server.write(post, "abc");
      post.call().output().end();
      assertThat(server.run().data(1)).isEqualTo("abc$");
      server.send(answer(1, true, 200));
      assertThat(post.isEnded()).isTrue();
    }
  }

  @Test
  void theLengthThatWasAnnouncedIsKept() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard tooLong = server.post("/", 3);
      assertThatThrownBy(() -> tooLong.call().output().write(Bytes.utf8("four")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("announced length of 3");
      boolean unused = server.write(tooLong, "abc");
      tooLong.call().output().end();
      assertThatThrownBy(() -> tooLong.call().output().end())
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> tooLong.call().output().write(Bytes.utf8("x")))
          .isInstanceOf(IllegalStateException.class);
      Heard tooShort = server.post("/", 3);
      assertThatThrownBy(() -> tooShort.call().output().end())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("after 0 of its announced 3");
      server.run().expectReset(3, ErrorCode.CANCEL);
      assertThat(tooShort.told()).containsExactly("failed REQUEST_BODY", "ended");
      Heard none = server.get("/");
      assertThatThrownBy(() -> none.call().output().write(Bytes.utf8("x")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no body was announced");
      server.send(answer(1, true, 200), answer(5, true, 200));
    }
  }

  @Test
  void anAnswerThatIsWholeEarlyLeavesTheBodyOpen() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1).pumping();
      server.send(answer(1, false, 200), Frame.data(1, true, "early"));
      assertThat(post.told()).containsExactly("head 200");
      assertThat(post.read()).isEqualTo("early");
      boolean unused = server.write(post, "still sent");
      post.call().output().end();
      assertThat(server.run().data(1)).isEqualTo("still sent$");
      assertThat(post.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void theBodyIsAbandonedBehindTheAnswer() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", -1);
      server.send(answer(1, false, 200), Frame.data(1, true, "early"));
      post.call().abandonOutput();
      server.run().expectReset(1, ErrorCode.NO_ERROR);
      assertThat(post.told()).containsExactly("head 200", "ended");
      assertThat(post.read()).isEqualTo("early");
      assertThat(post.body().ended()).isTrue();
    }
  }

  @Test
  void theBodyIsAbandonedBeforeTheAnswer() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", 100).pumping();
      post.call().abandonOutput();
      boolean dropped = server.write(post, "x".repeat(100));
      assertThat(dropped).isTrue();
      post.call().output().end();
      server.run().expectNo(Frame.DATA).expectNo(Frame.RST_STREAM);
      server.send(answer(1, false, 200), Frame.data(1, false, "an "));
      server.expectNo(Frame.RST_STREAM);
      server.send(Frame.data(1, true, "answer")).expectReset(1, ErrorCode.NO_ERROR);
      assertThat(post.told()).containsExactly("head 200", "ended");
      assertThat(post.read()).isEqualTo("an answer");
    }
  }

  @Test
  void whatWaitsForRoomIsAbandonedToo() {
    try (ScriptedServer server = new ScriptedServer().connect(Setting.INITIAL_WINDOW_SIZE, 2)) {
      Heard post = server.post("/", -1);
      boolean unused = server.write(post, "abcd");
      AtomicInteger woken = new AtomicInteger();
      post.call().output().onWritable(woken::incrementAndGet);
      post.call().abandonOutput();
      server.send(Frame.windowUpdate(1, 100));
      assertThat(server.data(1)).isEqualTo("ab");
      assertThat(woken).hasValue(1);
      server.send(answer(1, false, 200)).advance(Duration.ofSeconds(40));
      server.expectNo(Frame.RST_STREAM);
      server.send(Frame.data(1, true, "x")).expectReset(1, ErrorCode.NO_ERROR);
      assertThat(post.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void anAbandonedBodyIsNotResetWhereTheServerDoesSo() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", 100);
      post.call().abandonOutput();
      server.send(answer(1, true, 200), Frame.rst(1, ErrorCode.NO_ERROR));
      server.expectNo(Frame.RST_STREAM);
      assertThat(post.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void framesAreTakenThoughTheServerTakesNone() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      server.link().writable(false);
      server.send(answer(1, false, 200));
      for (int i = 0; i < 200; i++) {
        server.send(Frame.data(1, false, "x".repeat(10_000)));
      }
      assertThat(get.read()).hasSize(2_000_000);
      server.link().writable(true);
      server.send(Frame.data(1, true, ""));
      assertThat(get.told()).containsExactly("head 200", "ended");
    }
  }

  // --- of the answer ---

  @Test
  void roomIsGivenBackForWhatWasPolled() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200));
      for (int i = 0; i < 4; i++) {
        server.send(Frame.data(1, false, "x".repeat(16_000)));
      }
      assertThat(server.held()).isEqualTo(64_000);
      assertThat(server.poll(a -> a.frame().type() == Frame.WINDOW_UPDATE && a.stream() == 1))
          .isNull();
      assertThat(get.read()).hasSize(64_000);
      assertThat(server.held()).isZero();
      server.run();
      // While it keeps up the window doubles.
      assertThat(server.expect(Frame.WINDOW_UPDATE, 1).frame().intAt(0))
          .isEqualTo(64_000 + (64 << 10));
      server.send(Frame.data(1, true, "end"));
      assertThat(get.read()).endsWith("end");
    }
  }

  @Test
  void moreThanTheWindowIsAnError() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200));
      for (int i = 0; i < 5; i++) {
        server.send(Frame.data(1, false, "x".repeat(16_000)));
      }
      server.expectReset(1, ErrorCode.FLOW_CONTROL_ERROR);
      String unused = get.read();
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.MALFORMED_RESPONSE);
      assertThat(get.bodyFailure()).hasMessageContaining("FLOW_CONTROL_ERROR");
    }
  }

  @Test
  void moreThanTheBudgetGivesUpTheNewest() {
    Http2Options options = Http2Options.DEFAULT.withBudgets(0xFFFF, 0xFFFF);
    try (ScriptedServer server = new ScriptedServer(options).connect()) {
      Heard first = server.get("/1");
      Heard second = server.get("/2");
      server.send(answer(1, false, 200), answer(3, false, 200));
      for (int i = 0; i < 3; i++) {
        server.send(Frame.data(1, false, "x".repeat(16_000)));
        server.send(Frame.data(3, false, "y".repeat(16_000)));
      }
      server.expectReset(3, ErrorCode.ENHANCE_YOUR_CALM);
      String unused = second.read();
      assertThat(second.bodyFailure().reason()).isEqualTo(Reason.TOO_LARGE);
      server.send(Frame.data(1, true, "end"));
      assertThat(first.read()).hasSize(48_003);
    }
  }

  @Test
  void aBodyThatIsGivenUpResetsItsStream() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200), Frame.data(1, false, "some"));
      get.body().cancel();
      get.body().cancel();
      server.run().expectReset(1, ErrorCode.CANCEL).expectNo(Frame.RST_STREAM);
      assertThat(server.held()).isZero();
      assertThat(get.told()).containsExactly("head 200", "ended");
      String unused = get.read();
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.CANCELLED);
    }
  }

  @Test
  void aWholeBodyThatIsGivenUpIsDropped() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200), Frame.data(1, true, "whole"));
      assertThat(server.held()).isEqualTo(5);
      get.body().cancel();
      assertThat(server.held()).isZero();
      server.run().expectNo(Frame.RST_STREAM);
    }
  }

  @Test
  void cancellingBehindTheEndDoesNothing() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/").pumping();
      server.send(answer(1, false, 200), Frame.data(1, true, "whole"));
      get.body().cancel();
      server.run().expectNo(Frame.RST_STREAM);
      assertThat(get.body().ended()).isTrue();
      assertThat(get.body().poll()).isNull();
    }
  }

  @Test
  void whoWaitsIsWokenOnce() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200));
      AtomicInteger woken = new AtomicInteger();
      assertThat(get.body().poll()).isNull();
      get.body().onReady(woken::incrementAndGet);
      server.run();
      assertThat(woken).hasValue(0);
      server.send(Frame.data(1, false, "a"), Frame.data(1, false, "b"));
      assertThat(woken).hasValue(1);
      assertThat(get.read()).isEqualTo("ab");
      get.body().onReady(woken::incrementAndGet);
      server.send(Frame.data(1, true, ""));
      assertThat(woken).hasValue(2);
      assertThat(get.body().ended()).isTrue();
      get.body().onReady(woken::incrementAndGet);
      server.run();
      assertThat(woken).hasValue(3);
    }
  }

  @Test
  void whoWaitsIsWokenByAFailure() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200));
      AtomicInteger woken = new AtomicInteger();
      get.body().onReady(woken::incrementAndGet);
      server.send(Frame.rst(1, ErrorCode.CANCEL));
      assertThat(woken).hasValue(1);
      assertThatThrownBy(() -> get.body().poll()).hasMessageContaining("CANCEL");
      assertThat(get.body().ended()).isFalse();
    }
  }

  /** RFC 9113 6.9.2: a window that our SETTINGS make smaller is smaller for these streams too. */
  @Test
  void aSmallWindowIsOpenedForWhatWasAskedBeforeTheServerKnewIt() {
    Http2Options small = Http2Options.DEFAULT.withStreamWindow(SMALL, SMALL);
    try (ScriptedServer server = new ScriptedServer(small).open()) {
      Heard get = server.get("/").pumping();
      server.send(Frame.settings(), Frame.settingsAck());
      server.send(answer(1, false, 200, "content-length", "60000"));
      server.send(Frame.data(1, false, new byte[SMALL]));
      assertThat(server.expect(Frame.WINDOW_UPDATE, 1)).isNotNull();
      assertThat(get.isEnded()).isFalse();
    }
  }

  @Test
  void aSmallWindowThatWasUsedUpBeforeTheServerKnewItIsOpenedThen() {
    Http2Options small = Http2Options.DEFAULT.withStreamWindow(SMALL, SMALL);
    try (ScriptedServer server = new ScriptedServer(small).open()) {
      Heard get = server.get("/").pumping();
      server.send(Frame.settings());
      server.send(answer(1, false, 200, "content-length", "60000"));
      server.send(Frame.data(1, false, new byte[SMALL]));
      server.send(Frame.settingsAck());
      assertThat(server.expect(Frame.WINDOW_UPDATE, 1)).isNotNull();
      assertThat(get.isEnded()).isFalse();
    }
  }
}
