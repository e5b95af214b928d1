package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import org.junit.jupiter.api.Test;

/** SEMANTICS 4: each size limit at its default, on its last byte and one beyond. */
@OnHttp1
class SizeLimitContractTest extends Contract {
  private static final int LINE = 8 << 10;
  private static final int SECTION = 16 << 10;

  private static String line(int length) {
    String around = "GET / HTTP/1.1\r\n";
    return "GET /" + "a".repeat(length - around.length() + 2) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private void assertRefused(Peer peer, int status) {
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertLast(peer, answer);
  }

  @Test
  void aRequestLineOf8KibibytesIsTaken() {
    Peer peer = connect();
    assertThat(peer.send(line(LINE)).answer().status()).isEqualTo(404);
    assertServes(peer);
  }

  @Test
  void aLongerRequestLineIs414() {
    Peer peer = connect();
    peer.send(line(LINE + 1));
    assertRefused(peer, 414);
  }

  @Test
  void aRequestLineWithoutEndIs414() {
    Peer peer = connect();
    peer.send("GET /" + "a".repeat(LINE));
    assertRefused(peer, 414);
  }

  @Test
  void aHeaderSectionOf16KibibytesIsTaken() {
    Peer peer = connect();
    String host = "Host: a\r\n";
    peer.send(get("/text", "X: " + "v".repeat(SECTION - host.length() - 5) + "\r\n"));
    assertThat(peer.answer().body()).isEqualTo("hi");
    assertServes(peer);
  }

  @Test
  void aLongerHeaderLineIs431() {
    Peer peer = connect();
    peer.send(get("/text", "X: " + "v".repeat(SECTION) + "\r\n"));
    assertRefused(peer, 431);
  }

  @Test
  void manyShortLinesThatAreTooLongTogetherAre431() {
    Peer peer = connect();
    peer.send(get("/text", ("X: " + "v".repeat(995) + "\r\n").repeat(17)));
    assertRefused(peer, 431);
  }

  @Test
  void aHeaderSectionWithoutEndIs431() {
    Peer peer = connect();
    peer.send("GET / HTTP/1.1\r\nX: " + "v".repeat(SECTION));
    assertRefused(peer, 431);
  }

  @Test
  void aHundredFieldsAreTaken() {
    Peer peer = connect();
    assertThat(peer.send(get("/text", "X: 1\r\n".repeat(99))).answer().body()).isEqualTo("hi");
  }

  @Test
  void aHundredAndOneFieldsAre431() {
    Peer peer = connect();
    peer.send(get("/text", "X: 1\r\n".repeat(100)));
    assertRefused(peer, 431);
  }

  @Test
  void chunkExtensionsOfAKibibyteAreTakenAndMoreIs400() {
    Peer peer = connect();
    String chunked = head("POST", "/count", "Transfer-Encoding: chunked\r\n");
    peer.send(chunked + "5;a=" + "x".repeat(1000) + "\r\nhello\r\n0\r\n\r\n");
    assertThat(peer.answer().body()).isEqualTo("5 bytes");
    // In all: many small ones count together.
    peer.send(chunked + "1;ab=cdef\r\nx\r\n".repeat(200));
    assertRefused(peer, 400);
  }

  @Test
  void trailersAboveTheLimitOfHeadersAre431() {
    Peer peer = connect();
    peer.send(head("POST", "/count", "Transfer-Encoding: chunked\r\n") + "0\r\n");
    peer.send("X: " + "v".repeat(SECTION + 10) + "\r\n\r\n");
    assertRefused(peer, 431);
  }

  @Test
  void limitsAreConfigurable() {
    start(options -> options.limits(Limits.DEFAULT.withRequestLine(64).withHeaders(128, 3)));
    Peer line = connect();
    line.send(line(65));
    assertRefused(line, 414);
    Peer section = connect();
    section.send(get("/text", "X: " + "v".repeat(128) + "\r\n"));
    assertRefused(section, 431);
    Peer fields = connect();
    fields.send(get("/text", "X: 1\r\n".repeat(3)));
    assertRefused(fields, 431);
    assertThat(connect().send(get("/text", "X: 1\r\n".repeat(2))).answer().body()).isEqualTo("hi");
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItIsAllThere() {
    Peer peer = connect();
    byte[] piece = "a".repeat(1 << 10).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    peer.send("GET /");
    for (int i = 0; i < 9; i++) {
      peer.send(piece);
    }
    assertRefused(peer, 414);
  }
}
