package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 1: where handlers run, how calls end. */
@EveryGround
class HandlerContractTest extends Contract {
  @Test
  void aHandlerRunsOnTheLoopOfItsConnection() {
    assertThat(connect().send(get("/loop")).answer().body()).isEqualTo("in loop true");
  }

  @Test
  void blockingCodeRunsWhereItMayBlock() {
    assertThat(connect().send(get("/blocking-loop")).answer().body()).isEqualTo("may block true");
  }

  @Test
  void blockingCodeHoldsNoOtherCall() {
    Peer blocked = connect();
    blocked.send(get("/blocking/a"));
    awaitNote("started a");
    assertServes(connect());
    probe.open("a");
    assertThat(blocked.answer().body()).isEqualTo("a");
  }

  @Test
  void blockingCallsAboveTheCapGet503WithRetryAfter() {
    start(options -> options.limits(Limits.DEFAULT.withBlockingCalls(1)));
    Peer first = connect();
    first.send(get("/blocking/a"));
    awaitNote("started a");
    Peer second = connect();
    Answer refused = second.send(get("/blocking/b")).answer();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
    probe.open("a");
    assertThat(first.answer().body()).isEqualTo("a");
    logs.take(e -> e.getFormattedMessage().contains("503"));
    probe.open("c");
    ground().until(() -> ground().calls() == 0, "the thread to be free");
    assertThat(second.send(get("/blocking/c")).answer().body()).isEqualTo("c");
  }

  @Test
  void aPlaceIsFreeWhenItsAnswerIsThere() {
    start(options -> options.limits(Limits.DEFAULT.withBlockingCalls(1)));
    probe.open("a");
    Peer peer = connect();
    for (int i = 0; i < 40; i++) {
      // The thread that answered may still be on its way out; its place is not.
      assertThat(peer.send(get("/blocking/a")).answer().body()).isEqualTo("a");
      assertThat(peer.send(get("/output/3")).answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aCancelledBlockingCallIsNotInterruptedAndCountsUntilItReturns() {
    Peer peer = connect();
    peer.send(get("/blocking/a"));
    awaitNote("started a");
    peer.vanish();
    ground().until(() -> ground().connections() == 0, "the connection to end");
    ground().settle();
    assertThat(ground().calls()).as("calls while the thread has not returned").isEqualTo(1);
    probe.open("a");
    awaitNote("returned a");
    ground().until(() -> ground().calls() == 0, "the call to end");
    assertThat(probe.saw("interrupted a")).isFalse();
  }

  @Test
  void anAnswerMayComeFromAnotherThread() {
    Peer peer = connect();
    peer.send(get("/async/a"));
    awaitNote("started a");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
  }

  @Test
  void whatAnAsyncHandlerWaitsForIsCancelledWithItsCall() {
    Peer peer = connect();
    peer.send(get("/async/a"));
    awaitNote("started a");
    peer.vanish();
    awaitNote("future a false");
  }

  @Test
  void theAnswerGoesOutBeforeTheCallEnds() {
    Peer peer = connect();
    assertThat(peer.send(get("/hold/a")).answer().body()).isEqualTo("a");
    assertThat(ground().calls()).isEqualTo(1);
    // The connection does not wait for the work behind the answer.
    assertThat(peer.send(get("/text")).answer().body()).isEqualTo("hi");
    probe.open("a");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void workBehindTheAnswerIsCancelledWhenTheConnectionIsLost() {
    Peer peer = connect();
    assertThat(peer.send(get("/hold/a")).answer().body()).isEqualTo("a");
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
    ground().until(() -> ground().calls() == 0, "the call to end");
  }

  @Test
  void workBehindSeveralAnswersOfOneConnectionIsCancelledWithIt() {
    Peer peer = connect();
    peer.send(get("/hold/a") + get("/hold/b") + get("/wait/c"));
    peer.answer();
    peer.answer();
    awaitNote("started c");
    peer.vanish();
    awaitNote("cancelled a CLIENT_GONE");
    awaitNote("cancelled b CLIENT_GONE");
    awaitNote("cancelled c CLIENT_GONE");
  }

  @Test
  void aConstantAnswerIsSentForEver() {
    Peer peer = connect();
    for (int i = 0; i < 3; i++) {
      Answer answer = peer.send(get("/constant")).answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("constant");
    }
    assertThat(connect().send(get("/constant")).answer().body()).isEqualTo("constant");
  }

  @Test
  void aCallIsAnsweredOnce() {
    Peer peer = connect();
    assertThat(peer.send(get("/answer-twice")).answer().body()).isEqualTo("first");
    assertServes(peer);
    assertThat(logs.take(e -> e.getMessage().contains("failed")))
        .as("the second answer is told to the log")
        .hasSize(1);
  }

  @Test
  void aHintGoesOutBeforeTheAnswer() {
    Peer peer = connect();
    peer.send(get("/hints"));
    Answer hint = peer.answer();
    assertThat(hint.status()).isEqualTo(103);
    assertThat(hint.header("Link")).isEqualTo("</a.css>; rel=preload");
    assertThat(hint.headers("Content-Length")).isEmpty();
    assertThat(peer.answer().body()).isEqualTo("hinted");
    assertServes(peer);
  }
}
