package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Http2Options;
import dev.runnel.http.Method;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How calls and connections end: resets, GOAWAY, cancelling, closing, and being lost. */
class Http2ClientEndsTest {
  /** Where in its life a call can be when something happens to it. */
  enum Place {
    BEGUN,
    BODY_HALF_SENT,
    BODY_SENT,
    INFORMED,
    HEAD_CAME,
    BODY_HALF_CAME,
    ANSWERED_EARLY;

    boolean hasHead() {
      return this == HEAD_CAME || this == BODY_HALF_CAME || this == ANSWERED_EARLY;
    }
  }

  private static Heard callAt(Place place, ScriptedServer server) {
    Heard call = server.post("/", -1).pumping();
    if (place == Place.BODY_HALF_SENT) {
      boolean unused = server.write(call, "half");
    }
    if (place == Place.BODY_SENT || place == Place.BODY_HALF_CAME) {
      call.call().output().end();
    }
    if (place == Place.INFORMED) {
      server.send(answer(1, false, 103));
    }
    if (place.hasHead()) {
      server.send(answer(1, place == Place.ANSWERED_EARLY, 200));
    }
    if (place == Place.BODY_HALF_CAME) {
      server.send(Frame.data(1, false, "half"));
    }
    return call;
  }

  private static void assertFailed(Heard call, Place place, Reason reason, boolean unprocessed) {
    if (place == Place.ANSWERED_EARLY) {
      assertThat(call.told()).containsExactly("head 200", "ended");
      assertThat(call.body().ended()).isTrue();
    } else if (place.hasHead()) {
      assertThat(call.told()).containsExactly("head 200", "ended");
      String unused = call.read();
      assertThat(call.bodyFailure().reason()).isEqualTo(reason);
      assertThat(call.bodyFailure().isUnprocessed()).isEqualTo(unprocessed);
    } else {
      assertThat(call.told())
          .endsWith("failed " + reason + (unprocessed ? " unprocessed" : ""), "ended");
    }
  }

  // --- RST_STREAM ---

  @ParameterizedTest
  @EnumSource(Place.class)
  void theServerResetsTheStream(Place place) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = callAt(place, server);
      Heard other = server.get("/other");
      server.send(Frame.rst(1, ErrorCode.INTERNAL_ERROR));
      assertFailed(call, place, Reason.STREAM_RESET, false);
      server.expectNo(Frame.RST_STREAM);
      boolean unused = server.write(call, "dropped");
      assertThat(server.data(1)).doesNotContain("dropped");
      server.send(answer(3, true, 200));
      assertThat(other.told()).containsExactly("head 200", "ended");
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @Test
  void aResetNamesItsCode() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard known = server.get("/x?secret=1");
      Heard unknown = server.get("/y");
      server.send(Frame.rst(1, ErrorCode.HTTP_1_1_REQUIRED), Frame.rst(3, 0xabc));
      assertThat(known.failure())
          .hasMessageContaining("HTTP_1_1_REQUIRED")
          .hasMessageContaining("GET http://a/x")
          .hasMessageNotContaining("secret");
      assertThat(unknown.failure()).hasMessageContaining("0xabc");
    }
  }

  @Test
  void aRefusedStreamWasNotProcessed() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = server.get("/");
      server.send(Frame.rst(1, ErrorCode.REFUSED_STREAM));
      assertThat(call.told()).containsExactly("failed REFUSED unprocessed", "ended");
    }
  }

  @Test
  void theAnswerIsWholeAndTheRestOfTheRequestIsNotWanted() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", 1_000);
      server.send(
          answer(1, false, 413, "content-length", "3"),
          Frame.data(1, true, "big"),
          Frame.rst(1, ErrorCode.NO_ERROR));
      assertThat(post.told()).containsExactly("head 413", "ended");
      assertThat(post.read()).isEqualTo("big");
      assertThat(post.body().ended()).isTrue();
      assertThat(server.write(post, "more")).isTrue();
      post.call().output().end();
      assertThat(server.data(1)).isEmpty();
    }
  }

  @Test
  void noErrorBeforeAWholeAnswerIsAReset() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(Frame.rst(1, ErrorCode.NO_ERROR));
      assertThat(get.told()).containsExactly("failed STREAM_RESET", "ended");
      assertThat(get.failure()).hasMessageContaining("NO_ERROR");
    }
  }

  // --- GOAWAY ---

  @ParameterizedTest
  @EnumSource(Place.class)
  void behindGoAwayNothingWasProcessed(Place place) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = callAt(place, server);
      server.send(Frame.goAway(0, ErrorCode.NO_ERROR));
      assertFailed(call, place, Reason.REFUSED, true);
      assertThat(server.client().isUsable()).isFalse();
      assertThat(server.keeper()).contains("changed false 128");
      server.expectGoAway(ErrorCode.NO_ERROR);
      assertThat(server.link().isOutputEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void beforeGoAwayCallsComeToTheirEnd(Place place) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = callAt(place, server);
      Heard late = server.get("/late");
      server.send(Frame.goAway(1, ErrorCode.NO_ERROR));
      assertThat(late.told()).containsExactly("failed REFUSED unprocessed", "ended");
      assertThat(server.link().isOutputEnded()).isFalse();
      assertThat(call.isEnded()).isFalse();
      if (place != Place.ANSWERED_EARLY) {
        if (!place.hasHead()) {
          server.send(answer(1, false, 200));
        }
        server.send(Frame.data(1, true, "whole"));
      }
      call.call().output().end();
      server.run();
      assertThat(call.told()).endsWith("head 200", "ended");
      assertThat(call.body().ended()).isTrue();
      server.expectGoAway(ErrorCode.NO_ERROR);
      assertThat(server.link().isOutputEnded()).isTrue();
    }
  }

  @Test
  void goAwayInTwoSteps() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard first = server.get("/1");
      Heard second = server.get("/2");
      server.send(Frame.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR));
      assertThat(server.client().isUsable()).isFalse();
      assertThat(second.told()).isEmpty();
      Heard late = server.get("/3");
      assertThat(late.told()).containsExactly("failed REFUSED unprocessed", "ended");
      server.send(Frame.goAway(1, ErrorCode.NO_ERROR));
      assertThat(second.told()).containsExactly("failed REFUSED unprocessed", "ended");
      server.send(answer(1, true, 200));
      assertThat(first.told()).containsExactly("head 200", "ended");
      assertThat(server.link().isOutputEnded()).isTrue();
    }
  }

  @Test
  void goAwayBecauseOfAnErrorIsNamedWhenTheConnectionIsLost() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(Frame.goAway(1, ErrorCode.ENHANCE_YOUR_CALM));
      server.link().lose();
      server.run();
      assertThat(get.told()).containsExactly("failed CONNECTION_LOST", "ended");
      assertThat(get.failure()).hasMessageContaining("ENHANCE_YOUR_CALM");
      assertThat(server.keeper().get(server.keeper().size() - 1)).isEqualTo("closed");
    }
  }

  @Test
  void goAwayOnAnIdleConnectionEndsIt() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      server.send(Frame.goAway(0, ErrorCode.NO_ERROR)).expectGoAway(ErrorCode.NO_ERROR);
      assertThat(server.link().isOutputEnded()).isTrue();
      server.link().end();
      server.run();
      assertThat(server.keeper())
          .containsExactly("changed true 128", "changed false 128", "closed");
    }
  }

  // --- the connection is lost ---

  @ParameterizedTest
  @EnumSource(Place.class)
  void theConnectionBreaks(Place place) {
    for (boolean fin : new boolean[] {false, true}) {
      try (ScriptedServer server = new ScriptedServer().connect()) {
        Heard call = callAt(place, server);
        if (fin) {
          server.link().end();
        } else {
          server.link().lose();
        }
        server.run();
        assertFailed(call, place, Reason.CONNECTION_LOST, false);
        assertThat(server.client().isUsable()).isFalse();
        assertThat(server.link().isClosed()).isTrue();
        assertThat(server.keeper())
            .containsExactly("changed true 128", "changed false 128", "closed");
      }
    }
  }

  @Test
  void theServerTakesNoByteForTooLong() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = server.get("/");
      server.client().machine().cancel(CancelCause.WRITE_STALLED);
      server.run();
      assertThat(call.told()).containsExactly("failed WRITE_TIMEOUT", "ended");
    }
  }

  @Test
  void whatWasReceivedWholeIsReadThoughTheConnectionIsGone() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200), Frame.data(1, true, "whole"));
      server.link().lose();
      server.run();
      assertThat(get.read()).isEqualTo("whole");
      assertThat(get.body().ended()).isTrue();
    }
  }

  // --- our own end ---

  @ParameterizedTest
  @EnumSource(Place.class)
  void aCallIsCancelled(Place place) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = callAt(place, server);
      ClientException why = new ClientException(Reason.CANCELLED, "enough");
      call.call().cancel(why);
      server.run().expectReset(1, ErrorCode.CANCEL);
      assertFailed(call, place, Reason.CANCELLED, false);
      int before = call.told().size();
      call.call().cancel(new ClientException(Reason.CALL_TIMEOUT, "again"));
      call.call().abandonOutput();
      boolean unused = server.write(call, "dropped");
      assertThat(call.told()).hasSize(before);
      server.expectNo(Frame.RST_STREAM);
      // What was on its way is nobody's, and no error.
      server.send(answer(1, false, 200), Frame.data(1, true, "late"));
      assertThat(server.client().isUsable()).isTrue();
      assertThat(server.held()).isZero();
    }
  }

  @Test
  void cancellingFromWithinTheHead() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = new Heard();
      get.onHead(() -> get.call().cancel(new ClientException(Reason.CANCELLED, "no")));
      Heard unused = server.call(head(Method.GET, "/", 0), get);
      server.send(answer(1, false, 200), Frame.data(1, false, "x"), Frame.data(1, false, "y"));
      server.expectReset(1, ErrorCode.CANCEL);
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(get.read()).isEmpty();
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.CANCELLED);
    }
  }

  @Test
  void manyCancelledCallsWhoseAnswersAreOnTheirWay() {
    try (ScriptedServer server =
        new ScriptedServer(Http2Options.DEFAULT.withConcurrentStreams(2_000))
            .connect(Setting.MAX_CONCURRENT_STREAMS, 5_000)) {
      for (int round = 0; round < 2; round++) {
        Heard[] calls = new Heard[1_000];
        for (int i = 0; i < calls.length; i++) {
          calls[i] = server.get("/" + i);
        }
        for (Heard call : calls) {
          call.call().cancel(new ClientException(Reason.CANCELLED, "enough"));
        }
        server.run();
        for (int i = 0; i < calls.length; i++) {
          int id = 1 + 2 * (1_000 * round + i);
          server.send(
              answer(id, false, 200), Frame.data(id, false, "x"), Frame.data(id, true, "y"));
        }
      }
      assertThat(server.client().isUsable()).isTrue();
      Heard next = server.get("/next");
      server.send(answer(4_001, true, 200));
      assertThat(next.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void codeThatFailsTakesItsCallDownAndNoOther() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard bad =
          new Heard()
              .onHead(
                  () -> {
                    throw new IllegalStateException("thrown by the test");
                  });
      Heard unused = server.call(head(Method.GET, "/", 0), bad);
      Heard good = server.get("/good");
      server.send(answer(1, false, 200), answer(3, true, 200));
      server.expectReset(1, ErrorCode.CANCEL);
      assertThat(bad.told()).containsExactly("head 200", "ended");
      assertThat(good.told()).containsExactly("head 200", "ended");
    }
  }

  @Test
  void closeWaitsForTheLastCall() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard first = server.get("/1");
      Heard second = server.get("/2");
      server.client().close();
      server.run().expectNo(Frame.GOAWAY);
      assertThat(server.client().isUsable()).isFalse();
      Heard late = server.get("/3");
      assertThat(late.told()).containsExactly("failed REFUSED unprocessed", "ended");
      server.send(answer(1, true, 200)).expectNo(Frame.GOAWAY);
      server.send(answer(3, true, 200)).expectGoAway(ErrorCode.NO_ERROR);
      assertThat(first.told()).containsExactly("head 200", "ended");
      assertThat(second.told()).containsExactly("head 200", "ended");
      assertThat(server.link().isOutputEnded()).isTrue();
    }
  }

  @Test
  void theMachinesWordsToStopMeanTheSame() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      server.client().machine().closeIfIdle();
      server.run().expectGoAway(ErrorCode.NO_ERROR);
      assertThat(server.client().isUsable()).isFalse();
    }
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.client().machine().closeIfIdle();
      assertThat(server.client().isUsable()).isTrue();
      server.client().machine().drain();
      assertThat(server.client().isUsable()).isFalse();
      server.run().expectNo(Frame.GOAWAY);
      server.send(answer(1, true, 200)).expectGoAway(ErrorCode.NO_ERROR);
      assertThat(get.told()).containsExactly("head 200", "ended");
    }
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void closeNowFailsWhatIsUnderWay(Place place) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = callAt(place, server);
      server.client().closeNow(new ClientException(Reason.CLOSED, "shut"));
      server.run();
      assertFailed(call, place, Reason.CLOSED, false);
      assertThat(server.link().isClosed()).isTrue();
      server.client().closeNow(new ClientException(Reason.CANCELLED, "again"));
      server.client().close();
      server.run();
      assertThat(server.keeper())
          .containsExactly("changed true 128", "changed false 128", "closed");
    }
  }

  @Test
  void closeNowFromWithinAnEventOfARead() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get =
          new Heard()
              .onHead(() -> server.client().closeNow(new ClientException(Reason.CLOSED, "shut")));
      Heard unused = server.call(head(Method.GET, "/", 0), get);
      Heard other = server.get("/other");
      server.send(answer(1, false, 200), answer(3, false, 200), Frame.data(3, true, "x"));
      assertThat(get.told()).containsExactly("head 200", "ended");
      assertThat(other.told()).containsExactly("head 200", "ended");
      assertThat(server.link().isClosed()).isTrue();
    }
  }

  // --- places ---

  @Test
  void asManyCallsAsTheServerTakes() {
    try (ScriptedServer server = new ScriptedServer().connect(Setting.MAX_CONCURRENT_STREAMS, 2)) {
      assertThat(server.client().callLimit()).isEqualTo(2);
      assertThat(server.keeper()).containsExactly("changed true 2");
      Heard first = server.get("/1");
      Heard second = server.get("/2");
      Heard third = server.get("/3");
      assertThat(third.told()).containsExactly("failed REFUSED unprocessed", "ended");
      server.send(answer(1, true, 200));
      Heard fourth = server.get("/4");
      server.send(Frame.settings(Setting.MAX_CONCURRENT_STREAMS, 0), answer(3, true, 200));
      assertThat(server.keeper()).containsExactly("changed true 2", "changed true 0");
      server.send(answer(5, true, 200));
      Heard fifth = server.get("/5");
      assertThat(fifth.told()).containsExactly("failed REFUSED unprocessed", "ended");
      assertThat(List.of(first.told(), second.told(), fourth.told()))
          .containsOnly(List.of("head 200", "ended"));
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MAX_VALUE, 500})
  void noMoreCallsThanWeWantOurselves(int said) {
    try (ScriptedServer server =
        new ScriptedServer().connect(Setting.MAX_CONCURRENT_STREAMS, said)) {
      assertThat(server.client().callLimit()).isEqualTo(Http2Options.DEFAULT.concurrentStreams());
    }
  }

  @Test
  void aPlaceIsFreeWhenEndedIsTold() {
    try (ScriptedServer server = new ScriptedServer().connect(Setting.MAX_CONCURRENT_STREAMS, 1)) {
      Heard next = new Heard();
      Heard get =
          new Heard()
              .onHead(
                  () -> {
                    Heard unused = server.begin(head(Method.GET, "/next", 0), next);
                  });
      Heard unused = server.call(head(Method.GET, "/", 0), get);
      server.send(answer(1, true, 200), Frame.ping(7));
      assertThat(server.expect(Frame.HEADERS, 3).field(":path")).isEqualTo("/next");
      server.send(answer(3, true, 204));
      assertThat(next.told()).containsExactly("head 204", "ended");
    }
  }

  @Test
  void otherThreadsAreToldWhereTheCallBelongs() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      server.loopLeft(true);
      assertThatThrownBy(() -> server.client().begin(head(Method.GET, "/", 0), new Heard()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("loop");
      server.loopLeft(false);
    }
  }
}
