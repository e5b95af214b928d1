package dev.runnel.testing.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testing.Answer;
import dev.runnel.testing.TcpPeer;
import io.netty.handler.codec.http2.Http2Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client of the contract suite against somebody else's server. */
class Http2PeerTest {
  private final NettyHttp2Server server =
      new NettyHttp2Server(Http2Settings.defaultSettings().maxConcurrentStreams(3));
  private final Http2Peer peer = new Http2Peer(new TcpPeer(server.port()));

  @AfterEach
  void closes() {
    peer.close();
    server.close();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String post(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  @Test
  void anAnswerIsToldInTheTextOfHttp11() {
    Answer answer = peer.send(get("/bytes/3")).answer();
    assertThat(answer.head()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n");
    assertThat(answer.body()).isEqualTo("000");
  }

  @Test
  void aRequestHasItsPseudoHeaderFieldsAndNothingOfAConnection() {
    peer.send("GET /fields HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\nX-Own: B\r\n\r\n");
    assertThat(peer.answer().body())
        .contains(":method: GET", ":path: /fields", ":scheme: http", ":authority: a:1", "x-own: B")
        .doesNotContain("onnection", "ost:");
  }

  @Test
  void aBodyOfUnknownLengthStandsInChunks() {
    peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    assertThat(peer.take("hel\r\n")).endsWith("Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n");
    peer.send("lo\r\n0\r\nX-Sum: 1\r\n\r\n");
    assertThat(peer.take("\r\n\r\n")).isEqualTo("2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n");
  }

  @Test
  void requestsInARowAreStreamsAndAnsweredInOrder() {
    peer.awaitSettings();
    peer.send((get("/bytes/1") + post("/echo", "abc") + get("/bytes/70000")).repeat(20));
    for (int i = 0; i < 20; i++) {
      assertThat(peer.answer().body()).isEqualTo("0");
      assertThat(peer.answer().body()).isEqualTo("abc");
      assertThat(peer.answer().body()).hasSize(70_000);
    }
    assertThat(peer.openStreams()).isZero();
  }

  @Test
  void windowsAreRespectedAndCredited() {
    String large = "x".repeat(1_000_000);
    assertThat(peer.send(post("/echo", large)).answer().body()).isEqualTo(large);
    assertThat(peer.send(get("/bytes/1000000")).answer().body()).hasSize(1_000_000);
  }

  @Test
  void nothingIsCreditedWhileNothingIsRead() {
    peer.reading(false);
    peer.send(get("/bytes/70000"));
    peer.await(p -> p.all().endsWith("0") && p.all().length() > 65_535, "a window of bytes");
    assertThat(peer.all().substring(peer.all().indexOf("\r\n\r\n") + 4)).hasSize(65_535);
    peer.reading(true);
    assertThat(peer.answer().body()).hasSize(70_000);
  }

  @Test
  void anInformationalHeadIsAnAnswerOfItsOwn() {
    peer.send(get("/hints"));
    Answer hint = peer.answer();
    assertThat(hint.status()).isEqualTo(103);
    assertThat(hint.header("Link")).isEqualTo("</a.css>");
    Answer answer = peer.answer();
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.headers("Transfer-Encoding")).isEmpty();
  }

  @Test
  void anAnswerThatIsGivenUpIsNoWholeOne() {
    peer.send(get("/reset") + get("/bytes/1"));
    assertThat(peer.awaitOver()).endsWith("Transfer-Encoding: chunked\r\n\r\n");
    assertThat(peer.resets()).extracting(Frame::code).containsExactly(ErrorCode.INTERNAL_ERROR);
    assertThat(peer.answer().body()).isEqualTo("0");
  }

  @Test
  void connectMakesATunnel() {
    peer.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
    assertThat(peer.take("\r\n\r\n")).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    peer.send("GET / HTTP/1.1\r\n\r\n");
    assertThat(peer.take("\r\n\r\n")).isEqualTo("GET / HTTP/1.1\r\n\r\n");
    peer.halfClose();
    assertThat(peer.awaitOver()).isEmpty();
    assertThat(peer.send(get("/bytes/1")).answer().body()).isEqualTo("0");
  }

  @Test
  void bytesMayGoOneByOne() {
    peer.cuttingWrites(() -> 1);
    assertThat(peer.send(post("/echo", "abc")).answer().body()).isEqualTo("abc");
  }

  @Test
  void resettingLeavesTheConnection() {
    peer.vanishesByReset();
    peer.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
    peer.take("ab\r\n");
    peer.vanish();
    assertThat(peer.openStreams()).isZero();
    assertThat(peer.send(get("/bytes/1")).answer().body()).isEqualTo("0");
  }

  @Test
  void aFailureShowsTheFrames() {
    peer.send(get("/bytes/1"));
    peer.answer();
    peer.connection().vanish();
    assertThatThrownBy(peer::answer)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("> HEADERS 1 END_STREAM|END_HEADERS :method=GET")
        .hasMessageContaining("< HEADERS 1 END_HEADERS :status=200");
  }

  @Test
  void whatIsNoRequestOfHttp11IsRefused() {
    assertThatThrownBy(() -> peer.send("GET / HTTP/1.0\r\n\r\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
