package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Case.echoes;
import static dev.runnel.conformance.websocket.Case.ends;
import static dev.runnel.conformance.websocket.Case.fails;
import static dev.runnel.conformance.websocket.Case.lives;
import static dev.runnel.testing.websocket.WsFrame.binary;
import static dev.runnel.testing.websocket.WsFrame.continuation;
import static dev.runnel.testing.websocket.WsFrame.ping;
import static dev.runnel.testing.websocket.WsFrame.pong;
import static dev.runnel.testing.websocket.WsFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.websocket.Opcode;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.util.Arrays;
import java.util.stream.Stream;

/** RFC 6455 5.4 and 5.5: messages in fragments, and control frames between them. */
final class FragmentCases {
  private static final int PROTOCOL_ERROR = 1002;

  private FragmentCases() {}

  static Stream<Case> all() {
    return Stream.of(fragments(), outOfOrder(), controls(), badControls()).flatMap(part -> part);
  }

  private static Stream<Case> fragments() {
    return Stream.of(
        echoes("ab", "5.4 a text in two", text("a").notLast(), continuation("b")),
        echoes("abc", "5.4 in three", text("a").notLast(), more("b"), continuation("c")),
        echoes("", "5.4 an empty text in two", text("").notLast(), continuation("")),
        echoes("", "5.4 an empty text in three", text("").notLast(), more(""), continuation("")),
        echoes("a", "5.4 an empty start", text("").notLast(), continuation("a")),
        echoes("a", "5.4 an empty end", text("a").notLast(), continuation("")),
        echoes("ab", "5.4 an empty middle", text("a").notLast(), more(""), continuation("b")),
        echoes("äöü€😀", "5.6 characters cut between fragments", bytewise("äöü€😀")),
        echoes("x".repeat(1000), "5.4 a thousand fragments", bytewise("x".repeat(1000))).large(),
        lives("5.4 a binary message in two", FragmentCases::binaryInTwo),
        lives("5.4 three messages in fragments", FragmentCases::several),
        lives("5.4 a thousand empty fragments", FragmentCases::emptyOnes));
  }

  private static WsFrame more(String text) {
    return continuation(text).notLast();
  }

  private static WsFrame[] bytewise(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    WsFrame[] frames = new WsFrame[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      byte[] one = {bytes[i]};
      WsFrame frame = i == 0 ? text(one) : continuation(one);
      frames[i] = i == bytes.length - 1 ? frame : frame.notLast();
    }
    return frames;
  }

  private static void binaryInTwo(WsPeer peer) {
    byte[] content = FrameCases.content(300);
    peer.send(
        binary(Arrays.copyOf(content, 130)).notLast(),
        continuation(Arrays.copyOfRange(content, 130, 300)));
    assertThat(peer.message().bytes()).isEqualTo(content);
  }

  private static void several(WsPeer peer) {
    for (int i = 0; i < 3; i++) {
      peer.send(text("a" + i).notLast(), continuation("b" + i));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(peer.text()).isEqualTo("a" + i + "b" + i);
    }
  }

  private static void emptyOnes(WsPeer peer) {
    peer.send(text("a").notLast());
    WsFrame[] empty = new WsFrame[1000];
    Arrays.fill(empty, more(""));
    peer.send(empty);
    assertThat(peer.send(continuation("b")).text()).isEqualTo("ab");
  }

  private static Stream<Case> outOfOrder() {
    WsFrame start = text("a").notLast();
    return Stream.of(
        broken("5.4 a continuation of nothing", continuation("a")),
        broken("5.4 an empty continuation of nothing", continuation("")),
        broken("5.4 a continuation of nothing, not the last", more("a")),
        broken("5.4 a text within a text", start, text("b")),
        broken("5.4 a binary message within a text", start, binary(new byte[1])),
        broken("5.4 a text begins within a text", start, text("b").notLast()),
        broken("5.4 a text within a binary message", binary(new byte[1]).notLast(), text("b")),
        broken("5.4 a text behind two fragments", start, more("b"), text("c")),
        afterEcho("5.4 a continuation behind a message", "a", text("a"), continuation("b")),
        afterEcho(
            "5.4 a continuation behind one in fragments",
            "ab",
            start,
            continuation("b"),
            continuation("c")));
  }

  private static Case afterEcho(String name, String echo, WsFrame... frames) {
    return ends(
        name,
        peer -> {
          assertThat(peer.send(frames).text()).isEqualTo(echo);
          String unused = peer.expectClose(PROTOCOL_ERROR);
        });
  }

  private static Stream<Case> controls() {
    WsFrame start = text("a").notLast();
    return Stream.of(
        lives("5.5.2 a ping", peer -> assertThat(peer.send(ping("p")).pong()).isEqualTo("p")),
        lives("5.5.2 an empty ping", peer -> assertThat(peer.send(ping("")).pong()).isEmpty()),
        lives("5.5.2 a ping of 125 bytes", FragmentCases::longPing),
        lives("5.5.2 a ping that is no text", FragmentCases::binaryPing),
        lives("5.4 a ping within a message", FragmentCases::pingWithin),
        lives("5.4 pings between all fragments", FragmentCases::pingsBetween),
        echoes("Hello", "5.5.3 a pong that nobody asked for", pong("p"), text("Hello")),
        echoes("Hello", "5.5.3 an empty pong", pong(""), text("Hello")),
        echoes("ab", "5.5.3 a pong within a message", start, pong("p"), continuation("b")),
        lives("5.5.3 a thousand pongs", FragmentCases::manyPongs),
        fails(1001, "5.4 a Close within a message", start, WsFrame.close(1001)),
        fails(1001, "5.4 a Close within fragments", start, more("b"), WsFrame.close(1001)));
  }

  private static void longPing(WsPeer peer) {
    String payload = "p".repeat(125);
    assertThat(peer.send(ping(payload)).pong()).isEqualTo(payload);
  }

  private static void binaryPing(WsPeer peer) {
    byte[] payload = {0, -1, -2, -3, (byte) 0xc3};
    peer.send(WsFrame.of(Opcode.PING, payload));
    WsFrame pong = peer.frame();
    assertThat(pong.opcode()).isEqualTo(Opcode.PONG);
    assertThat(pong.payload()).isEqualTo(payload);
  }

  private static void pingWithin(WsPeer peer) {
    peer.send(text("a").notLast(), ping("p"));
    assertThat(peer.pong()).isEqualTo("p");
    assertThat(peer.send(continuation("b")).text()).isEqualTo("ab");
  }

  private static void pingsBetween(WsPeer peer) {
    peer.send(text("a").notLast());
    for (int i = 0; i < 9; i++) {
      peer.send(ping("p" + i), more("b"));
      assertThat(peer.pong()).isEqualTo("p" + i);
    }
    assertThat(peer.send(continuation("c")).text()).isEqualTo("abbbbbbbbbc");
  }

  private static void manyPongs(WsPeer peer) {
    WsFrame[] pongs = new WsFrame[1000];
    Arrays.fill(pongs, pong("x"));
    assertThat(peer.send(pongs).text("Hello").text()).isEqualTo("Hello");
  }

  private static Stream<Case> badControls() {
    byte[] long126 = new byte[126];
    WsFrame start = text("a").notLast();
    return Stream.of(
        broken("5.5 a ping of 126 bytes", WsFrame.of(Opcode.PING, long126)),
        broken("5.5 a pong of 126 bytes", WsFrame.of(Opcode.PONG, long126)),
        broken("5.5 a Close of 126 bytes", WsFrame.close(1000, new byte[124])),
        broken("5.5 a ping of 70000 bytes", WsFrame.of(Opcode.PING, new byte[70_000])).large(),
        broken("5.5 a ping that is not the last", ping("p").notLast()),
        broken("5.5 an empty ping that is not the last", ping("").notLast()),
        broken("5.5 a pong that is not the last", pong("p").notLast()),
        broken("5.5 a Close that is not the last", WsFrame.close(1000).notLast()),
        broken("5.5 a ping in two", ping("p").notLast(), continuation("q")),
        broken("5.5 a ping in two within a message", start, ping("p").notLast()),
        broken("5.5 a ping of 126 bytes within a message", start, WsFrame.of(9, long126)));
  }

  private static Case broken(String name, WsFrame... frames) {
    return fails(PROTOCOL_ERROR, name, frames);
  }
}
