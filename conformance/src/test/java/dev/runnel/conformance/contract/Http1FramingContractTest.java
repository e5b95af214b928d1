package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 1 and 8: bodies in the framings of HTTP/1, and what an older client gets. */
@OnHttp1
class Http1FramingContractTest extends Contract {
  @Test
  void aStreamToHttp10EndsWithTheConnection() {
    Peer peer = connect();
    peer.request("GET /stream/a HTTP/1.0\nConnection: keep-alive\n\n");
    awaitNote("started a");
    probe.open("a");
    Answer answer = peer.answer();
    assertThat(answer.headers("Transfer-Encoding")).isEmpty();
    assertThat(answer.headers("Content-Length")).isEmpty();
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(answer.body()).isEqualTo("first second");
    assertThat(peer.isEnded()).isTrue();
  }

  @Test
  void trailersAreLeftOutForHttp10() {
    Peer peer = connect();
    Answer answer = peer.request("GET /trailers HTTP/1.0\n\n").answer();
    assertThat(answer.body()).isEqualTo("whole");
  }

  @Test
  void anErrorBehindTheHeadBreaksABodyOfHttp10Off() {
    Peer peer = connect();
    peer.request("GET /error/late/a HTTP/1.0\n\n");
    peer.take("first");
    probe.open("a");
    // On TCP a reset: a mere close would look like the end of the body.
    assertThat(peer.awaitEnd()).isEmpty();
    assertThat(logs.take(Level.WARN)).hasSize(1);
  }

  @Test
  void aBodyThatBreaksTheFramingBehindTheHeadBreaksTheAnswerOff() {
    Peer peer = connect();
    peer.send(head("POST", "/echo", "Transfer-Encoding: chunked\r\n") + chunk("hello"));
    peer.take("hello\r\n");
    peer.send("xyz\r\n");
    assertThat(peer.awaitEnd()).as("a last chunk").isEmpty();
    awaitNote("cancelled echo PROTOCOL_ERROR");
  }

  @Test
  void aHintIsLeftOutForHttp10() {
    Peer peer = connect();
    Answer answer = peer.request("GET /hints HTTP/1.0\n\n").answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("hinted");
  }

  @Test
  void dateIsSentWithARefusal() {
    Answer answer = connect().send("no request\r\n\r\n").answer();
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Date")).isNotNull();
    assertThat(answer.headers("Server")).isEmpty();
  }

  @Test
  void http10NeverGetsContinue() {
    Peer peer = connect();
    peer.request("POST /count HTTP/1.0\nContent-Length: 5\nExpect: 100-continue\n\n");
    ground().settle();
    peer.send("hello");
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("5 bytes");
  }

  @Test
  void aLargeChunkedRestThatNobodyReadClosesTheConnection() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Transfer-Encoding: chunked\r\n"));
    assertThat(peer.answer().body()).isEqualTo("ignored");
    for (int i = 0; i < 5; i++) {
      peer.send(chunk("x".repeat(16 << 10)));
    }
    peer.awaitEnd();
  }

  @Test
  void aRestThatBreaksTheFramingClosesTheConnection() {
    Peer peer = connect();
    peer.send(head("POST", "/ignore", "Transfer-Encoding: chunked\r\n"));
    assertThat(peer.answer().body()).isEqualTo("ignored");
    peer.send("xyz\r\n" + get("/text"));
    assertThat(peer.awaitEnd()).as("an answer to what is no request").isEmpty();
  }
}
