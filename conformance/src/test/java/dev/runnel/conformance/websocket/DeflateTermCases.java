package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Endpoints.DEFLATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.DeflatePeer;
import dev.runnel.testing.websocket.Handshake;
import dev.runnel.testing.websocket.WsFrame;
import dev.runnel.testing.websocket.WsPeer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * RFC 7692 7.1: all that a client can ask for (the ground of Autobahn 12 and 13). What the server
 * sends must keep to what it agreed on: how far back it refers, and whether to earlier messages.
 */
final class DeflateTermCases {
  private static final int FULL_WINDOW = 15;
  private static final int NO_VALUE = -1;
  private static final int ABSENT = 0;

  private DeflateTermCases() {}

  /**
   * What a client offers.
   *
   * @param serverBits {@link #ABSENT} or a number
   * @param clientBits {@link #ABSENT}, {@link #NO_VALUE} or a number
   */
  private record Offer(
      boolean clientForgets, boolean serverForgets, int serverBits, int clientBits) {
    String header() {
      return "permessage-deflate; " + parameters(clientBits);
    }

    /** What a server answers that allows all of it. */
    String agreed() {
      String parameters = parameters(Math.max(ABSENT, clientBits));
      return parameters.isEmpty() ? "permessage-deflate" : "permessage-deflate; " + parameters;
    }

    private String parameters(int client) {
      List<String> all = new ArrayList<>();
      if (serverForgets) {
        all.add("server_no_context_takeover");
      }
      if (clientForgets) {
        all.add("client_no_context_takeover");
      }
      if (serverBits != ABSENT) {
        all.add("server_max_window_bits=" + serverBits);
      }
      if (client != ABSENT) {
        all.add("client_max_window_bits" + (client == NO_VALUE ? "" : "=" + client));
      }
      return String.join("; ", all);
    }

    int window() {
      return 1 << (serverBits == ABSENT ? FULL_WINDOW : serverBits);
    }

    WsPeer open(Peer connection) {
      String header = header().replaceAll("; $", "");
      WsPeer peer = Handshake.to(DEFLATE).with("Sec-WebSocket-Extensions", header).open(connection);
      assertThat(peer.answer().header("Sec-WebSocket-Extensions")).isEqualTo(agreed());
      DeflatePeer deflate = new DeflatePeer(!clientForgets, !serverForgets);
      return peer.deflating(
          clientBits > ABSENT && clientBits < FULL_WINDOW ? deflate.literally() : deflate);
    }
  }

  static Stream<Case> all() {
    return Stream.of(combinations(), sizes(), declined()).flatMap(part -> part);
  }

  private static Stream<Case> combinations() {
    return IntStream.of(ABSENT, 8, 9, 10, 11, 12, 13, 14, 15)
        .boxed()
        .flatMap(
            server ->
                IntStream.of(ABSENT, NO_VALUE, 8, 12, 15)
                    .boxed()
                    .flatMap(client -> takeovers(server, client)))
        .map(
            offer ->
                Case.lives("7692 7.1 " + offer.header(), peer -> talk(peer, offer))
                    .large()
                    .with(offer::open));
  }

  private static Stream<Offer> takeovers(int server, int client) {
    return Stream.of(0, 1, 2, 3).map(n -> new Offer((n & 1) != 0, (n & 2) != 0, server, client));
  }

  /** Messages that are alike, at distances below and above all windows. */
  private static void talk(WsPeer peer, Offer offer) {
    Random random = new Random(offer.hashCode());
    String all = prose(random, 100_000);
    long earlier = 0;
    for (int size : new int[] {0, 1, 300, 300, 5000, 70_000, 40_000, 17}) {
      byte[] content = all.substring(0, size).getBytes(StandardCharsets.US_ASCII);
      peer.sendCompressed(WsFrame.text(content));
      WsFrame frame = peer.frame();
      assertThat(frame.rsv()).isEqualTo(4);
      Inflation.Reach reach = Inflation.of(frame.payload());
      assertThat(reach.length()).isEqualTo(size);
      assertThat(reach.distance())
          .as("the distance of a reference")
          .isLessThanOrEqualTo(offer.window());
      assertThat(reach.beyond())
          .as("how far a reference reaches into earlier messages")
          .isLessThanOrEqualTo(offer.serverForgets() ? 0 : earlier);
      assertThat(peer.expand(frame)).isEqualTo(content);
      earlier += size;
    }
  }

  /** Words that come again and again, as in the messages of people and programs. */
  private static String prose(Random random, int size) {
    List<String> words =
        random
            .ints(2000, 2, 12)
            .mapToObj(
                length ->
                    random
                        .ints(length, 'a', 'z' + 1)
                        .mapToObj(letter -> String.valueOf((char) letter))
                        .collect(Collectors.joining()))
            .toList();
    StringBuilder text = new StringBuilder();
    while (text.length() < size) {
      int word = (int) Math.min(words.size() - 1, Math.abs(random.nextGaussian()) * 300);
      text.append(words.get(word)).append(' ');
    }
    return text.toString();
  }

  /** Autobahn 12: many messages of one size. */
  private static Stream<Case> sizes() {
    return IntStream.of(
            16, 64, 256, 1 << 10, 4 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10, 128 << 10)
        .boxed()
        .flatMap(size -> Stream.of(many(size, false), many(size, true)));
  }

  private static Case many(int size, boolean forgets) {
    Offer offer = new Offer(forgets, forgets, ABSENT, ABSENT);
    String name = "7692 20 of " + size + " bytes" + (forgets ? ", without takeover" : "");
    return Case.lives(
            name,
            peer -> {
              String all = prose(new Random(size), 2 * size + 20 * 8);
              for (int i = 0; i < 20; i++) {
                String content = all.substring(i * 7, i * 7 + size);
                peer.sendCompressed(WsFrame.text(content));
                assertThat(peer.text()).isEqualTo(content);
              }
            })
        .large()
        .with(offer::open);
  }

  /** An offer that cannot be kept is declined, and the session has no compression then. */
  private static Stream<Case> declined() {
    return Stream.of(
            "permessage-deflate; unknown",
            "permessage-deflate; server_max_window_bits",
            "permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; server_max_window_bits=16",
            "permessage-deflate; server_max_window_bits=010",
            "permessage-deflate; client_max_window_bits=7",
            "permessage-deflate; client_no_context_takeover=1",
            "permessage-deflate; client_max_window_bits; client_max_window_bits",
            "x-webkit-deflate-frame",
            "permessage-bzip2; client_max_compress_level")
        .flatMap(
            offer ->
                Stream.of(
                    Case.echoes("Hello", "7692 5.1 declined: " + offer, WsFrame.text("Hello"))
                        .with(plain(offer)),
                    Case.fails(
                            1002,
                            "7692 5.1 compressed all the same: " + offer,
                            DeflateCases.raw("f248cdc9c90700"))
                        .with(plain(offer))));
  }

  private static Function<Peer, WsPeer> plain(String offer) {
    return connection -> {
      WsPeer peer = Handshake.to(DEFLATE).with("Sec-WebSocket-Extensions", offer).open(connection);
      assertThat(peer.answer().header("Sec-WebSocket-Extensions")).isNull();
      return peer;
    };
  }
}
