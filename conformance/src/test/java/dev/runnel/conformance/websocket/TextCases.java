package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Case.echoes;
import static dev.runnel.conformance.websocket.Case.ends;
import static dev.runnel.conformance.websocket.Case.fails;
import static dev.runnel.conformance.websocket.Case.lives;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** RFC 6455 8.1: text is UTF-8 (RFC 3629), or the session is over as soon as it cannot be. */
final class TextCases {
  private static final int INVALID_PAYLOAD = 1007;
  private static final String GREEK = "κόσμε";

  /** What is no UTF-8 whatever stands around it; the last byte is the first that cannot be. */
  private static final List<String> BAD =
      List.of(
          "80", // a continuation of nothing
          "bf",
          "c3bcbc",
          "c0", // overlong, whatever follows
          "c1",
          "e080",
          "e09f",
          "f080",
          "f08f",
          "f5", // above U+10FFFF, whatever follows
          "f7",
          "f8",
          "fb",
          "fc",
          "fd",
          "fe",
          "ff",
          "f490",
          "eda0", // surrogates
          "edaf",
          "edb0",
          "edbf",
          "c341", // cut off by another character
          "e28241",
          "f09f9841",
          "f09f41",
          "c3c3",
          "e282c3",
          "f09f98f0");

  /** What becomes no UTF-8 only because it ends. */
  private static final List<String> CUT_OFF =
      List.of("c3", "e2", "e282", "ed9f", "f0", "f09f", "f09f98", "f48f", "f48fbf");

  private TextCases() {}

  static Stream<Case> all() {
    return Stream.of(good(), bad(), badInFragments(), cutOff(), failFast()).flatMap(part -> part);
  }

  private static Stream<Case> good() {
    Stream<Case> texts =
        Stream.of(
                "\0",
                "\u007f\u0080",
                "\u07ff\u0800",
                "\ud7ff\ue000",
                "\ufdd0\ufffe\uffff",
                "\ufeffBOM",
                "\ud800\udc00",
                "\udbff\udffd\udbff\udfff",
                GREEK)
            .map(text -> echoes(text, "8.1 good text " + hex(text), WsFrame.text(text)));
    return Stream.concat(texts, Stream.of(lives("8.1 binary is no text", TextCases::binary)));
  }

  private static void binary(WsPeer peer) {
    byte[] content = {-1, -2, (byte) 0xc0, (byte) 0x80};
    assertThat(peer.binary(content).message().bytes()).isEqualTo(content);
  }

  private static Stream<Case> bad() {
    return BAD.stream()
        .map(hex -> fails(INVALID_PAYLOAD, "8.1 " + hex, WsFrame.text(around(hex, "end"))));
  }

  private static Stream<Case> badInFragments() {
    return BAD.stream()
        .map(hex -> fails(INVALID_PAYLOAD, "8.1 " + hex + " in fragments", cut(around(hex, "e"))));
  }

  private static Stream<Case> cutOff() {
    return CUT_OFF.stream()
        .flatMap(
            hex ->
                Stream.of(
                    fails(INVALID_PAYLOAD, "8.1 ends with " + hex, WsFrame.text(around(hex, ""))),
                    fails(
                        INVALID_PAYLOAD,
                        "8.1 ends with " + hex + " in fragments",
                        cut(around(hex, "")))));
  }

  /** Autobahn 6.4: known at the first byte that cannot be, the rest need not come. */
  private static Stream<Case> failFast() {
    Stream<Case> inFrame =
        BAD.stream().map(hex -> ends("8.1 fast in a frame, " + hex, peer -> inFrame(peer, hex)));
    Stream<Case> inMessage =
        BAD.stream()
            .map(
                hex ->
                    fails(
                        INVALID_PAYLOAD,
                        "8.1 fast in a message, " + hex,
                        WsFrame.text(GREEK).notLast(),
                        WsFrame.continuation(bytes(hex)).notLast()));
    Stream<Case> waiting =
        CUT_OFF.stream().map(hex -> lives("8.1 waits behind " + hex, peer -> waits(peer, hex)));
    return Stream.of(inFrame, inMessage, waiting).flatMap(part -> part);
  }

  private static void inFrame(WsPeer peer, String hex) {
    peer.send(WsFrame.text(around(hex, "")).declares(100));
    String unused = peer.expectClose(INVALID_PAYLOAD);
  }

  /** What can still become text is not refused: a pong comes from behind it. */
  private static void waits(WsPeer peer, String hex) {
    String whole = completed(hex);
    byte[] start = bytes(hex);
    byte[] all = whole.getBytes(StandardCharsets.UTF_8);
    peer.send(WsFrame.text(start).notLast(), WsFrame.ping("p"));
    assertThat(peer.pong()).isEqualTo("p");
    peer.send(WsFrame.continuation(Arrays.copyOfRange(all, start.length, all.length)));
    assertThat(peer.text()).isEqualTo(whole);
  }

  private static String completed(String hex) {
    return switch (hex) {
      case "c3" -> "ü";
      case "e2", "e282" -> "€";
      case "ed9f" -> "\ud7ff";
      case "f0", "f09f", "f09f98" -> "😀";
      default -> "\udbff\udfff";
    };
  }

  private static byte[] around(String hex, String behind) {
    return bytes(hex(GREEK) + hex + hex(behind));
  }

  /** Each byte a fragment. */
  private static WsFrame[] cut(byte[] text) {
    WsFrame[] frames = new WsFrame[text.length];
    for (int i = 0; i < text.length; i++) {
      byte[] one = {text[i]};
      WsFrame frame = i == 0 ? WsFrame.text(one) : WsFrame.continuation(one);
      frames[i] = i == text.length - 1 ? frame : frame.notLast();
    }
    return frames;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
