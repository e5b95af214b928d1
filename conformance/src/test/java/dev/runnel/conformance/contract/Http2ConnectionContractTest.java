package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Http2Options;
import dev.runnel.testing.Answer;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Http2Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 1 and 4: calls side by side on one connection of HTTP/2. */
@OnHttp2
class Http2ConnectionContractTest extends Contract {
  private static final int MIB = 1 << 20;

  @Test
  void framesMayComeByteByByte() {
    Http2Peer peer = connectHttp2().cuttingWrites(() -> 1);
    assertThat(peer.send(get("/text")).answer().body()).isEqualTo("hi");
    assertThat(peer.send(post("/upper", "hello")).answer().body()).isEqualTo("HELLO");
    assertServes(peer);
  }

  @Test
  void aSlowCallHoldsNoOther() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/wait/a") + get("/text") + get("/bytes/100000") + post("/echo", "hello"));
    peer.await(p -> peer.openStreams() == 1, "all answers but the first");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertThat(peer.answer().body()).hasSize(100_000);
    assertThat(peer.answer().body()).isEqualTo("hello");
  }

  @Test
  void aHandlerThatDoesNotReadHoldsNoOtherUpload() {
    Http2Peer peer = connectHttp2();
    peer.send(head("POST", "/later/a", "Content-Length: " + MIB + "\r\n") + "x".repeat(MIB));
    awaitNote("started a");
    peer.send(post("/count", "x".repeat(2 * MIB)));
    peer.await(p -> peer.openStreams() == 1, "the second upload to be answered");
    assertThat(peer.rest()).as("an answer to who was not read").isEmpty();
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo(MIB + " bytes");
    assertThat(peer.answer().body()).isEqualTo(2 * MIB + " bytes");
  }

  @Test
  void aStreamThatIsResetCancelsItsCallOnly() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/wait/a") + get("/wait/b") + get("/wait/c"));
    awaitNote("started c");
    peer.reset(1);
    awaitNote("cancelled b CLIENT_GONE");
    assertThat(probe.notes()).doesNotContain("cancelled a CLIENT_GONE", "cancelled c CLIENT_GONE");
    probe.open("a");
    probe.open("c");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("c");
    assertServes(peer);
  }

  @Test
  void aStreamThatIsResetInMidAnswerLeavesTheOthersTheirs() {
    Http2Peer peer = connectHttp2();
    peer.reading(false);
    peer.send(get("/chunks/1000") + get("/wait/a"));
    awaitNote("started a");
    ground().until(() -> probe.saw("wrote"), "the stream to begin");
    peer.reset(0);
    awaitNote("cancelled chunks CLIENT_GONE");
    peer.reading(true);
    probe.open("a");
    assertThat(peer.take("\r\n\r\na")).endsWith("a");
    assertThat(peer.send(get("/bytes/1000000")).answer().body()).hasSize(1_000_000);
  }

  @Test
  void noMoreCallsThanAllowedRunAtATime() {
    start(options -> options.http2(Http2Options.DEFAULT.withConcurrentStreams(2)));
    Http2Peer peer = connectHttp2().awaitSettings();
    peer.send(get("/wait/a").repeat(5));
    ground().until(() -> ground().calls() == 2, "two calls to begin");
    ground().settle();
    assertThat(probe.count("started a")).isEqualTo(2);
    probe.open("a");
    for (int i = 0; i < 5; i++) {
      assertThat(peer.answer().body()).isEqualTo("a");
    }
    assertThat(peer.resets()).isEmpty();
  }

  @Test
  void streamsAboveTheLimitAreRefusedSoThatTheyMayBeTriedAgain() {
    start(options -> options.http2(Http2Options.DEFAULT.withConcurrentStreams(2)));
    Http2Peer peer = connectHttp2().ignoringStreamLimit();
    peer.send(get("/wait/a").repeat(3));
    peer.await(p -> !peer.resets().isEmpty(), "the third to be refused");
    assertThat(peer.resets()).extracting(Frame::code).containsExactly(ErrorCode.REFUSED_STREAM);
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.awaitOver()).isEmpty();
    assertServes(peer);
    assertThat(probe.count("started a")).isEqualTo(2);
  }

  @Test
  void answersHaveNothingOfAConnection() {
    Http2Peer peer = connectHttp2();
    for (String path : new String[] {"/text", "/chunks/1", "/no-content", "/error/http"}) {
      Answer answer = peer.send(get(path)).answer();
      assertThat(answer.headers("Connection")).isEmpty();
      assertThat(answer.headers("Keep-Alive")).isEmpty();
    }
  }
}
