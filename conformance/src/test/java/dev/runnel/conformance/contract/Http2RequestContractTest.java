package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Http2Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 1: requests that end before their body does, on a connection that goes on. */
@OnHttp2
class Http2RequestContractTest extends Contract {
  @Test
  void aBodyThatIsAllThereNeedsNoReset() {
    Http2Peer peer = connectHttp2();
    assertThat(peer.send(post("/ignore", "hello")).answer().body()).isEqualTo("ignored");
    assertServes(peer);
    assertThat(peer.resets()).isEmpty();
  }

  @Test
  void aBodyOfUnknownLengthThatNobodyReadIsGivenUp() {
    Http2Peer peer = connectHttp2();
    peer.send(head("POST", "/ignore", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    Answer answer = peer.answer();
    assertThat(answer.body()).isEqualTo("ignored");
    assertGivenUp(peer, answer);
  }

  @Test
  void aClientInMidUploadSeesTheRefusalAndGoesOn() {
    Http2Peer peer = connectHttp2();
    for (int i = 0; i < 20; i++) {
      peer.send(head("POST", "/limited", "Content-Length: 3000000\r\n") + "x".repeat(1_000_000));
      assertThat(peer.answer().status()).isEqualTo(413);
      int resets = i + 1;
      peer.await(p -> peer.resets().size() == resets, "the rest of the upload to be given up");
      peer.nextRequest();
    }
    assertThat(peer.resets()).extracting(Frame::code).containsOnly(ErrorCode.NO_ERROR);
    assertServes(peer);
  }

  @Test
  void aRefusedUploadTouchesNoOtherCall() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/wait/a") + head("POST", "/limited", "Content-Length: 30\r\n") + "x");
    peer.await(p -> !peer.resets().isEmpty(), "the upload to be given up");
    assertThat(probe.notes()).doesNotContain("cancelled a CLIENT_GONE");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    assertThat(peer.answer().status()).isEqualTo(413);
  }

  @Test
  void anErrorBehindTheHeadTouchesNoOtherCall() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/error/late/a") + get("/wait/b"));
    peer.take("first\r\n");
    awaitNote("started b");
    probe.open("a");
    peer.await(Peer::isOver, "the first answer to be broken off");
    assertThat(peer.awaitOver()).isEmpty();
    assertThat(peer.resets()).extracting(Frame::code).containsExactly(ErrorCode.INTERNAL_ERROR);
    probe.open("b");
    assertThat(peer.answer().body()).isEqualTo("b");
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @Test
  void aBodyShorterThanItsLengthTouchesNoOtherCall() {
    Http2Peer peer = connectHttp2();
    peer.send(get("/error/short") + get("/text"));
    assertThat(peer.awaitOver()).endsWith("\r\n\r\n12345");
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }
}
