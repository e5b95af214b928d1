package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SEMANTICS 8: what is no request, seen by a client; {@link RawRequestContractTest} has them all.
 */
@OnHttp1
class SyntaxContractTest extends Contract {
  @ParameterizedTest
  @CsvSource({
    "GET /text HTTP/2.0, 505", "GET /text HTTP/3.0, 505", "GET /text HTTP/1.2, 200",
    "GET /text HTTP/0.9, 505", "GET /text http/1.1, 400", "GET  /text HTTP/1.1, 400",
    "GET /te xt HTTP/1.1, 400", "GET /text, 400", "'', 400"
  })
  void aRequestLineIsJudged(String line, int status) {
    Peer peer = connect();
    String first = line.isEmpty() ? " " : line;
    assertThat(peer.send(first + "\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({
    "Transfer-Encoding: gzip, 400",
    "'Transfer-Encoding: gzip, chunked', 501",
    "'Transfer-Encoding: chunked, gzip', 400",
    "'Transfer-Encoding: chunked, chunked', 400",
    "Transfer-Encoding: identity, 400",
    "Content-Length: +5, 400",
    "'Content-Length: 5, 5', 400",
    "Content-Length: 99999999999999999999, 400",
    "Content-Length: -1, 400",
    "X : a, 400",
    "X, 400",
    "Host: b, 400",
    "Expect: 200-ok, 417"
  })
  void aFieldIsJudged(String field, int status) {
    Peer peer = connect();
    peer.send(head("POST", "/count", field + "\r\n"));
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(status);
    assertLast(peer, answer);
  }

  @Test
  void aRefusedRequestIsNotFollowedByAnother() {
    Peer peer = connect();
    peer.send(get("/text") + "GET / HTTP/1.1\r\nX : a\r\n\r\n" + get("/text"));
    assertThat(peer.answer().body()).isEqualTo("hi");
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(400);
    assertLast(peer, answer);
  }
}
