package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Response;
import dev.runnel.routing.Routes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A scripted HTTP/2 client, well-behaved and hostile. */
class Http2PeerTest {
  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int SETTINGS_TIMEOUT = 4;
  private static final int CANCEL = 8;
  private static final int COMPRESSION_ERROR = 9;
  private static final int ENHANCE_YOUR_CALM = 11;

  private static final Routes ROUTES =
      Routes.of(
          r ->
              r.get("/hello", req -> Response.ok("Hello").header("X-Long", "y".repeat(300)))
                  .get("/big", req -> new Streamed(100_000).response())
                  .getAsync("/never", req -> new CompletableFuture<>())
                  .postAsync("/echo", req -> req.body().textAsync().thenApply(Response::ok)));

  private static TestServer server() {
    return TestServer.of(ROUTES, TestOptions.DEFAULT.withProtocol(TestProtocol.HTTP_2));
  }

  // --- well-formed ---

  @ParameterizedTest
  @EnumSource(TestOptions.Transport.class)
  void anExchange(TestOptions.Transport transport) {
    TestOptions options =
        TestOptions.DEFAULT
            .withProtocol(TestProtocol.HTTP_2)
            .withTransport(transport)
            .withPatience(Duration.ofSeconds(20));
    try (TestServer server = TestServer.of(ROUTES, options)) {
      Http2Peer peer = server.http2();
      assertThat(peer.expectSettings().settings()).isNotEmpty();
      assertThat(peer.expectSettingsAck().isAck()).isTrue();
      for (int i = 0; i < 3; i++) { // the second head has entries of the dynamic table
        int stream = peer.get("/hello");
        Http2Frame head = peer.expectHeaders(stream);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.field("x-long")).hasSize(300);
        assertThat(peer.expectBody(stream)).isEqualTo("Hello");
      }
      int upload = peer.request(false, "POST", "/echo", "content-type", "text/plain");
      peer.data(upload, false, "one ").data(upload, true, "two");
      assertThat(peer.expectHeaders(upload).status()).isEqualTo(200);
      assertThat(peer.expectBody(upload)).isEqualTo("one two");
      peer.ping(42).expectPingAck(42);
      peer.goAway(0, 0);
      peer.expectClosed();
    }
  }

  @Test
  void streamsAreToldApart() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int first = peer.get("/hello");
      int second = peer.get("/hello");
      assertThat(peer.expectHeaders(second).stream()).isEqualTo(second);
      assertThat(peer.expectBody(second)).isEqualTo("Hello");
      assertThat(peer.expectHeaders(first).stream()).isEqualTo(first);
      assertThat(peer.expectBody(first)).isEqualTo("Hello");
    }
  }

  @Test
  void aHeadInSeveralFramesIsOne() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      byte[] block =
          Http2Peer.block(
              ":method", "GET", ":scheme", "http", ":authority", "a", ":path", "/hello");
      peer.headers(1, true, false, java.util.Arrays.copyOf(block, 5));
      peer.continuation(1, true, java.util.Arrays.copyOfRange(block, 5, block.length));
      assertThat(peer.expectHeaders(1).status()).isEqualTo(200);
    }
  }

  @Test
  void noWindowIsGivenUnlessTold() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int stream = peer.get("/big");
      assertThat(peer.expectHeaders(stream).status()).isEqualTo(200);
      int came = 0;
      while (came < 65_535) {
        came += peer.expectData(stream).content().length();
      }
      assertThat(came).isEqualTo(65_535);
      assertThat(peer.unread()).noneMatch(f -> f.type() == Http2Frame.DATA);
      peer.grant(stream, 10);
      assertThat(peer.expectData(stream).content().length()).isEqualTo(10);
      peer.grant(stream, 1 << 20);
      assertThat(peer.expectBody(stream)).hasSize(100_000 - 65_535 - 10);
    }
  }

  @Test
  void settingsAreAcknowledgedUnlessToldNotTo() {
    try (TestServer server = server()) {
      Http2Peer willing = server.http2();
      Http2Peer silent = Http2Peer.on(server.raw()).acknowledging(false).preface().settings();
      assertThat(silent.expectSettings().settings()).isNotEmpty();
      assertThat(silent.log()).doesNotContain("> SETTINGS ACK");
      assertThat(silent.expectGoAway(SETTINGS_TIMEOUT).lastStream()).isZero();
      assertThat(willing.log()).contains("> SETTINGS ACK");
      assertThat(willing.expectHeaders(willing.get("/hello")).status()).isEqualTo(200);
    }
  }

  @Test
  void pingsAreAnsweredUnlessToldNotTo() {
    try (TestServer server = server()) {
      Http2Peer willing = server.http2();
      Http2Peer silent = server.http2().answeringPings(false);
      assertThat(silent.expectPing().isAck()).isFalse();
      silent.expectClosed();
      assertThat(server.elapsed()).isEqualTo(Duration.ofSeconds(45)); // idle 30 s, answer 15 s
      assertThat(willing.expectHeaders(willing.get("/hello")).status()).isEqualTo(200);
    }
  }

  @Test
  void aStreamThatIsGivenUpCancels() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int stream = peer.get("/never");
      assertThat(server.calls().active()).isEqualTo(1);
      peer.reset(stream, CANCEL);
      server.idle();
      assertThat(server.calls().last().cancelled()).isNotNull();
    }
  }

  // --- hostile ---

  @Test
  void aWindowThatOverflows() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int stream = peer.get("/never");
      peer.windowUpdate(stream, Integer.MAX_VALUE);
      assertThat(peer.expectReset(stream, FLOW_CONTROL_ERROR).stream()).isEqualTo(stream);
      peer.windowUpdate(0, Integer.MAX_VALUE);
      assertThat(peer.expectGoAway(FLOW_CONTROL_ERROR).lastStream()).isEqualTo(stream);
      peer.expectClosed();
    }
  }

  @Test
  void dataOnTheConnection() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2().data(0, false, "x");
      assertThat(peer.expectGoAway(PROTOCOL_ERROR).lastStream()).isZero();
      peer.expectClosed();
    }
  }

  @Test
  void rapidReset() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int sent = 0;
      for (; sent < 10_000 && !peer.connection().isEnded(); sent++) {
        peer.reset(peer.get("/never"), CANCEL);
      }
      assertThat(sent).as("bounded work").isLessThan(2_000);
      assertThat(peer.expectGoAway(ENHANCE_YOUR_CALM).lastStream()).isPositive();
      server.idle();
    }
  }

  @Test
  void aWrongPreface() {
    try (TestServer server = server()) {
      Http2Peer peer = Http2Peer.on(server.raw());
      peer.bytes(Http2Frame.ascii("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n")).settings();
      peer.expectClosed();
      assertThat(server.calls().all()).isEmpty();
    }
  }

  @Test
  void aBlockThatDoesNotDecode() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2().headers(1, true, true, new byte[] {(byte) 0xff, 0x7f});
      assertThat(peer.expectGoAway(COMPRESSION_ERROR).errorCode()).isEqualTo(COMPRESSION_ERROR);
      peer.expectClosed();
    }
  }

  // --- failures ---

  @Test
  void aFailureShowsTheFrames() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int stream = peer.get("/hello");
      assertThatThrownBy(() -> peer.expectReset(stream, CANCEL))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("expected RST_STREAM CANCEL on stream 1, but got HEADERS stream 1")
          .hasMessageContaining("> HEADERS stream 1 END_STREAM|END_HEADERS")
          .hasMessageContaining("> SETTINGS ACK")
          .hasMessageContaining(":status: 200");
    }
  }

  @Test
  void whatNeverComesIsAFailureWithFrames() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2();
      int stream = peer.get("/never");
      assertThatThrownBy(() -> peer.expectHeaders(stream))
          .hasMessageContaining("in vain for HEADERS on stream 1")
          .hasMessageContaining("> HEADERS stream 1");
      peer.reset(stream, CANCEL);
    }
  }

  @Test
  void theEndInsteadOfAFrameIsAFailureAtOnce() {
    try (TestServer server = server()) {
      Http2Peer peer = server.http2().data(0, false, "x");
      assertThatThrownBy(() -> peer.expectHeaders(1))
          .hasMessageContaining("expected HEADERS on stream 1, but got the end of the connection")
          .hasMessageContaining("GOAWAY PROTOCOL_ERROR, last stream 0");
      assertThat(server.elapsed()).isLessThan(Duration.ofSeconds(5));
    }
  }
}
