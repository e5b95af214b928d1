package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http2;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException.Reason;
import java.util.ArrayList;
import java.util.List;

/** Frames that lead nowhere, for as long as the client takes them. */
final class Http2FloodRows {
  private static final long BOUNDED = 24L << 20;
  private static final String CALM = "ENHANCE_YOUR_CALM";

  private Http2FloodRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    rows.add(flood("SETTINGS", stream -> Frame.settings()));
    rows.add(
        flood(
            "SETTINGS that change the window",
            stream -> Frame.settings(Setting.INITIAL_WINDOW_SIZE, 1000)));
    rows.add(flood("PING", stream -> Frame.ping(1)));
    rows.add(flood("WINDOW_UPDATE of a stream", stream -> Frame.windowUpdate(stream, 1)));
    rows.add(flood("WINDOW_UPDATE", stream -> Frame.windowUpdate(0, 1)));
    rows.add(flood("PRIORITY", stream -> Frame.priority(stream, 0, 1)));
    rows.add(flood("unknown frames", stream -> new Frame(0x42, 0, 0, new byte[0])));
    rows.add(emptyData());
    rows.add(headerBlocks());
    rows.add(continuations());
    rows.add(emptyContinuations());
    rows.add(hints());
    rows.add(held());
    rows.add(resetStreams());
    return rows;
  }

  private interface Endless {
    Frame on(int stream);
  }

  private static Hostile flood(String name, Endless frame) {
    return http2("flood of " + name, (line, stream) -> line.flood(frame.on(stream)))
        .fails(Reason.MALFORMED_RESPONSE, CALM)
        .takesAtMost(BOUNDED);
  }

  private static Hostile emptyData() {
    return http2(
            "flood of DATA without a byte",
            (line, stream) -> {
              line.send(Http2Line.head(stream, false, "200"));
              line.flood(Frame.data(stream, false, new byte[0]));
            })
        .fails(Reason.MALFORMED_RESPONSE, CALM)
        .takesAtMost(BOUNDED);
  }

  /** Answers for a stream that was reset, each of which has to be decoded all the same. */
  private static Hostile headerBlocks() {
    return http2(
            "flood of HEADERS",
            (line, stream) -> line.flood(Http2Line.head(stream, false, "200", "a", "b")))
        .fails(Reason.MALFORMED_RESPONSE)
        .takesAtMost(BOUNDED);
  }

  /** CVE-2024-27316. */
  private static Hostile continuations() {
    return http2(
            "flood of CONTINUATION",
            (line, stream) -> {
              line.send(new Frame(Frame.HEADERS, 0, stream, RawBlock.of(":status", "200")));
              line.flood(Frame.continuation(stream, false, RawBlock.of("a", "b".repeat(1000))));
            })
        .fails(Reason.MALFORMED_RESPONSE, CALM)
        .takesAtMost(BOUNDED);
  }

  private static Hostile emptyContinuations() {
    return http2(
            "flood of CONTINUATION without a byte",
            (line, stream) -> {
              line.send(new Frame(Frame.HEADERS, 0, stream, RawBlock.of(":status", "200")));
              line.flood(Frame.continuation(stream, false, new byte[0]));
            })
        .fails(Reason.MALFORMED_RESPONSE, CALM)
        .takesAtMost(BOUNDED);
  }

  private static Hostile hints() {
    return http2(
            "flood of 103",
            (line, stream) -> line.flood(Http2Line.head(stream, false, "103", "link", "</a>")))
        .fails(Reason.MALFORMED_RESPONSE, "32")
        .takesAtMost(BOUNDED);
  }

  /** No more than the windows allow, of which the caller holds only so much. */
  private static Hostile held() {
    return http2(
            "a body above the limit of what is held",
            (line, stream) -> {
              line.send(Http2Line.head(stream, false, "200"));
              for (int i = 0; i < 3; i++) {
                line.send(Frame.data(stream, false, new byte[16 << 10]));
              }
            })
        .client(c -> c.maxHeld(40_000))
        .fails(Reason.TOO_LARGE, "limit of 40000")
        .tells("RST_STREAM CANCEL")
        .keeps();
  }

  private static Hostile resetStreams() {
    return http2(
            "flood of RST_STREAM",
            (line, stream) -> line.flood(Frame.rst(stream, ErrorCode.CANCEL)))
        .fails(Reason.STREAM_RESET, "CANCEL")
        .takesAtMost(BOUNDED);
  }
}
