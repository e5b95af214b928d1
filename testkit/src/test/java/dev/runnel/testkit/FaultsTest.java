package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.CancelCause;
import dev.runnel.http.Response;
import dev.runnel.memory.LaneFaults.Fragments;
import dev.runnel.memory.WireFaults;
import dev.runnel.routing.Routes;
import dev.runnel.testing.Garbage;
import dev.runnel.transport.ClientException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault under the real server: what it makes of it, and when. */
class FaultsTest {
  private static final String HEAD = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ";

  private final Streamed endless = new Streamed(Long.MAX_VALUE);
  private final CompletableFuture<Response> later = new CompletableFuture<>();
  private final Routes routes =
      Routes.of(
          r ->
              r.get("/hello", req -> Response.ok("hello"))
                  .get("/some", req -> new Streamed(20_000).response())
                  .get("/endless", req -> endless.response())
                  .getAsync("/later", req -> later)
                  .post("/endless", req -> endless.response())
                  .postAsync("/echo", req -> req.body().textAsync().thenApply(Response::ok)));

  private TestServer server(TestProtocol protocol, WireFaults faults) {
    return TestServer.of(
        routes,
        TestOptions.DEFAULT
            .withProtocol(protocol)
            .withFaults(faults)
            .withPatience(Duration.ofMinutes(10)));
  }

  private TestServer server(WireFaults faults) {
    return server(TestProtocol.HTTP_1, faults);
  }

  // --- pieces ---

  static Stream<Arguments> pieces() {
    return Stream.of(
            Fragments.EVERY_BYTE,
            Fragments.of(7),
            Fragments.random(),
            Fragments.at(1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987))
        .flatMap(f -> Stream.of(TestProtocol.values()).map(p -> Arguments.of(f, p)));
  }

  @ParameterizedTest
  @MethodSource("pieces")
  void piecesChangeNothing(Fragments pieces, TestProtocol protocol) {
    try (TestServer server = server(protocol, Faults.fragment(pieces))) {
      String body = "0123456789".repeat(300);
      for (int i = 0; i < 2; i++) {
        assertThat(server.send(server.request("POST", "/echo").text(body)).text()).isEqualTo(body);
      }
    }
  }

  // --- slow and stalled readers ---

  @Test
  void aSlowReaderTakesExactlyItsTime() {
    try (TestServer server = server(Faults.slowReader(1_000))) {
      RawPeer peer = server.raw().send("GET /some HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(peer.answer().body().length()).isEqualTo(20_000);
      int all = peer.received().length;
      assertThat(server.elapsed()).isEqualTo(Duration.ofMillis(all));
    }
  }

  @Test
  void aSlowReaderOfHttp2TakesItsTime() {
    try (TestServer server = server(TestProtocol.HTTP_2, Faults.slowReader(1_000))) {
      assertThat(server.get("/some").text()).hasSize(20_000);
      assertThat(server.elapsed()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(21));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestProtocol.class,
      names = {"HTTP_1", "HTTP_2"})
  void aStalledReaderCancelsTheCallAndIsHeldBack(TestProtocol protocol) {
    try (TestServer server = server(protocol, Faults.stalledReader(1_000))) {
      begin(server, "/endless");
      server.advance(Duration.ofSeconds(29));
      Garbage.collect(); // nobody keeps the answer, but it is no matter of the collector here
      server.runCurrent();
      assertThat(server.calls().active()).isEqualTo(1);
      assertThat(endless.handedOver).isBetween(1_000L, 256_000L);
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.WRITE_STALLED);
      assertThat(server.elapsed()).isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
    }
  }

  private static void begin(TestServer server, String path) {
    CompletableFuture<Response> unused = server.begin(server.request("GET", path));
  }

  @Test
  void windowsThatAreNeverOpenedHoldTheBodyBack() {
    try (TestServer server = server(TestProtocol.HTTP_2, Faults.windowNeverOpened())) {
      Http2Peer peer = server.http2();
      int stream = peer.get("/endless");
      peer.grant(stream, 1 << 20);
      server.advance(Duration.ofSeconds(29));
      int came =
          peer.unread().stream()
              .filter(f -> f.type() == Http2Frame.DATA)
              .mapToInt(f -> f.content().length())
              .sum();
      assertThat(came).isEqualTo(65_535);
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.WRITE_STALLED);
    }
  }

  @Test
  void theClientsOwnWindowsAreLostToo() {
    try (TestServer server = server(TestProtocol.HTTP_2, Faults.windowNeverOpened())) {
      Response answer = server.open(server.request("GET", "/endless"));
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.WRITE_STALLED);
      server.discard(answer);
    }
  }

  @Test
  void framesAreNotSeenUnderTls() {
    try (TestServer server = server(TestProtocol.HTTP_2_TLS, Faults.windowNeverOpened())) {
      assertThatThrownBy(() -> server.get("/hello")).hasStackTraceContaining("under TLS");
    }
  }

  // --- slow and stalled writers ---

  @Test
  void bytesThatComeSlowlyAreNoStall() {
    try (TestServer server = server(Faults.slowWriter(100))) {
      RawPeer peer = server.raw().send(HEAD + "10000\r\n\r\n" + "x".repeat(10_000));
      assertThat(peer.answer().text()).hasSize(10_000);
      assertThat(server.elapsed()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(102));
    }
  }

  @Test
  void bytesThatComeSlowlyAreNoStallOverHttp2() {
    try (TestServer server = server(TestProtocol.HTTP_2, Faults.slowWriter(100))) {
      Http2Peer peer = server.http2();
      assertThat(peer.expectSettings().isAck()).as("to be acknowledged in time").isFalse();
      int stream = peer.request(false, "POST", "/echo");
      for (int i = 1; i <= 10; i++) { // what counts is a whole frame
        peer.data(stream, i == 10, "x".repeat(1_000));
      }
      assertThat(peer.expectHeaders(stream).status()).isEqualTo(200);
      assertThat(peer.expectBody(stream)).hasSize(10_000);
      assertThat(server.elapsed()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(103));
    }
  }

  @Test
  void aHeadThatStallsIsAnsweredAtItsDeadline() {
    try (TestServer server = server(Faults.stalledWriter(10))) {
      RawPeer peer = server.raw().send(HEAD + "4\r\n\r\nbody");
      assertThat(peer.answer().status()).isEqualTo(408);
      assertThat(server.elapsed()).isEqualTo(Duration.ofSeconds(10));
      assertThat(server.calls().all()).isEmpty();
    }
  }

  @Test
  void aBodyThatStallsIsAnsweredAtItsDeadline() {
    String head = HEAD + "1000\r\n\r\n";
    try (TestServer server = server(Faults.stalledWriter(head.length() + 10))) {
      RawPeer peer = server.raw().send(head + "x".repeat(1_000));
      assertThat(peer.answer().status()).isEqualTo(408);
      assertThat(server.elapsed()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    }
  }

  @Test
  void aBodyThatStallsOverHttp2IsAnsweredAtItsDeadline() {
    try (TestServer server = server(TestProtocol.HTTP_2, WireFaults.NONE)) {
      Http2Peer peer = server.http2();
      int stream = peer.request(false, "POST", "/echo");
      peer.data(stream, false, "begin");
      assertThat(peer.expectHeaders(stream).status()).isEqualTo(408);
      assertThat(server.elapsed()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    }
  }

  // --- halves ---

  @Test
  void aHalfThatEndsCancels() {
    String head = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";
    try (TestServer server = server(Faults.halfClose(head.length()))) {
      server.raw().send(head);
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.CLIENT_GONE);
      assertThat(server.elapsed()).isEqualTo(Duration.ZERO);
    }
  }

  @Test
  void aHalfThatEndsIsNoHarmWhereTheServerGoesOn() {
    String head = "GET /later HTTP/1.1\r\nHost: a\r\n\r\n";
    TestOptions options =
        TestOptions.DEFAULT
            .withFaults(Faults.halfClose(head.length()))
            .withServer(o -> o.onClientFin(ClientFin.CONTINUE));
    try (TestServer server = TestServer.of(routes, options)) {
      RawPeer peer = server.raw().send(head);
      assertThat(server.calls().active()).isEqualTo(1);
      assertThat(later.complete(Response.ok("at last"))).isTrue();
      assertThat(peer.answer().text()).isEqualTo("at last");
      peer.expectClosed();
    }
  }

  @Test
  void aHalfThatEndsInABodyIsNoRequest() {
    String head = HEAD + "1000\r\n\r\n";
    try (TestServer server = server(Faults.halfClose(head.length() + 10))) {
      RawPeer peer = server.raw().send(head + "x".repeat(1_000));
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.CLIENT_GONE);
      server.until(peer::isEnded, "the end");
      assertThat(new String(peer.received(), java.nio.charset.StandardCharsets.US_ASCII))
          .doesNotContain(" 200 ");
    }
  }

  @Test
  void theEndOfAHalfIsTheEndOfHttp2() {
    try (TestServer server = server(TestProtocol.HTTP_2, WireFaults.NONE)) {
      Http2Peer peer = server.http2();
      int unused = peer.get("/later");
      peer.connection().halfClose();
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.CLIENT_GONE);
    }
  }

  // --- resets; closing the server is the leak check ---

  static Stream<Arguments> resets() {
    return Stream.of(TestProtocol.HTTP_1, TestProtocol.HTTP_2)
        .flatMap(p -> Stream.of(Arguments.of(p, true), Arguments.of(p, false)));
  }

  @ParameterizedTest
  @MethodSource("resets")
  void aResetAtAnyByteLeavesNothing(TestProtocol protocol, boolean toServer) {
    boolean whole = false;
    int broken = 0;
    for (int at = 0; !whole; at++) {
      assertThat(at).as("bytes of a small exchange").isLessThan(2_000);
      whole =
          exchange(
              protocol, toServer ? Faults.resetAfterSending(at) : Faults.resetAfterReceiving(at));
      broken += whole ? 0 : 1;
    }
    assertThat(broken).as("resets before the answer was there").isGreaterThan(50);
  }

  @Test
  void aResetAtAnyFrameLeavesNothing() {
    int broken = 0;
    while (!exchange(TestProtocol.HTTP_2, Faults.resetAtFrame(broken))) {
      broken++;
    }
    assertThat(broken).as("SETTINGS, HEADERS and DATA at least").isBetween(3, 20);
  }

  /** Whether the answer came. */
  private boolean exchange(TestProtocol protocol, WireFaults faults) {
    try (TestServer server = server(protocol, faults)) {
      return server.send(server.request("POST", "/echo").text("0123456789")).status() == 200;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(ClientException.class);
      return false;
    }
  }

  @Test
  void aServerThatOnlyWritesHearsOfAReset() {
    try (TestServer server = server(WireFaults.NONE)) {
      RawPeer peer = server.raw().reading(false);
      String request = "POST /endless HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n";
      peer.send(request + "x".repeat(500_000)); // nobody reads it
      server.advance(Duration.ofSeconds(1));
      assertThat(server.calls().active()).isEqualTo(1);
      peer.vanish();
      server.idle();
      assertThat(server.calls().last().cancelled()).isEqualTo(CancelCause.CLIENT_GONE);
      assertThat(server.elapsed()).isEqualTo(Duration.ofSeconds(1));
    }
  }

  // --- time on the way ---

  @Test
  void aRoundTripTakesBothDelays() {
    try (TestServer server = server(Faults.delay(Duration.ofMillis(50)))) {
      RawPeer peer = server.raw();
      for (int i = 1; i <= 3; i++) {
        peer.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(peer.answer().text()).isEqualTo("hello");
        assertThat(server.elapsed()).isEqualTo(Duration.ofMillis(100L * i));
      }
    }
  }

  @Test
  void aRoundTripOfHttp2TakesBothDelays() {
    try (TestServer server = server(TestProtocol.HTTP_2, Faults.delay(Duration.ofMillis(50)))) {
      Http2Peer peer = server.http2();
      for (int i = 1; i <= 3; i++) {
        int stream = peer.get("/hello");
        assertThat(peer.expectHeaders(stream).status()).isEqualTo(200);
        assertThat(server.elapsed()).isEqualTo(Duration.ofMillis(100L * i));
      }
    }
  }

  // --- others beside it ---

  @ParameterizedTest
  @EnumSource(TestProtocol.class)
  void silentCompanionsGoAtTheirDeadlineAndDisturbNobody(TestProtocol protocol) {
    try (TestServer server = server(protocol, Faults.duplicateConnect(3))) {
      assertThat(server.get("/hello").text()).isEqualTo("hello");
      assertThat(server.connections()).isEqualTo(4);
      server.advance(Duration.ofSeconds(9));
      assertThat(server.connections()).isEqualTo(4);
      server.advance(Duration.ofSeconds(4)); // with the time for what might still come
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.get("/hello").text()).isEqualTo("hello");
      assertThat(server.connections()).as("the same connection").isEqualTo(1);
      assertThat(server.calls().all()).hasSize(2);
    }
  }

  @Test
  void whoIsNotAcceptedWaits() {
    try (TestServer server = server(WireFaults.NONE)) {
      server.pause();
      RawPeer first = server.raw().send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
      RawPeer second = server.raw().send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n");
      server.advance(Duration.ofMinutes(1));
      assertThat(server.connections()).isZero();
      assertThat(first.received()).isEmpty();
      server.resume();
      assertThat(first.answer().text()).isEqualTo("hello");
      assertThat(second.answer().text()).isEqualTo("hello");
    }
  }
}
