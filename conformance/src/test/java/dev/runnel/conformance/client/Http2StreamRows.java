package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http2;

import dev.runnel.http.Request;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.transport.ClientException.Reason;
import java.util.ArrayList;
import java.util.List;

/** Answers that are malformed as such (RFC 9113 8.1.1): they cost a stream, not the connection. */
final class Http2StreamRows {
  private static final String PROTOCOL = "RST_STREAM PROTOCOL_ERROR";

  private Http2StreamRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    heads(rows);
    lengths(rows);
    order(rows);
    trailers(rows);
    sizes(rows);
    return rows;
  }

  private interface Answer {
    Frame[] on(int stream);
  }

  private static Hostile answer(String name, Answer answer) {
    return http2(name, (line, stream) -> line.send(answer.on(stream)));
  }

  private static Frame[] all(Frame... frames) {
    return frames;
  }

  private static Hostile malformed(String name, Answer answer, String... words) {
    return answer(name, answer).fails(Reason.MALFORMED_RESPONSE, words).tells(PROTOCOL).keeps();
  }

  private static Hostile head(String name, String... fields) {
    return malformed(name, stream -> all(Frame.headers(stream, true, fields)));
  }

  private static void heads(List<Hostile> rows) {
    rows.add(head("no :status", "a", "b"));
    rows.add(head("no fields at all"));
    rows.add(head("two :status", ":status", "200", ":status", "200"));
    for (String code : List.of("20", "2000", "abc", "099", "600", "+20", "", "200 OK")) {
      rows.add(head(":status " + code, ":status", code));
    }
    rows.add(head(":status behind a field", "a", "b", ":status", "200"));
    rows.add(head(":path of requests", ":status", "200", ":path", "/"));
    rows.add(head("an unknown pseudo-header", ":status", "200", ":version", "2"));
    rows.add(head("a name with upper case", ":status", "200", "Content-Type", "a/b"));
    rows.add(head("an empty name", ":status", "200", "", "b"));
    rows.add(head("a name with a space", ":status", "200", "a b", "c"));
    rows.add(head("a name with a colon", ":status", "200", "a:b", "c"));
    for (String field :
        List.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade")) {
      rows.add(head(field, ":status", "200", field, "x"));
    }
    rows.add(head("NUL in a value", ":status", "200", "a", "b\0c"));
    rows.add(head("LF in a value", ":status", "200", "a", "b\nset-cookie: c=d"));
    rows.add(head("CR in a value", ":status", "200", "a", "b\rc"));
    rows.add(head("a space before a value", ":status", "200", "a", " b"));
    rows.add(head("101", ":status", "101"));
    rows.add(head("100 that ends the stream", ":status", "100"));
  }

  private static void lengths(List<Hostile> rows) {
    rows.add(length("more than its length", "4", false, "hello"));
    rows.add(length("less than its length", "6", false, "hello"));
    rows.add(length("nothing instead of its length", "6", true, ""));
    rows.add(length("a length that is none", "five", false, "hello"));
    rows.add(length("a negative length", "-5", false, "hello"));
    rows.add(length("a length of 2^64", "18446744073709551616", false, "hello"));
    rows.add(
        malformed(
            "two lengths",
            stream ->
                all(
                    Http2Line.head(
                        stream, false, "200", "content-length", "5", "content-length", "6"),
                    Frame.data(stream, true, "hello"))));
    rows.add(
        answer(
                "304 with a length",
                stream -> all(Http2Line.head(stream, true, "304", "content-length", "9")))
            .answers(304, "")
            .keeps());
    rows.add(
        answer(
                "HEAD with a length",
                stream -> all(Http2Line.head(stream, true, "200", "content-length", "9")))
            .request(r -> Request.head(r.uri().toString()))
            .answers(200, "")
            .keeps());
    rows.add(
        answer(
                "HEAD with a body",
                stream ->
                    all(Http2Line.head(stream, false, "200"), Frame.data(stream, true, "hello")))
            .request(r -> Request.head(r.uri().toString()))
            .tells(PROTOCOL)
            .fails(Reason.MALFORMED_RESPONSE)
            .keeps());
    rows.add(
        malformed(
            "204 with a body",
            stream ->
                all(Http2Line.head(stream, false, "204"), Frame.data(stream, true, "hello"))));
  }

  private static Hostile length(String name, String length, boolean end, String data) {
    return malformed(
        name,
        stream -> {
          Frame head = Http2Line.head(stream, end, "200", "content-length", length);
          return end ? all(head) : all(head, Frame.data(stream, true, data));
        });
  }

  private static void order(List<Hostile> rows) {
    rows.add(malformed("DATA before the head", stream -> all(Frame.data(stream, true, "hello"))));
    rows.add(
        malformed(
            "DATA behind 100",
            stream -> all(Http2Line.head(stream, false, "100"), Frame.data(stream, true, "x"))));
    rows.add(
        answer(
                "DATA behind the end",
                stream ->
                    all(
                        Http2Line.head(stream, false, "200"),
                        Frame.data(stream, true, "hello"),
                        Frame.data(stream, true, "again")))
            .answers(200, "hello"));
    rows.add(
        answer(
                "a second answer on the stream",
                stream ->
                    all(Http2Line.head(stream, true, "204"), Http2Line.head(stream, true, "200")))
            .answers(204, ""));
    rows.add(answer("32 hints", stream -> hints(stream, 32)).answers(200, "").keeps());
    rows.add(malformed("33 hints", stream -> hints(stream, 33), "32"));
    rows.add(
        malformed("WINDOW_UPDATE of 0 for a stream", stream -> all(Frame.windowUpdate(stream, 0))));
    rows.add(
        answer(
                "a window of a stream above 2^31 - 1",
                stream -> all(Frame.windowUpdate(stream, 0x7fffffff)))
            .fails(Reason.MALFORMED_RESPONSE, "FLOW_CONTROL_ERROR")
            .tells("RST_STREAM FLOW_CONTROL_ERROR")
            .keeps());
    rows.add(answer("an unknown frame", stream -> unknown(stream)).answers(200, "").keeps());
  }

  private static Frame[] unknown(int stream) {
    return all(new Frame(0x42, 0xff, stream, new byte[99]), Http2Line.head(stream, true, "200"));
  }

  private static Frame[] hints(int stream, int count) {
    Frame[] frames = new Frame[count + 1];
    for (int i = 0; i < count; i++) {
      frames[i] = Http2Line.head(stream, false, "103", "link", "</a>");
    }
    frames[count] = Http2Line.head(stream, true, "200");
    return frames;
  }

  private static void trailers(List<Hostile> rows) {
    rows.add(trailer("a pseudo-header", true, ":status", "200"));
    rows.add(trailer("upper case", true, "A", "b"));
    rows.add(trailer("a connection field", true, "connection", "close"));
    rows.add(trailer("NUL", true, "a", "b\0"));
    rows.add(trailer("no end", false, "a", "b"));
  }

  private static Hostile trailer(String name, boolean end, String... fields) {
    return malformed(
        "trailers with " + name,
        stream ->
            all(
                Http2Line.head(stream, false, "200"),
                Frame.data(stream, false, "hello"),
                Frame.headers(stream, end, fields)));
  }

  /** Header lists above the limit: they have to be decoded, but nothing of them is kept. */
  private static void sizes(List<Hostile> rows) {
    rows.add(
        answer("201 fields", stream -> all(many(stream, true, 201)))
            .fails(Reason.TOO_LARGE, "200 fields")
            .keeps());
    rows.add(
        answer(
                "a bomb of indexed fields",
                stream -> {
                  RawBlock bomb = new RawBlock().literal(":status", "200");
                  bomb.indexing("a", "x".repeat(4000));
                  for (int i = 0; i < 10_000; i++) {
                    bomb.indexed(62);
                  }
                  return all(Frame.headers(stream, true, bomb.build()));
                })
            .fails(Reason.TOO_LARGE, "65536 bytes")
            .keeps());
    rows.add(
        answer(
                "trailers above the limit",
                stream -> all(Http2Line.head(stream, false, "200"), many(stream, false, 201)))
            .fails(Reason.TOO_LARGE, "200 fields")
            .keeps());
  }

  private static Frame many(int stream, boolean head, int fields) {
    RawBlock block = new RawBlock();
    if (head) {
      block.literal(":status", "200");
    }
    for (int i = 0; i < fields; i++) {
      block.literal("a", "b");
    }
    return Frame.headers(stream, true, block.build());
  }
}
