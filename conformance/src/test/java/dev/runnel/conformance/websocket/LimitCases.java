package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Case.ends;
import static dev.runnel.conformance.websocket.Case.fails;
import static dev.runnel.conformance.websocket.Case.lives;
import static dev.runnel.conformance.websocket.Endpoints.SMALL;
import static dev.runnel.conformance.websocket.Endpoints.SMALL_LIMIT;
import static dev.runnel.testing.websocket.WsFrame.binary;
import static dev.runnel.testing.websocket.WsFrame.continuation;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The limit of a message: 1 MiB, over all of its fragments (the ground of Autobahn 9). */
final class LimitCases {
  private static final int TOO_BIG = 1009;
  private static final int LIMIT = 1 << 20;

  private LimitCases() {}

  static Stream<Case> all() {
    return Stream.of(below(), above(), small(), pings()).flatMap(part -> part);
  }

  private static Stream<Case> below() {
    return Stream.of(
        lives("10.4 exactly 1 MiB", peer -> echo(peer, LIMIT, LIMIT)).large(),
        lives("10.4 1 MiB in fragments of 64", peer -> echo(peer, LIMIT, 64)).large(),
        lives("10.4 1 MiB in fragments of 256", peer -> echo(peer, LIMIT, 256)).large(),
        lives("10.4 1 MiB in fragments of 1 KiB", peer -> echo(peer, LIMIT, 1 << 10)).large(),
        lives("10.4 1 MiB in fragments of 4 KiB", peer -> echo(peer, LIMIT, 4 << 10)).large(),
        lives("10.4 1 MiB in fragments of 64 KiB", peer -> echo(peer, LIMIT, 64 << 10)).large(),
        lives("10.4 1 MiB in fragments of 256 KiB", peer -> echo(peer, LIMIT, 256 << 10)).large(),
        lives("10.4 1 MiB in writes of 64 bytes", peer -> chopped(peer, 64)).large(),
        lives("10.4 1 MiB in writes of 1448 bytes", peer -> chopped(peer, 1448)).large(),
        lives("10.4 ten of 1 MiB, one after the other", LimitCases::ten).large(),
        lives("10.4 a thousand of 16 bytes at once", peer -> many(peer, 1000, 16)).large(),
        lives("10.4 a thousand of 1 KiB at once", peer -> many(peer, 1000, 1 << 10)).large());
  }

  private static void echo(WsPeer peer, int size, int fragment) {
    byte[] content = FrameCases.content(size);
    peer.send(cut(content, fragment));
    assertThat(peer.message().bytes()).isEqualTo(content);
  }

  private static void chopped(WsPeer peer, int piece) {
    byte[] content = FrameCases.content(LIMIT);
    peer.cuttingWrites(() -> piece).binary(content).cuttingWrites(() -> Integer.MAX_VALUE);
    assertThat(peer.message().bytes()).isEqualTo(content);
  }

  private static void ten(WsPeer peer) {
    for (int i = 0; i < 10; i++) {
      echo(peer, LIMIT - i, LIMIT);
    }
  }

  private static void many(WsPeer peer, int count, int size) {
    byte[] content = FrameCases.content(size);
    WsFrame[] all = new WsFrame[count];
    Arrays.fill(all, binary(content));
    peer.send(all);
    for (int i = 0; i < count; i++) {
      assertThat(peer.message().bytes()).isEqualTo(content);
    }
  }

  /** A message in frames of so many bytes. */
  static WsFrame[] cut(byte[] content, int size) {
    int count = Math.max(1, (content.length + size - 1) / size);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int until = Math.min(content.length, (i + 1) * size);
              byte[] piece = Arrays.copyOfRange(content, i * size, until);
              WsFrame frame = i == 0 ? binary(piece) : continuation(piece);
              return i == count - 1 ? frame : frame.notLast();
            })
        .toArray(WsFrame[]::new);
  }

  private static Stream<Case> above() {
    byte[] half = FrameCases.content(LIMIT / 2);
    return Stream.of(
        fails(TOO_BIG, "10.4 a head that says too much", binary(new byte[0]).declares(LIMIT + 1)),
        fails(TOO_BIG, "10.4 a text that says too much", WsFrame.text("a").declares(LIMIT + 1)),
        fails(
            TOO_BIG,
            "10.4 a head that says too much, not the last",
            binary(new byte[0]).notLast().declares(LIMIT + 1)),
        fails(TOO_BIG, "10.4 one byte too many", binary(FrameCases.content(LIMIT + 1))).large(),
        fails(
                TOO_BIG,
                "10.4 one byte too many in the second fragment",
                binary(half).notLast(),
                continuation(FrameCases.content(LIMIT / 2 + 1)))
            .large(),
        fails(
                TOO_BIG,
                "10.4 one byte too many in the third fragment",
                binary(half).notLast(),
                continuation(half).notLast(),
                continuation("x"))
            .large(),
        fails(TOO_BIG, "10.4 too much in small fragments", cut(new byte[LIMIT + 1], 1000)).large(),
        fails(
            TOO_BIG,
            "10.4 a second fragment that says all there is",
            binary(new byte[5]).notLast(),
            continuation(new byte[5]).declares(Long.MAX_VALUE)),
        fails(
            TOO_BIG,
            "10.4 a second fragment that says 4 GiB",
            binary(new byte[5]).notLast(),
            continuation(new byte[5]).declares(1L << 32)),
        ends("10.4 4 MiB that nobody stops to send", LimitCases::fourMegabytes).large());
  }

  /** The client reads only when it has sent all: the Close has to be there then. */
  private static void fourMegabytes(WsPeer peer) {
    peer.binary(FrameCases.content(4 << 20));
    String unused = peer.expectClose(TOO_BIG);
  }

  private static Stream<Case> small() {
    byte[] most = FrameCases.content(SMALL_LIMIT);
    byte[] more = FrameCases.content(SMALL_LIMIT + 1);
    return Stream.of(
            lives("10.4 a lower limit", peer -> echo(peer, SMALL_LIMIT, SMALL_LIMIT)),
            lives("10.4 a lower limit in fragments", peer -> echo(peer, SMALL_LIMIT, 100)),
            lives("10.4 a lower limit, twice at once", LimitCases::twiceTheMost),
            fails(TOO_BIG, "10.4 above a lower limit", binary(more)),
            fails(TOO_BIG, "10.4 above a lower limit in fragments", cut(more, 100)),
            fails(
                TOO_BIG,
                "10.4 above a lower limit, before it came",
                binary(most).notLast(),
                continuation("").declares(1)),
            ends("10.4 above a lower limit behind another message", LimitCases::secondTooBig),
            ends("10.4 above it in fragments behind another", LimitCases::secondTooBigInFragments))
        .map(one -> one.at(SMALL));
  }

  private static void twiceTheMost(WsPeer peer) {
    byte[] most = FrameCases.content(SMALL_LIMIT);
    peer.send(binary(most), binary(most));
    assertThat(peer.message().bytes()).isEqualTo(most);
    assertThat(peer.message().bytes()).isEqualTo(most);
  }

  private static void secondTooBig(WsPeer peer) {
    peer.send(WsFrame.text("first"), binary(FrameCases.content(SMALL_LIMIT + 1)));
    assertThat(peer.text()).isEqualTo("first");
    String unused = peer.expectClose(TOO_BIG);
  }

  private static void secondTooBigInFragments(WsPeer peer) {
    peer.send(WsFrame.text("first")).send(cut(FrameCases.content(SMALL_LIMIT + 1), 300));
    assertThat(peer.text()).isEqualTo("first");
    String unused = peer.expectClose(TOO_BIG);
  }

  private static Stream<Case> pings() {
    return Stream.of(
        lives("SEMANTICS 7.6 ten pings at once", peer -> answered(peer, 10)),
        ends("SEMANTICS 7.6 thirty pings at once", LimitCases::tooManyPings));
  }

  static void answered(WsPeer peer, int pings) {
    for (int i = 0; i < pings; i++) {
      assertThat(peer.send(WsFrame.ping("p" + i)).pong()).isEqualTo("p" + i);
    }
  }

  private static void tooManyPings(WsPeer peer) {
    WsFrame[] pings = new WsFrame[30];
    Arrays.fill(pings, WsFrame.ping("p"));
    String unused = peer.send(pings).expectClose(1008);
    assertThat(peer.pongs()).hasSizeLessThanOrEqualTo(20); // a second may have ended meanwhile
  }
}
