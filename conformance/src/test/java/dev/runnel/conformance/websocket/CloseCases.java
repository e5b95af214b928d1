package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Case.ends;
import static dev.runnel.conformance.websocket.Case.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.websocket.WsClosing;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** RFC 6455 5.5.1 and 7: Close frames and what comes behind them. */
final class CloseCases {
  private static final int PROTOCOL_ERROR = 1002;
  private static final int INVALID_PAYLOAD = 1007;

  private CloseCases() {}

  static Stream<Case> all() {
    return Stream.of(goodCodes(), badCodes(), reasons(), badReasons(), behind())
        .flatMap(part -> part);
  }

  /** 1012 to 1014 are registered with IANA since. */
  private static Stream<Case> goodCodes() {
    IntStream registered =
        IntStream.concat(IntStream.rangeClosed(1000, 1003), IntStream.rangeClosed(1007, 1014));
    return IntStream.concat(registered, IntStream.of(3000, 3001, 3999, 4000, 4001, 4999))
        .mapToObj(code -> fails(code, "7.4 code " + code, WsFrame.close(code)));
  }

  private static Stream<Case> badCodes() {
    return IntStream.of(
            0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1017, 1100, 1999, 2000, 2999, 5000, 5001,
            32_767, 32_768, 65_535)
        .mapToObj(code -> fails(PROTOCOL_ERROR, "7.4 code " + code, WsFrame.close(code)));
  }

  private static Stream<Case> reasons() {
    return Stream.of(
        fails(WsClosing.NO_CODE, "5.5.1 no code", WsFrame.close()),
        fails(1000, "5.5.1 a reason", WsFrame.close(1000, "bye")),
        fails(1000, "5.5.1 the longest reason", WsFrame.close(1000, "x".repeat(123))),
        fails(3000, "5.5.1 a reason of many characters", WsFrame.close(3000, "äöü€😀")),
        fails(PROTOCOL_ERROR, "5.5.1 one byte", WsFrame.close(new byte[] {3})),
        fails(PROTOCOL_ERROR, "5.5 a reason too long", WsFrame.close(1000, "x".repeat(124))));
  }

  private static Stream<Case> badReasons() {
    return Stream.of("ff", "80", "c3", "c0af", "eda080", "f4908080", "6279e28265", "f09f98")
        .map(
            hex ->
                fails(
                    INVALID_PAYLOAD,
                    "5.5.1 the reason " + hex,
                    WsFrame.close(1000, HexFormat.of().parseHex(hex))));
  }

  private static Stream<Case> behind() {
    WsFrame close = WsFrame.close(1000);
    return Stream.of(
        fails(1000, "5.5.1 a text behind it", close, WsFrame.text("late")),
        fails(1000, "5.5.1 a ping behind it", close, WsFrame.ping("late")),
        fails(1000, "5.5.1 another one behind it", close, WsFrame.close(1001)),
        fails(1000, "5.5.1 a wrong one behind it", close, WsFrame.close(999)),
        fails(1000, "5.5.1 a broken frame behind it", close, WsFrame.of(3, new byte[2])),
        ends("5.5.1 half a frame behind it", CloseCases::halfAFrame),
        ends("5.5.1 garbage behind it", CloseCases::garbage).large(),
        ends("5.5.1 a text before it", CloseCases::answeredFirst),
        ends("7.1.7 a broken frame behind a broken one", CloseCases::brokenTwice),
        ends("7.1.7 much behind a broken one", CloseCases::muchBehindBroken).large(),
        ends("7.1.7 our Close crosses that of the server", CloseCases::crossing));
  }

  private static void halfAFrame(WsPeer peer) {
    peer.send(WsFrame.close(1000)).send(new byte[] {(byte) 0x81, (byte) 0x85, 1, 2});
    String unused = peer.expectClose(1000);
  }

  private static void garbage(WsPeer peer) {
    peer.send(WsFrame.close(1000)).send(FrameCases.content(100_000));
    String unused = peer.expectClose(1000);
  }

  private static void answeredFirst(WsPeer peer) {
    peer.send(WsFrame.text("Hello"), WsFrame.close(1001, "bye"));
    assertThat(peer.text()).isEqualTo("Hello");
    String unused = peer.expectClose(1001);
  }

  private static void brokenTwice(WsPeer peer) {
    peer.send(WsFrame.of(3, new byte[0]), WsFrame.text(new byte[] {-1}));
    String unused = peer.expectClose(PROTOCOL_ERROR);
  }

  /** Closed at once, a connection with bytes that nobody read is reset, and the Close is lost. */
  private static void muchBehindBroken(WsPeer peer) {
    peer.send(WsFrame.of(3, new byte[0])).send(FrameCases.content(1 << 20));
    String unused = peer.expectClose(PROTOCOL_ERROR);
  }

  private static void crossing(WsPeer peer) {
    peer.send(WsFrame.text("a").unmasked(), WsFrame.close(1000));
    String unused = peer.expectClose(PROTOCOL_ERROR);
  }
}
