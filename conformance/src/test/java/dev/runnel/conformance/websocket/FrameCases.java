package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Case.echoes;
import static dev.runnel.conformance.websocket.Case.ends;
import static dev.runnel.conformance.websocket.Case.fails;
import static dev.runnel.conformance.websocket.Case.lives;
import static dev.runnel.testing.websocket.WsFrame.LengthForm.EIGHT_BYTES;
import static dev.runnel.testing.websocket.WsFrame.LengthForm.TWO_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.websocket.Opcode;
import dev.runnel.testing.websocket.WsFrame;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** RFC 6455 5.2 and 5.3: single frames. */
final class FrameCases {
  private static final int PROTOCOL_ERROR = 1002;

  private FrameCases() {}

  static Stream<Case> all() {
    return Stream.of(reservedBits(), opcodes(), masks(), goodLengths(), badLengths())
        .flatMap(part -> part);
  }

  private static Stream<Case> reservedBits() {
    Stream<Case> onText =
        IntStream.rangeClosed(1, 7)
            .mapToObj(bits -> broken("5.2 RSV " + bits + " on text", hello().rsv(bits)));
    WsFrame start = WsFrame.text("a").notLast();
    return Stream.concat(
        onText,
        Stream.of(
            broken("5.2 RSV1 on binary", WsFrame.binary(new byte[3]).rsv(4)),
            broken("5.2 RSV1 on a ping", WsFrame.ping("p").rsv(4)),
            broken("5.2 RSV2 on a ping", WsFrame.ping("p").rsv(2)),
            broken("5.2 RSV3 on a pong", WsFrame.pong("p").rsv(1)),
            broken("5.2 all RSV bits on a Close", WsFrame.close(1000).rsv(7)),
            broken("5.2 RSV1 on a continuation", start, WsFrame.continuation("b").rsv(4)),
            broken("5.2 RSV2 on a continuation", start, WsFrame.continuation("b").rsv(2)),
            broken("5.2 RSV1 on an empty text", WsFrame.text("").rsv(4))));
  }

  private static Stream<Case> opcodes() {
    Stream<Case> alone =
        IntStream.concat(IntStream.rangeClosed(3, 7), IntStream.rangeClosed(11, 15))
            .mapToObj(code -> broken("5.2 reserved opcode " + code, WsFrame.of(code, new byte[2])));
    WsFrame start = WsFrame.text("a").notLast();
    return Stream.concat(
        alone,
        Stream.of(
            broken("5.2 opcode 3 without payload", WsFrame.of(3, new byte[0])),
            broken("5.2 opcode 11 without payload", WsFrame.of(11, new byte[0])),
            broken("5.2 opcode 5 within a message", start, WsFrame.of(5, new byte[1])),
            broken("5.2 opcode 13 within a message", start, WsFrame.of(13, new byte[1])),
            broken(
                "5.2 opcode 4, not the last of its message", WsFrame.of(4, new byte[1]).notLast()),
            ends(
                "5.2 a good message before opcode 15",
                peer -> {
                  peer.send(hello(), WsFrame.of(15, new byte[0]));
                  assertThat(peer.text()).isEqualTo("Hello");
                  String unused = peer.expectClose(PROTOCOL_ERROR);
                })));
  }

  private static Stream<Case> masks() {
    WsFrame start = WsFrame.text("a").notLast();
    byte[] none = {0, 0, 0, 0};
    byte[] all = {-1, -1, -1, -1};
    return Stream.of(
        broken("5.1 a text without mask", hello().unmasked()),
        broken("5.1 an empty text without mask", WsFrame.text("").unmasked()),
        broken("5.1 a ping without mask", WsFrame.ping("").unmasked()),
        broken("5.1 a pong without mask", WsFrame.pong("p").unmasked()),
        broken("5.1 a Close without mask", WsFrame.close(1000).unmasked()),
        broken("5.1 a continuation without mask", start, WsFrame.continuation("b").unmasked()),
        broken("5.1 a long text without mask", WsFrame.text("x".repeat(70_000)).unmasked()),
        echoes("Hello", "5.3 a mask of zeros", hello().masked(none)),
        echoes("Hello", "5.3 a mask of ones", hello().masked(all)),
        echoes("Hello", "5.3 any mask", hello().masked((byte) 1, (byte) -2, (byte) 3, (byte) 4)));
  }

  private static Stream<Case> goodLengths() {
    return IntStream.of(0, 1, 2, 3, 4, 5, 7, 8, 9, 124, 125, 126, 127, 128, 65_535, 65_536, 65_537)
        .mapToObj(FrameCases::echoed);
  }

  private static Case echoed(int length) {
    byte[] content = content(length);
    return lives(
            "5.2 a message of " + length + " bytes",
            peer -> assertThat(peer.binary(content).message().bytes()).isEqualTo(content))
        .large();
  }

  /** Bytes of which none is like the one before or the one 256 before. */
  static byte[] content(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i ^ (i >> 8) ^ (i >> 16));
    }
    return bytes;
  }

  private static Stream<Case> badLengths() {
    return Stream.of(
        broken("5.2 no bytes, said in 2 bytes", WsFrame.text("").length(TWO_BYTES)),
        broken("5.2 no bytes, said in 8 bytes", WsFrame.text("").length(EIGHT_BYTES)),
        broken("5.2 125 bytes, said in 2 bytes", text(125).length(TWO_BYTES)),
        broken("5.2 125 bytes, said in 8 bytes", text(125).length(EIGHT_BYTES)),
        broken("5.2 126 bytes, said in 8 bytes", text(126).length(EIGHT_BYTES)),
        broken("5.2 65535 bytes, said in 8 bytes", text(65_535).length(EIGHT_BYTES)).large(),
        broken("5.2 a length of -1", hello().declares(-1)),
        broken("5.2 the lowest length there is", hello().declares(Long.MIN_VALUE)),
        broken("5.2 a binary frame of -65536", WsFrame.binary(new byte[1]).declares(-65_536)),
        broken("5.2 a ping of 5 bytes, said in 2 bytes", WsFrame.ping("Hello").length(TWO_BYTES)),
        broken("5.2 a ping of 5 bytes, said in 8 bytes", WsFrame.ping("Hello").length(EIGHT_BYTES)),
        broken("5.2 a Close of 2 bytes, said in 2 bytes", WsFrame.close(1000).length(TWO_BYTES)),
        broken("5.2 a Close of -1 bytes", WsFrame.close(1000).declares(-1)),
        broken(
            "5.2 a continuation of -1 bytes",
            WsFrame.text("a").notLast(),
            WsFrame.continuation("b").declares(-1)),
        fails(1009, "5.2 the highest length there is", hello().declares(Long.MAX_VALUE)),
        fails(1009, "5.2 4 GiB and one byte", WsFrame.binary(new byte[3]).declares((1L << 32) + 1)),
        fails(1009, "5.2 2 GiB", WsFrame.binary(new byte[3]).declares(1L << 31)));
  }

  private static Case broken(String name, WsFrame... frames) {
    return fails(PROTOCOL_ERROR, name, frames);
  }

  private static WsFrame hello() {
    return WsFrame.text("Hello");
  }

  private static WsFrame text(int length) {
    return WsFrame.of(
        Opcode.TEXT, "x".repeat(length).getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
