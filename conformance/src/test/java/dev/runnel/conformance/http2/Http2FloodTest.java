package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SEMANTICS 9: frames that cost a peer little and lead nowhere, without end. The work that they
 * cause is bounded, their connection ends with ENHANCE_YOUR_CALM, and a peer beside is served
 * meanwhile.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.http2.Where#all")
class Http2FloodTest {
  /** Many times what any budget allows. */
  private static final int MANY = 100_000;

  /** Streams that a peer may break at once, with what comes back while it does. */
  private static final int MOST_RESETS = 300;

  private static final Frame WAIT = Frame.get(1, "/wait");
  private static final byte[] NONE = new byte[0];

  @Parameter Where where;

  private final App app = new App();
  private Stage stage;

  @BeforeEach
  void start() {
    stage = Stage.start(where, app);
  }

  @AfterEach
  void leavesNothingBehind() {
    stage.close();
    assertThat(app.ended).hasValue(app.started.get());
    assertThat(app.toldTwice).hasValue(0);
  }

  // --- streams that come to nothing ---

  /** CVE-2023-44487. */
  @ParameterizedTest
  @ValueSource(strings = {"/wait", "/endless", "/bytes/100000"})
  void rapidReset(String path) {
    Flood flood = new Flood(stage);
    flood.send(
        MANY, i -> List.of(Frame.get(2 * i + 1, path), Frame.rst(2 * i + 1, ErrorCode.CANCEL)));
    flood.expectCalm();
    assertThat(attacked()).isBetween(100, MOST_RESETS);
  }

  @Test
  void rapidResetCancelsEachCallOnce() {
    Flood flood = new Flood(stage);
    flood.send(
        MANY, i -> List.of(Frame.get(2 * i + 1, "/wait"), Frame.rst(2 * i + 1, ErrorCode.CANCEL)));
    flood.expectCalm();
    stage.closePeers();
    assertThat(app.cancelled()).isBetween(100, MOST_RESETS);
    int byPeer = app.cancelled(CancelCause.CLIENT_GONE);
    assertThat(app.cancelled() - byPeer).as("cancelled with the connection").isLessThan(3);
  }

  /** CVE-2025-8671: the peer makes us reset the streams. */
  static Stream<Arguments> provocations() {
    return Stream.of(
        provocation("WINDOW_UPDATE by 0", id -> Frame.windowUpdate(id, 0)),
        provocation("a window beyond 2^31-1", id -> Frame.windowUpdate(id, Integer.MAX_VALUE)),
        provocation("DATA behind the end", id -> Frame.data(id, true, "x")),
        provocation("HEADERS behind the end", id -> Frame.headers(id, true, "t", "1")),
        provocation("PRIORITY of another length", id -> new Frame(Frame.PRIORITY, 0, id, NONE)),
        provocation("PRIORITY on itself", id -> Frame.priority(id, id, 1)));
  }

  private static Arguments provocation(String what, IntFunction<Frame> frame) {
    return Arguments.of(what, frame);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("provocations")
  void madeYouReset(String what, IntFunction<Frame> provocation) {
    Flood flood = new Flood(stage);
    flood.send(MANY, i -> List.of(Frame.get(2 * i + 1, "/wait"), provocation.apply(2 * i + 1)));
    flood.expectCalm();
    assertThat(attacked()).isBetween(50, MOST_RESETS);
    assertThat(flood.attacker().count(Frame.RST_STREAM)).isLessThan(MOST_RESETS);
  }

  static Stream<Arguments> brokenRequests() {
    Frame post = Frame.request(1, false, "POST", "/count", "content-length", "5");
    return Stream.of(
        Arguments.of("a malformed head", List.of(Frame.headers(1, true, "Upper", "1"))),
        Arguments.of("no :path", List.of(Frame.headers(1, true, ":method", "GET"))),
        Arguments.of("too little content", List.of(post, Frame.data(1, true, "1"))),
        Arguments.of("too much content", List.of(post, Frame.data(1, false, "123456"))),
        Arguments.of("bad trailers", List.of(post, Frame.headers(1, true, ":path", "/"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenRequests")
  void requestsThatBreakTheRules(String what, List<Frame> request) {
    Flood flood = new Flood(stage);
    flood.send(MANY, i -> request.stream().map(frame -> on(2 * i + 1, frame)).toList());
    flood.expectCalm();
    assertThat(flood.attacker().count(Frame.RST_STREAM)).isBetween(50, MOST_RESETS);
    assertThat(attacked()).isLessThan(MOST_RESETS);
  }

  private static Frame on(int stream, Frame frame) {
    return new Frame(frame.type(), frame.flags(), stream, frame.payload());
  }

  @Test
  void streamsAboveTheLimit() {
    Flood flood = new Flood(stage);
    flood.send(MANY, i -> List.of(Frame.get(2 * i + 1, "/wait")));
    flood.expectCalm();
    assertThat(attacked()).isEqualTo(128);
    assertThat(flood.attacker().countRst(ErrorCode.REFUSED_STREAM)).isLessThan(5_000);
  }

  // --- frames that mean little ---

  private static Arguments frames(String what, int mostAnswers, IntFunction<Frame> each) {
    return Arguments.of(what, mostAnswers, each);
  }

  static Stream<Arguments> frames() {
    // Stream 1 waits for its answer, 3 was answered, 5 sends a body, 7 was reset by the server.
    return Stream.of(
        frames("SETTINGS", 1_000, i -> Frame.settings(Setting.MAX_CONCURRENT_STREAMS, i)),
        frames(
            "SETTINGS that move windows",
            1_000,
            i -> Frame.settings(Setting.INITIAL_WINDOW_SIZE, i % 2 == 0 ? 0 : 1 << 20)),
        frames("acknowledgements", 10, i -> Frame.settingsAck()),
        frames("PING", 3_000, Frame::ping),
        frames("PING with ACK", 10, i -> Frame.ping(i).withFlags(Frame.ACK)),
        frames("WINDOW_UPDATE by 1", 10, i -> Frame.windowUpdate(0, 1)),
        frames("WINDOW_UPDATE by 1 on a stream", 10, i -> Frame.windowUpdate(1, 1)),
        frames("WINDOW_UPDATE on a closed stream", 10, i -> Frame.windowUpdate(3, 1)),
        frames("RST_STREAM on a closed stream", 10, i -> Frame.rst(3, ErrorCode.CANCEL)),
        frames("PRIORITY", 10, i -> Frame.priority(2 * i + 1, 0, i & 0xff)),
        frames("PRIORITY_UPDATE", 10, i -> Frame.priorityUpdate(1, "u=" + i % 8)),
        frames("PRIORITY_UPDATE of other streams", 10, i -> Frame.priorityUpdate(2 * i + 1, "u=1")),
        frames("unknown frames", 10, i -> new Frame(0x2a, 0, 0, new byte[20])),
        frames("large unknown frames", 10, i -> new Frame(0x2a, 0, 0, new byte[16_384])),
        frames("empty DATA", 10, i -> Frame.data(5, false, "")),
        frames("DATA of padding only", 500, i -> Frame.padded(5, false, NONE, 255)),
        frames("empty DATA on a reset stream", 10, i -> Frame.data(7, false, "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void framesThatLeadNowhere(String what, int mostAnswers, IntFunction<Frame> each) {
    Flood flood = new Flood(stage);
    ScriptedPeer attacker = flood.attacker();
    attacker.send(WAIT, Frame.get(3, "/text"));
    attacker.response(3);
    attacker.send(
        Frame.request(5, false, "POST", "/count"),
        Frame.request(7, false, "POST", "/wait"),
        Frame.windowUpdate(7, 0));
    attacker.expectRst(7, ErrorCode.PROTOCOL_ERROR);
    int before = answers(attacker);
    flood.send(MANY, i -> List.of(each.apply(i)));
    flood.expectCalm();
    assertThat(answers(attacker) - before).as("frames sent").isLessThan(mostAnswers);
    assertThat(attacked()).isEqualTo(3);
  }

  private static int answers(ScriptedPeer peer) {
    return Stream.of(
            Frame.SETTINGS,
            Frame.PING,
            Frame.WINDOW_UPDATE,
            Frame.RST_STREAM,
            Frame.DATA,
            Frame.HEADERS,
            Frame.GOAWAY)
        .mapToInt(peer::count)
        .sum();
  }

  @Test
  void aMixtureGainsNothing() {
    Flood flood = new Flood(stage);
    flood.send(
        MANY,
        i ->
            List.of(
                Frame.ping(i),
                Frame.settings(),
                Frame.priority(2 * i + 1, 0, 1),
                new Frame(0x2a, 0, 0, NONE)));
    flood.expectCalm();
    assertThat(answers(flood.attacker())).isLessThan(1_000);
  }

  @Test
  void goAwayAgainAndAgain() {
    Flood flood = new Flood(stage);
    flood.attacker().send(WAIT);
    List<Frame> goAway = List.of(Frame.goAway(0, ErrorCode.NO_ERROR));
    List<Frame> many = Stream.generate(() -> goAway).limit(10_000).flatMap(List::stream).toList();
    flood.attacker().send(many);
    flood.attacker().expectGoAway(ErrorCode.NO_ERROR);
    flood.attacker().awaitGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    assertThat(flood.attacker().count(Frame.GOAWAY)).isEqualTo(2);
  }

  // --- header blocks without an end ---

  /** CVE-2024-27316 and its kin. */
  static Stream<Arguments> continuations() {
    byte[] field = new RawBlock().literal("name", "x".repeat(1000)).build();
    return Stream.of(
        Arguments.of("empty", NONE),
        Arguments.of("small", new byte[] {0}),
        Arguments.of("with fields", field),
        Arguments.of("full", new RawBlock().literal("name", "x".repeat(16_000)).build()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("continuations")
  void continuationsWithoutEnd(String what, byte[] block) {
    Flood flood = new Flood(stage);
    byte[] head = WAIT.payload();
    flood.attacker().send(new Frame(Frame.HEADERS, Frame.END_STREAM, 1, head));
    flood.send(MANY, i -> List.of(Frame.continuation(1, false, block)));
    flood.expectCalm();
    assertThat(attacked()).as("no handler for a head that never came").isZero();
  }

  /** Handlers that began for the attacker. */
  private int attacked() {
    return app.started.get() - app.texts.get();
  }
}
