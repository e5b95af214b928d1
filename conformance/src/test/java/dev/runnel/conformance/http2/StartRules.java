package dev.runnel.conformance.http2;

import static dev.runnel.conformance.http2.Rule.fresh;
import static dev.runnel.testing.http2.ErrorCode.PROTOCOL_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Setting;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a connection begins (RFC 9113 3.4). */
final class StartRules {
  private StartRules() {}

  static Stream<Rule> all() {
    return Stream.of(begins(), wrong()).flatMap(List::stream);
  }

  private static List<Rule> begins() {
    return List.of(
        fresh(
            "3.4 requests in the same write as the preface",
            peer -> {
              peer.sendBytes(peer.preface(Frame.settings(), Frame.get(1, "/text")));
              assertThat(peer.response(1).body()).isEqualTo("hi");
            }),
        fresh(
            "3.4 octet by octet",
            peer -> {
              peer.acknowledging(false);
              for (byte one : peer.preface(Frame.settings(), Frame.get(1, "/text"))) {
                peer.sendBytes(new byte[] {one});
              }
              assertThat(peer.response(1).body()).isEqualTo("hi");
            }),
        fresh(
            "3.4 the server's settings",
            peer -> {
              Map<Integer, Integer> settings = peer.open().awaitSettings().values();
              assertThat(settings).containsEntry(Setting.MAX_CONCURRENT_STREAMS, 128);
              assertThat(settings).containsEntry(Setting.MAX_HEADER_LIST_SIZE, 16 << 10);
              assertThat(settings).containsEntry(Setting.ENABLE_CONNECT_PROTOCOL, 1);
              assertThat(settings.getOrDefault(Setting.ENABLE_PUSH, 0)).isZero();
            }),
        fresh(
            "6.5.3 requests before the server's settings are acknowledged",
            peer -> {
              peer.acknowledging(false).connect();
              for (int i = 0; i < 5; i++) {
                assertThat(peer.response(peer.get("/text")).body()).isEqualTo("hi");
              }
            }));
  }

  private static List<Rule> wrong() {
    return List.of(
        wrongAfter("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "its second half is another"),
        wrongAfter("PRI * HTTP/2.0\r\nHost: a\r\n\r\n", "fields behind its first line"),
        wrongStart("PING in place of SETTINGS", Frame.ping(1)),
        wrongStart("HEADERS in place of SETTINGS", Frame.get(1, "/text")),
        wrongStart("an acknowledgement in place of SETTINGS", Frame.settingsAck()),
        wrongStart("an unknown frame in place of SETTINGS", new Frame(0x2a, 0, 0, new byte[3])));
  }

  private static Rule wrongAfter(String text, String what) {
    return fresh(
        "3.4 a wrong preface: " + what,
        peer -> {
          peer.sendBytes(text.getBytes(StandardCharsets.US_ASCII));
          peer.expectConnectionError(PROTOCOL_ERROR);
        });
  }

  private static Rule wrongStart(String what, Frame first) {
    return fresh(
        "3.4 a wrong preface: " + what,
        peer -> {
          peer.sendBytes(peer.preface(first));
          peer.expectConnectionError(PROTOCOL_ERROR);
        });
  }
}
