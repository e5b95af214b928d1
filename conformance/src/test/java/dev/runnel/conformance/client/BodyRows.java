package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http1;

import dev.runnel.http.Method;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.transport.ClientException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Bodies of answers in HTTP/1.1 that are longer, shorter or otherwise than they should be. */
final class BodyRows {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String TWO = OK + "Content-Length: 2\r\n\r\nhi";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final long HELD = 1 << 20;
  private static final long BOUNDED = 24L << 20;

  private BodyRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    longer(rows);
    without(rows);
    chunks(rows);
    brokenChunks(rows);
    endless(rows);
    return rows;
  }

  private static void longer(List<Hostile> rows) {
    rows.add(http1("bytes behind the body", TWO + "!").answers(200, "hi"));
    rows.add(
        http1("a second answer", TWO + OK + "Content-Length: 3\r\n\r\nbad").answers(200, "hi"));
    rows.add(http1("a hundred answers", TWO.repeat(100)).answers(200, "hi"));
    rows.add(http1("an empty line behind the body", TWO + "\r\n").answers(200, "hi"));
    rows.add(http1("length 0 and a body", OK + "Content-Length: 0\r\n\r\nhi").answers(200, ""));
    rows.add(
        http1(
                "the same length twice",
                line -> line.send(OK + "Content-Length: 2\r\ncontent-length: 2\r\n\r\nhi"))
            .answers(200, "hi")
            .keeps());
    rows.add(
        http1("close said, but not done", OK + "Connection: close\r\nContent-Length: 2\r\n\r\nhi")
            .answers(200, "hi"));
    rows.add(
        http1(
                "HTTP/1.0 that stays",
                line ->
                    line.send(
                        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"
                            + "Content-Length: 2\r\n\r\nhi"))
            .answers(200, "hi")
            .keeps());
    rows.add(
        http1("HTTP/1.0 that does not say so", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi")
            .answers(200, "hi"));
    rows.add(
        http1("205 with a body", line -> line.send("HTTP/1.1 205 X\r\n" + TWO.substring(17)))
            .answers(205, "hi")
            .keeps());
  }

  /** Answers that have no body, whatever they say (RFC 9112 6.3). */
  private static void without(List<Hostile> rows) {
    UnaryOperator<OutgoingRequest> head = r -> Request.of(Method.HEAD, r.uri());
    rows.add(
        http1("HEAD with a length", line -> line.send(OK + "Content-Length: 5\r\n\r\n"))
            .request(head)
            .answers(200, "")
            .keeps());
    rows.add(
        http1("HEAD with chunks announced", line -> line.send(CHUNKED))
            .request(head)
            .answers(200, "")
            .keeps());
    rows.add(http1("HEAD with a body", TWO).request(head).answers(200, ""));
    rows.add(
        http1("HEAD with a poisoned body", OK + "Content-Length: 40\r\n\r\n" + TWO)
            .request(head)
            .answers(200, ""));
    rows.add(http1("204 with a body", "HTTP/1.1 204 X\r\n\r\nhi").answers(204, ""));
    rows.add(http1("204 with an answer behind", "HTTP/1.1 204 X\r\n\r\n" + TWO).answers(204, ""));
    rows.add(
        http1("304 with a body", "HTTP/1.1 304 X\r\nContent-Length: 2\r\n\r\nhi").answers(304, ""));
    rows.add(
        http1(
                "304 with a length",
                line -> line.send("HTTP/1.1 304 X\r\nContent-Length: 9999\r\n\r\n"))
            .answers(304, "")
            .keeps());
  }

  private static Hostile chunks(String name, String chunks) {
    return http1(name, CHUNKED + chunks);
  }

  private static void chunks(List<Hostile> rows) {
    rows.add(
        http1(
                "ten thousand chunks of a byte",
                line -> line.send(CHUNKED + "1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n"))
            .answers(200, "x".repeat(10_000))
            .keeps());
    rows.add(
        http1("chunks byte by byte", line -> line.trickle(CHUNKED + "2\r\nhi\r\n0\r\nA: b\r\n\r\n"))
            .answers(200, "hi")
            .keeps());
    rows.add(chunks("bytes behind the last chunk", "2\r\nhi\r\n0\r\n\r\n!").answers(200, "hi"));
    rows.add(
        chunks("an answer behind the last chunk", "2\r\nhi\r\n0\r\n\r\n" + TWO).answers(200, "hi"));
  }

  private static void brokenChunks(List<Hostile> rows) {
    String size = "A chunk must start with its size";
    rows.add(broken("a size in words", "two\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("no size", "\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("a negative size", "-2\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("a size with a prefix", "0x2\r\nhi\r\n0\r\n\r\n", "chunk"));
    rows.add(broken("a size of 2^64", "10000000000000002\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("a size of zeros", "0".repeat(40) + "2\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("a space before the size", " 2\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("LF behind the size", "2\nhi\r\n0\r\n\r\n", "chunk"));
    rows.add(broken("more data than the size", "2\r\nhi!\r\n0\r\n\r\n", "followed by CR LF"));
    rows.add(broken("less data than the size", "5\r\nhi\r\n0\r\n\r\n", size));
    rows.add(broken("a bad extension", "2;=\r\nhi\r\n0\r\n\r\n", "extension"));
    rows.add(broken("a trailer without a colon", "0\r\nA\r\n\r\n", "colon"));
    rows.add(broken("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", "white space"));
    rows.add(broken("a trailer that frames", "0\r\nContent-Length: 2\r\n\r\n", "trailer"));
  }

  private static Hostile broken(String name, String chunks, String words) {
    return chunks(name, chunks).fails(Reason.MALFORMED_RESPONSE, words);
  }

  private static void endless(List<Hostile> rows) {
    rows.add(
        flood("an endless extension", CHUNKED + "1;a=", "x")
            .fails(Reason.TOO_LARGE, "extensions are too long"));
    rows.add(
        flood("endless extensions", CHUNKED, "1;abcdefgh=ijklmnop\r\nx\r\n")
            .fails(Reason.TOO_LARGE, "extensions are too long"));
    rows.add(
        flood("endless trailers", CHUNKED + "0\r\n", "A: b\r\n")
            .fails(Reason.TOO_LARGE, "too many field lines"));
    rows.add(
        flood("an endless trailer", CHUNKED + "0\r\nA: ", "x")
            .fails(Reason.TOO_LARGE, "trailer section is too large"));
    rows.add(flood("an endless size", CHUNKED, "0").fails(Reason.MALFORMED_RESPONSE, "size"));
    rows.add(
        flood("endless chunks", CHUNKED, "1000\r\n" + "x".repeat(0x1000) + "\r\n")
            .client(c -> c.maxHeld(HELD))
            .fails(Reason.TOO_LARGE, "limit of " + HELD));
    rows.add(
        flood("endless small chunks", CHUNKED, "1\r\nx\r\n")
            .client(c -> c.maxHeld(50_000))
            .fails(Reason.TOO_LARGE, "limit of 50000"));
    rows.add(
        flood("an endless body", OK + "\r\n", "x")
            .client(c -> c.maxHeld(HELD))
            .fails(Reason.TOO_LARGE, "limit of " + HELD));
    rows.add(
        flood("a length of 2^63 - 1", OK + "Content-Length: 9223372036854775807\r\n\r\n", "x")
            .client(c -> c.maxHeld(HELD))
            .fails(Reason.TOO_LARGE, "limit of " + HELD));
    rows.add(flood("bytes for ever behind a body", TWO, "x").answers(200, "hi"));
  }

  private static Hostile flood(String name, String begin, String piece) {
    return http1(
            name,
            line -> {
              line.send(begin + piece);
              line.flood(piece);
            })
        .takesAtMost(BOUNDED);
  }
}
