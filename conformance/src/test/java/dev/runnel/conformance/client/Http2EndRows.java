package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http2;

import dev.runnel.http.Request;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Streams and connections of HTTP/2 that end early, or never. */
final class Http2EndRows {
  private static final Duration SHORT = Duration.ofMillis(250);

  private Http2EndRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    resets(rows);
    goingAway(rows);
    closed(rows);
    silent(rows);
    return rows;
  }

  // --- RST_STREAM ---

  private static void resets(List<Hostile> rows) {
    for (int code : new int[] {0, 1, 2, 3, 5, 8, 11, 13, 0xff}) {
      rows.add(
          http2(
                  "reset before the head with " + ErrorCode.name(code),
                  (line, stream) -> line.send(Frame.rst(stream, code)))
              .fails(Reason.STREAM_RESET, "reset the stream")
              .keeps());
    }
    rows.add(
        http2(
                "reset behind 100",
                (line, stream) -> line.send(Http2Line.head(stream, false, "100"), cancel(stream)))
            .fails(Reason.STREAM_RESET, "CANCEL")
            .keeps());
    rows.add(
        http2(
                "reset before the body",
                (line, stream) -> line.send(Http2Line.head(stream, false, "200"), cancel(stream)))
            .fails(Reason.STREAM_RESET, "CANCEL")
            .keeps());
    rows.add(
        http2(
                "reset in the body",
                (line, stream) ->
                    line.send(
                        Http2Line.head(stream, false, "200"),
                        Frame.data(stream, false, "hel"),
                        cancel(stream)))
            .fails(Reason.STREAM_RESET, "CANCEL")
            .keeps());
    rows.add(
        http2(
                "reset without an error in the body",
                (line, stream) ->
                    line.send(
                        Http2Line.head(stream, false, "200"),
                        Frame.data(stream, false, "hel"),
                        Frame.rst(stream, ErrorCode.NO_ERROR)))
            .fails(Reason.STREAM_RESET, "NO_ERROR")
            .keeps());
    for (int code : new int[] {ErrorCode.NO_ERROR, ErrorCode.CANCEL, ErrorCode.INTERNAL_ERROR}) {
      rows.add(
          http2(
                  "reset behind the end with " + ErrorCode.name(code),
                  (line, stream) ->
                      line.send(
                          Http2Line.head(stream, false, "200"),
                          Frame.data(stream, true, "hello"),
                          Frame.rst(stream, code)))
              .answers(200, "hello")
              .keeps());
    }
    rows.add(
        http2(
                "refused for ever",
                (line, stream) -> line.send(Frame.rst(stream, ErrorCode.REFUSED_STREAM)))
            .fails(Reason.REFUSED, "REFUSED_STREAM")
            .keeps());
    rows.add(
        http2(
                "refused once",
                (line, stream) -> {
                  if (stream == 1) {
                    line.send(Frame.rst(stream, ErrorCode.REFUSED_STREAM));
                  } else {
                    line.good(stream);
                  }
                })
            .answers(200, "good")
            .keeps());
  }

  private static Frame cancel(int stream) {
    return Frame.rst(stream, ErrorCode.CANCEL);
  }

  // --- GOAWAY ---

  private static void goingAway(List<Hostile> rows) {
    rows.add(
        http2(
                "GOAWAY for ever, no call looked at",
                (line, stream) -> {
                  line.send(Frame.goAway(0, ErrorCode.NO_ERROR));
                  line.stall();
                })
            .fails(Reason.REFUSED, "GOAWAY")
            .connections(17));
    rows.add(
        http2(
                "GOAWAY once, the call not looked at",
                (line, stream) -> {
                  if (line.number() == 1) {
                    line.send(Frame.goAway(0, ErrorCode.NO_ERROR));
                    line.stall();
                  } else {
                    line.good(stream);
                  }
                })
            .answers(200, "good")
            .keeps()
            .connections(2));
    rows.add(
        http2(
                "GOAWAY in the body that is then sent",
                (line, stream) -> {
                  line.send(
                      Http2Line.head(stream, false, "200"),
                      Frame.data(stream, false, "hel"),
                      Frame.goAway(stream, ErrorCode.NO_ERROR),
                      Frame.data(stream, true, "lo"));
                  line.stall();
                })
            .answers(200, "hello"));
    rows.add(
        http2(
                "GOAWAY in the body that is never sent",
                (line, stream) -> {
                  line.send(
                      Http2Line.head(stream, false, "200"),
                      Frame.data(stream, false, "hel"),
                      Frame.goAway(stream, ErrorCode.NO_ERROR));
                  line.halfClose();
                })
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2(
                "GOAWAY that takes back a stream with a body",
                (line, stream) -> {
                  line.send(
                      Http2Line.head(stream, false, "200"),
                      Frame.data(stream, false, "hel"),
                      Frame.goAway(0, ErrorCode.NO_ERROR));
                  line.stall();
                })
            .fails(Reason.REFUSED, "GOAWAY"));
    rows.add(
        http2(
                "GOAWAY with an error",
                (line, stream) -> {
                  line.send(Frame.goAway(stream, ErrorCode.ENHANCE_YOUR_CALM));
                  line.halfClose();
                })
            .fails(Reason.CONNECTION_LOST, "ENHANCE_YOUR_CALM"));
    rows.add(
        http2(
                "a thousand times GOAWAY",
                (line, stream) -> {
                  for (int i = 0; i < 1000; i++) {
                    line.send(Frame.goAway(stream, ErrorCode.NO_ERROR));
                  }
                  line.good(stream);
                  line.stall();
                })
            .answers(200, "good"));
    rows.add(
        http2(
                "GOAWAY on an idle connection",
                (line, stream) -> {
                  line.send(Http2Line.head(stream, true, "204"));
                  line.peer.awaitAnswered();
                  line.send(Frame.goAway(stream, ErrorCode.NO_ERROR));
                  line.stall();
                })
            .answers(204, ""));
  }

  // --- the end of the connection ---

  private static void closed(List<Hostile> rows) {
    rows.add(
        http2("FIN before SETTINGS", Line::halfClose, (line, stream) -> {})
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2("RST before SETTINGS", Line::reset, (line, stream) -> {})
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2("FIN before the head", (line, stream) -> line.halfClose())
            .fails(Reason.CONNECTION_LOST, "closed the connection"));
    rows.add(
        http2("RST before the head", (line, stream) -> line.reset()).fails(Reason.CONNECTION_LOST));
    rows.add(
        http2("FIN in a frame", (line, stream) -> cutFrame(line, stream, false))
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2("RST in a frame", (line, stream) -> cutFrame(line, stream, true))
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2(
                "FIN in the body",
                (line, stream) -> {
                  line.send(
                      Http2Line.head(stream, false, "200", "content-length", "5"),
                      Frame.data(stream, false, "hel"));
                  line.halfClose();
                })
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2(
                "FIN in a body without a length",
                (line, stream) -> {
                  line.send(Http2Line.head(stream, false, "200"), Frame.data(stream, false, "hel"));
                  line.halfClose();
                })
            .fails(Reason.CONNECTION_LOST));
    rows.add(
        http2(
                "FIN behind the answer",
                (line, stream) -> {
                  line.good(stream);
                  line.halfClose();
                })
            .answers(200, "good"));
  }

  private static void cutFrame(Line line, int stream, boolean reset) throws IOException {
    byte[] frame = Http2Line.head(stream, true, "200").encode();
    line.send(java.util.Arrays.copyOf(frame, frame.length - 2));
    if (reset) {
      line.reset();
    } else {
      line.halfClose();
    }
  }

  // --- no end ---

  private static void silent(List<Hostile> rows) {
    rows.add(
        http2(
                "late: no SETTINGS",
                line -> {
                  line.peer.awaitAnswered();
                  line.send(Frame.settings());
                },
                (line, stream) -> {})
            .client(c -> c.timeouts(t -> t.withHead(SHORT)))
            .fails(Reason.HEAD_TIMEOUT, "no head")
            .keeps());
    rows.add(late("no head"));
    rows.add(late("100 and nothing more", "100"));
    rows.add(
        http2(
                "late: half a body",
                (line, stream) ->
                    line.send(
                        Http2Line.head(stream, false, "200"), Frame.data(stream, false, "hel")))
            .client(c -> c.timeouts(t -> t.withBodyStall(SHORT)))
            .fails(Reason.BODY_TIMEOUT, "no byte of the body")
            .tells("RST_STREAM CANCEL")
            .keeps());
    rows.add(
        http2(
                "late: no window for the request",
                line -> line.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 0)),
                (line, stream) -> {})
            .ownTransport()
            .client(c -> c.transport(t -> t.withWriteStall(SHORT)))
            .request(r -> Request.post(r.uri().toString()).bytes(new byte[1 << 20]))
            .fails(Reason.WRITE_TIMEOUT, "took no byte")
            .keeps());
    rows.add(
        http2(
                "late: no streams at all",
                line -> line.send(Frame.settings(Setting.MAX_CONCURRENT_STREAMS, 0)),
                (line, stream) -> {})
            .client(c -> c.timeouts(t -> t.withHead(SHORT).withQueue(SHORT)))
            .fails(Reason.HEAD_TIMEOUT)
            .keeps()
            .connections(2));
  }

  private static Hostile late(String name, String... statuses) {
    return http2(
            "late: " + name,
            (line, stream) -> {
              for (String status : statuses) {
                line.send(Http2Line.head(stream, false, status));
              }
            })
        .client(c -> c.timeouts(t -> t.withHead(SHORT)))
        .fails(Reason.HEAD_TIMEOUT, "no head")
        .tells("RST_STREAM CANCEL")
        .keeps();
  }
}
