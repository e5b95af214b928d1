package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http2;

import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException.Reason;
import java.util.ArrayList;
import java.util.List;

/** Frames that end a connection (RFC 9113 5.4.1): nobody knows what else would be misunderstood. */
final class Http2RuleRows {
  private static final String PROTOCOL = "PROTOCOL_ERROR";
  private static final String SIZE = "FRAME_SIZE_ERROR";
  private static final String FLOW = "FLOW_CONTROL_ERROR";

  private Http2RuleRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    beginnings(rows);
    settings(rows);
    places(rows);
    sizes(rows);
    blocks(rows);
    return rows;
  }

  /** A server that has not said SETTINGS sends this first. */
  private static Hostile first(String name, byte[] bytes) {
    return http2(
            name,
            line -> {
              line.send(bytes);
              line.stall();
            },
            (line, stream) -> line.stall())
        .fails(Reason.MALFORMED_RESPONSE);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static void beginnings(List<Hostile> rows) {
    rows.add(first("an answer of HTTP/1.1", ascii("HTTP/1.1 400 Bad Request\r\n\r\n")));
    rows.add(first("a banner", ascii("220 mail.test ESMTP Postfix\r\n")));
    rows.add(first("the preface of clients", ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")));
    rows.add(first("NULs", new byte[100]));
    rows.add(first("PING before SETTINGS", Frame.ping(1).encode()).tells("GOAWAY " + PROTOCOL));
    rows.add(first("acknowledged, never said", Frame.settingsAck().encode()));
    rows.add(first("an answer before SETTINGS", Http2Line.head(1, true, "200").encode()));
  }

  /** The whole connection ends with this frame, sent as the answer to a call. */
  private static Hostile breaks(String name, String code, Frame... frames) {
    return http2(
            name,
            (line, stream) -> {
              line.send(frames);
              line.stall();
            })
        .fails(Reason.MALFORMED_RESPONSE, code)
        .tells("GOAWAY " + code);
  }

  private static void settings(List<Hostile> rows) {
    rows.add(breaks("SETTINGS of 7 bytes", SIZE, new Frame(Frame.SETTINGS, 0, 0, new byte[7])));
    rows.add(
        breaks("SETTINGS on a stream", PROTOCOL, new Frame(Frame.SETTINGS, 0, 1, new byte[0])));
    rows.add(
        breaks(
            "acknowledgement with content",
            SIZE,
            new Frame(Frame.SETTINGS, Frame.ACK, 0, new byte[6])));
    rows.add(breaks("ENABLE_PUSH 1", PROTOCOL, Frame.settings(Setting.ENABLE_PUSH, 1)));
    rows.add(breaks("ENABLE_PUSH 2", PROTOCOL, Frame.settings(Setting.ENABLE_PUSH, 2)));
    rows.add(breaks("a window of 2^31", FLOW, Frame.settings(Setting.INITIAL_WINDOW_SIZE, -1)));
    rows.add(
        breaks("frames of 16,383 bytes", PROTOCOL, Frame.settings(Setting.MAX_FRAME_SIZE, 16_383)));
    rows.add(
        breaks("frames of 2^24 bytes", PROTOCOL, Frame.settings(Setting.MAX_FRAME_SIZE, 1 << 24)));
    rows.add(
        breaks("extended CONNECT 2", PROTOCOL, Frame.settings(Setting.ENABLE_CONNECT_PROTOCOL, 2)));
  }

  private static void places(List<Hostile> rows) {
    byte[] none = new byte[0];
    byte[] four = new byte[4];
    rows.add(breaks("DATA on stream 0", PROTOCOL, Frame.data(0, true, none)));
    rows.add(breaks("HEADERS on stream 0", PROTOCOL, Http2Line.head(0, true, "200")));
    rows.add(breaks("RST_STREAM on stream 0", PROTOCOL, Frame.rst(0, 0)));
    rows.add(breaks("PING on a stream", PROTOCOL, new Frame(Frame.PING, 0, 1, new byte[8])));
    rows.add(breaks("GOAWAY on a stream", PROTOCOL, new Frame(Frame.GOAWAY, 0, 1, new byte[8])));
    rows.add(breaks("DATA on a stream of the future", PROTOCOL, Frame.data(99, true, none)));
    rows.add(breaks("HEADERS on one", PROTOCOL, Http2Line.head(99, true, "200")));
    rows.add(breaks("RST_STREAM on one", PROTOCOL, Frame.rst(99, 0)));
    rows.add(breaks("WINDOW_UPDATE on one", PROTOCOL, Frame.windowUpdate(99, 1)));
    rows.add(breaks("a stream of the server's", PROTOCOL, Http2Line.head(2, true, "200")));
    rows.add(breaks("DATA on one", PROTOCOL, Frame.data(2, true, none)));
    rows.add(
        breaks(
            "a promise that was not allowed",
            PROTOCOL,
            Frame.pushPromise(
                1,
                2,
                RawBlock.of(
                    ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"))));
    rows.add(
        breaks(
            "a promise behind stream 0",
            PROTOCOL,
            new Frame(Frame.PUSH_PROMISE, Frame.END_HEADERS, 0, four)));
    rows.add(breaks("PRIORITY_UPDATE", PROTOCOL, Frame.priorityUpdate(1, "u=1")));
    rows.add(breaks("WINDOW_UPDATE of 0", PROTOCOL, Frame.windowUpdate(0, 0)));
    rows.add(breaks("a window above 2^31 - 1", FLOW, Frame.windowUpdate(0, Integer.MAX_VALUE)));
  }

  private static void sizes(List<Hostile> rows) {
    rows.add(
        breaks("a frame of 16,385 bytes", SIZE, new Frame(Frame.DATA, 0, 1, new byte[16_385])));
    rows.add(
        http2(
                "a frame that says 16 MiB",
                (line, stream) -> {
                  line.send(new byte[] {-1, -1, -1, Frame.DATA, 0, 0, 0, 0, 1});
                  line.flood(new byte[4096]);
                })
            .fails(Reason.MALFORMED_RESPONSE, SIZE)
            .takesAtMost(16L << 20));
    rows.add(breaks("RST_STREAM of 3 bytes", SIZE, new Frame(Frame.RST_STREAM, 0, 1, new byte[3])));
    rows.add(breaks("PING of 9 bytes", SIZE, new Frame(Frame.PING, 0, 0, new byte[9])));
    rows.add(breaks("GOAWAY of 7 bytes", SIZE, new Frame(Frame.GOAWAY, 0, 0, new byte[7])));
    rows.add(
        breaks(
            "WINDOW_UPDATE of 5 bytes", SIZE, new Frame(Frame.WINDOW_UPDATE, 0, 0, new byte[5])));
    rows.add(
        breaks(
            "more padding than DATA",
            PROTOCOL,
            new Frame(Frame.DATA, Frame.PADDED, 1, new byte[] {5, 1, 2})));
    rows.add(
        breaks(
            "more padding than HEADERS",
            PROTOCOL,
            new Frame(Frame.HEADERS, Frame.PADDED | Frame.END_HEADERS, 1, new byte[] {9, 1, 2})));
    rows.add(
        breaks(
            "padding without its length",
            SIZE,
            new Frame(Frame.DATA, Frame.PADDED, 1, new byte[0])));
  }

  private static void blocks(List<Hostile> rows) {
    String hpack = "COMPRESSION_ERROR";
    Frame begun = new Frame(Frame.HEADERS, 0, 1, RawBlock.of(":status", "200"));
    rows.add(breaks("CONTINUATION of nothing", PROTOCOL, Frame.continuation(1, true, new byte[0])));
    rows.add(breaks("a block cut by PING", PROTOCOL, begun, Frame.ping(1)));
    rows.add(breaks("a block cut by DATA", PROTOCOL, begun, Frame.data(1, true, new byte[0])));
    rows.add(
        breaks(
            "a block continued on another stream",
            PROTOCOL,
            begun,
            Frame.continuation(3, true, new byte[0])));
    rows.add(
        breaks(
            "an index beyond the tables",
            hpack,
            Frame.headers(1, true, new RawBlock().indexed(4000).build())));
    rows.add(breaks("index 0", hpack, Frame.headers(1, true, new RawBlock().octets(0x80).build())));
    rows.add(
        breaks(
            "an index without an end",
            hpack,
            Frame.headers(1, true, new RawBlock().octets(0xff, 0xff, 0xff, 0xff, 0xff).build())));
    rows.add(
        breaks(
            "a string longer than its block",
            hpack,
            Frame.headers(1, true, new RawBlock().octets(0, 0x7f, 0x7f, 'a').build())));
    rows.add(
        breaks(
            "a table above its limit",
            hpack,
            Frame.headers(1, true, new RawBlock().sizeUpdate(1 << 30).build())));
    rows.add(
        breaks(
            "a broken Huffman code",
            hpack,
            Frame.headers(
                1, true, new RawBlock().octets(0, 0x84, 0xff, 0xff, 0xff, 0xff).build())));
  }
}
