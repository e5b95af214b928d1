package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Case.ends;
import static dev.runnel.conformance.websocket.Case.fails;
import static dev.runnel.conformance.websocket.Case.lives;
import static dev.runnel.conformance.websocket.Endpoints.DEFLATE;
import static dev.runnel.conformance.websocket.Endpoints.DEFLATE_DEFAULT;
import static dev.runnel.conformance.websocket.Endpoints.DEFLATE_SMALL;
import static dev.runnel.conformance.websocket.Endpoints.SMALL_LIMIT;
import static dev.runnel.testing.websocket.WsFrame.binary;
import static dev.runnel.testing.websocket.WsFrame.continuation;
import static dev.runnel.testing.websocket.WsFrame.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.DeflatePeer;
import dev.runnel.testing.websocket.Handshake;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsMessage;
import dev.runnel.testing.websocket.WsPeer;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Stream;

/** RFC 7692 7.2: compressed messages, right and wrong. */
final class DeflateCases {
  private static final int PROTOCOL_ERROR = 1002;
  private static final int INVALID_PAYLOAD = 1007;
  private static final int TOO_BIG = 1009;
  private static final int RSV1 = 4;

  /** "Hello" in a block with fixed codes (7.2.3.1). */
  private static final String HELLO = "f248cdc9c90700";

  /** "Hello" by reference to the message before (7.2.3.2). */
  private static final String HELLO_AGAIN = "f200110000";

  private DeflateCases() {}

  static Stream<Case> all() {
    Stream<Case> here =
        Stream.of(vectors(), bits(), corrupt(), text7692(), limits(), mixtures())
            .flatMap(part -> part);
    return Stream.concat(here, DeflateTermCases.all());
  }

  /** A session that offers compression and no more than that: with both takeovers. */
  static Function<Peer, WsPeer> takingOver(String path) {
    return opening(path, "permessage-deflate", true, true);
  }

  /** One without takeover at the client's side. */
  private static Function<Peer, WsPeer> forgetting(String path) {
    return opening(path, "permessage-deflate; client_no_context_takeover", false, true);
  }

  static Function<Peer, WsPeer> opening(String path, String offer, boolean client, boolean server) {
    return connection ->
        Handshake.to(path)
            .with("Sec-WebSocket-Extensions", offer)
            .open(connection)
            .deflating(new DeflatePeer(client, server));
  }

  static WsFrame raw(String hex) {
    return text(HexFormat.of().parseHex(hex)).rsv(RSV1);
  }

  private static Stream<Case> vectors() {
    return Stream.of(
            hello("7692 7.2.3.1 one block", raw(HELLO)),
            hello("7692 7.2.3.1 in fragments", raw("f248cd").notLast(), more("c9c90700")),
            hello("7692 7.2.3.3 a stored block", raw("000500faff48656c6c6f00")),
            hello("7692 7.2.3.4 a final block", raw("f348cdc9c9070000")),
            hello("7692 7.2.3.5 two blocks", raw("f248050000" + "00ffffcac9c90700")),
            hello("7692 7.2.1 with the tail left", raw(HELLO + "0000ffff")),
            hello("7692 6.1 a fragment per byte", bytewise(HELLO)),
            hello("7692 6.1 empty fragments", raw("").notLast(), more(HELLO).notLast(), more("")),
            lives("7692 7.2.3.2 a reference to the one before", DeflateCases::twice),
            lives("7692 7.2.3.6 an empty message", DeflateCases::emptyMessage))
        .map(one -> one.with(takingOver(DEFLATE)));
  }

  private static Case hello(String name, WsFrame... frames) {
    return lives(
        name,
        peer -> {
          WsMessage echo = peer.send(frames).message();
          assertThat(echo.text()).isEqualTo("Hello");
          assertThat(echo.compressed()).isTrue();
        });
  }

  private static WsFrame more(String hex) {
    return continuation(HexFormat.of().parseHex(hex));
  }

  private static WsFrame[] bytewise(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    WsFrame[] frames = new WsFrame[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      byte[] one = {bytes[i]};
      WsFrame frame = i == 0 ? text(one).rsv(RSV1) : continuation(one);
      frames[i] = i == bytes.length - 1 ? frame : frame.notLast();
    }
    return frames;
  }

  private static void twice(WsPeer peer) {
    peer.send(raw(HELLO), raw(HELLO_AGAIN), raw(HELLO_AGAIN));
    for (int i = 0; i < 3; i++) {
      assertThat(peer.text()).isEqualTo("Hello");
    }
  }

  private static void emptyMessage(WsPeer peer) {
    assertThat(peer.send(raw("00")).text()).isEmpty();
    assertThat(peer.send(raw("00"), raw(HELLO)).text()).isEmpty();
    assertThat(peer.text()).isEqualTo("Hello");
  }

  private static Stream<Case> bits() {
    WsFrame start = raw("f248cd").notLast();
    return Stream.of(
            broken("7692 6.1 RSV1 on a continuation", start, more("c9c90700").rsv(RSV1)),
            broken("7692 6.1 RSV1 on a later one", start, more("c9").notLast(), more("").rsv(RSV1)),
            broken("7692 6.1 RSV1 within a plain message", text("a").notLast(), more("").rsv(RSV1)),
            broken("7692 6.1 RSV1 on a ping", WsFrame.ping("").rsv(RSV1)),
            broken("7692 6.1 RSV1 on a pong", WsFrame.pong("p").rsv(RSV1)),
            broken("7692 6.1 RSV1 on a Close", WsFrame.close(1000).rsv(RSV1)),
            broken("7692 6 RSV1 and RSV2", raw(HELLO).rsv(6)),
            broken("7692 6 RSV1 and RSV3", raw(HELLO).rsv(5)),
            broken("7692 6 RSV2 alone", text("a").rsv(2)),
            broken("7692 6 a compressed message without mask", raw(HELLO).unmasked()),
            broken("7692 6 a compressed message within another", start, raw(HELLO)))
        .map(one -> one.with(takingOver(DEFLATE)));
  }

  private static Case broken(String name, WsFrame... frames) {
    return fails(PROTOCOL_ERROR, name, frames);
  }

  private static Stream<Case> corrupt() {
    Stream<Case> anywhere =
        Stream.of(
                corrupt("a block of type 3", raw("07")),
                corrupt("a block of type 3 behind a good one", raw("f248cdc9c90706")),
                corrupt("a stored block whose lengths differ", raw("000500faf048656c6c6f00")),
                corrupt("a stored block that is cut off", raw("000500faff4865")),
                corrupt("a reference to before the beginning", raw("020200")),
                corrupt("data of zlib", raw("789cf248cdc9c90700058c01f5")),
                corrupt("data of gzip", raw("1f8b0800000000000003f248cdc9c90700")),
                corrupt("text that is not compressed", text("Hello, world").rsv(RSV1)),
                corrupt("too many codes", raw("fcffffff")),
                corrupt("bytes of no meaning", raw("ffffffffffff")),
                corrupt("corrupt in the second fragment", raw("f248cd").notLast(), more("ffff07")),
                corrupt("corrupt, and more would follow", raw("07").notLast()),
                corrupt(
                    "corrupt in a long frame of which no more comes", raw("0700").declares(5000)),
                corrupt("corrupt behind a good message", true, raw("07")))
            .map(one -> one.with(takingOver(DEFLATE)));
    Stream<Case> forgetting =
        Stream.of(
                corrupt("a reference to what was to be forgotten", true, raw(HELLO_AGAIN)),
                // With a takeover java.util.zip cannot tell this from a message that is whole.
                corrupt("a block that is cut off", raw("f248cd")))
            .map(one -> one.with(forgetting(DEFLATE)));
    return Stream.concat(anywhere, forgetting);
  }

  private static Case corrupt(String name, WsFrame... frames) {
    return fails(INVALID_PAYLOAD, "7692 7.2.2 " + name, frames);
  }

  private static Case corrupt(String name, boolean behindGood, WsFrame... frames) {
    return ends(
        "7692 7.2.2 " + name,
        peer -> {
          if (behindGood) {
            assertThat(peer.send(raw(HELLO)).text()).isEqualTo("Hello");
          }
          String unused = peer.send(frames).expectClose(INVALID_PAYLOAD);
        });
  }

  private static Stream<Case> text7692() {
    return Stream.of(
            ends("8.1 compressed text that is none", DeflateCases::badText),
            ends("8.1 compressed text that is none, fast", DeflateCases::badTextFast),
            ends("8.1 compressed text that ends in a character", DeflateCases::cutText),
            lives("8.1 a character cut by compression", DeflateCases::character))
        .map(one -> one.with(takingOver(DEFLATE)));
  }

  private static void badText(WsPeer peer) {
    peer.sendCompressed(text(new byte[] {'a', -1, 'b'}));
    String unused = peer.expectClose(INVALID_PAYLOAD);
  }

  /** A stored block holds the bytes as they are: the message has no end yet. */
  private static void badTextFast(WsPeer peer) {
    peer.send(raw("000300fcff61ff62").notLast());
    String unused = peer.expectClose(INVALID_PAYLOAD);
  }

  private static void cutText(WsPeer peer) {
    peer.sendCompressed(text(new byte[] {'a', (byte) 0xe2, (byte) 0x82}));
    String unused = peer.expectClose(INVALID_PAYLOAD);
  }

  private static void character(WsPeer peer) {
    peer.send(raw("000100feffc3").notLast(), more("000100feffbc00"));
    assertThat(peer.text()).isEqualTo("ü");
  }

  private static Stream<Case> limits() {
    return Stream.of(
        most(1 << 20).with(takingOver(DEFLATE)).large(),
        bomb((1 << 20) + 1).with(takingOver(DEFLATE)).large(),
        bomb(64 << 20).with(takingOver(DEFLATE)).large(),
        bomb(64 << 20).with(forgetting(DEFLATE)).large(),
        bombInFragments(16 << 20).with(takingOver(DEFLATE)).large(),
        most(SMALL_LIMIT).with(takingOver(DEFLATE_SMALL)),
        bomb(SMALL_LIMIT + 1).with(takingOver(DEFLATE_SMALL)),
        bomb(1 << 20).with(takingOver(DEFLATE_SMALL)).large(),
        bombInFragments(10_000).with(takingOver(DEFLATE_SMALL)),
        ends("SEMANTICS 4 a bomb behind a message", DeflateCases::bombBehind)
            .with(takingOver(DEFLATE_SMALL)),
        fails(TOO_BIG, "10.4 a plain message too large", binary(new byte[SMALL_LIMIT + 1]))
            .with(takingOver(DEFLATE_SMALL)),
        lives("10.4 more on the wire than in the message", DeflateCases::inflatedOnTheWire)
            .with(takingOver(DEFLATE_SMALL)));
  }

  private static Case most(int size) {
    return lives(
        "SEMANTICS 4 " + size + " bytes after inflating",
        peer -> {
          peer.sendCompressed(binary(new byte[size]));
          assertThat(peer.message().bytes()).isEqualTo(new byte[size]);
        });
  }

  private static Case bomb(int size) {
    return ends(
        "SEMANTICS 4 a bomb of " + size + " bytes",
        peer -> {
          peer.sendCompressed(binary(new byte[size]));
          String unused = peer.expectClose(TOO_BIG);
        });
  }

  private static Case bombInFragments(int size) {
    return ends(
        "SEMANTICS 4 a bomb of " + size + " bytes in fragments",
        peer -> {
          byte[] packed = compress(new byte[size]);
          WsFrame[] frames = LimitCases.cut(packed, Math.max(1, packed.length / 7));
          frames[0] = frames[0].rsv(RSV1);
          String unused = peer.send(frames).expectClose(TOO_BIG);
        });
  }

  private static byte[] compress(byte[] message) {
    try (DeflatePeer deflate = new DeflatePeer(true, true)) {
      return deflate.compress(message);
    }
  }

  private static void bombBehind(WsPeer peer) {
    peer.sendCompressed(text("first")).sendCompressed(binary(new byte[SMALL_LIMIT + 1]));
    assertThat(peer.text()).isEqualTo("first");
    String unused = peer.expectClose(TOO_BIG);
  }

  /** Empty blocks are bytes on the wire and none of the message. */
  private static void inflatedOnTheWire(WsPeer peer) {
    assertThat(peer.send(raw("000000ffff".repeat(400) + HELLO)).text()).isEqualTo("Hello");
  }

  private static Stream<Case> mixtures() {
    return Stream.of(
        lives("7692 6 plain messages among compressed ones", DeflateCases::among)
            .with(takingOver(DEFLATE)),
        lives("7692 6 pings within a compressed message", DeflateCases::pings)
            .with(takingOver(DEFLATE)),
        fails(
                1001,
                "7692 6 a Close within a compressed message",
                raw("f248cd").notLast(),
                WsFrame.close(1001))
            .with(takingOver(DEFLATE)),
        lives("7692 6 echoes below 1 KiB are not compressed", DeflateCases::threshold)
            .with(opening(DEFLATE_DEFAULT, "permessage-deflate", false, false)),
        lives("7692 7.1.1.1 without takeover each is as the first", DeflateCases::eachAsTheFirst)
            .with(opening(DEFLATE_DEFAULT, "permessage-deflate", false, false)));
  }

  private static void among(WsPeer peer) {
    for (int i = 0; i < 10; i++) {
      String content = "message " + i;
      if (i % 3 == 0) {
        peer.text(content);
      } else {
        peer.sendCompressed(text(content));
      }
      assertThat(peer.text()).isEqualTo(content);
    }
  }

  private static void pings(WsPeer peer) {
    peer.send(raw("f248cd").notLast(), WsFrame.ping("p"));
    assertThat(peer.pong()).isEqualTo("p");
    assertThat(peer.send(more("c9c90700")).text()).isEqualTo("Hello");
  }

  private static void threshold(WsPeer peer) {
    WsMessage small = peer.sendCompressed(text("x".repeat(1023))).message();
    assertThat(small.payload().length()).isEqualTo(1023);
    assertThat(small.compressed()).isFalse();
    WsMessage large = peer.text("x".repeat(1024)).message();
    assertThat(large.payload().length()).isEqualTo(1024);
    assertThat(large.compressed()).isTrue();
  }

  private static void eachAsTheFirst(WsPeer peer) {
    byte[] first = {};
    for (int i = 0; i < 3; i++) {
      peer.send(binary(FrameCases.content(5000)));
      byte[] payload = peer.frame().payload();
      first = i == 0 ? payload : first;
      assertThat(payload).hasSizeLessThan(5000).isEqualTo(first);
      assertThat(Inflation.of(payload).beyond()).isZero();
    }
  }
}
