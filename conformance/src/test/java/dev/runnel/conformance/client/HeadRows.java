package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http1;

import dev.runnel.transport.ClientException.Reason;
import java.util.ArrayList;
import java.util.List;

/** Heads of answers in HTTP/1.1 that break a rule or do not end. */
final class HeadRows {
  /** The largest head, what our buffers and those of two kernels hold. */
  private static final long BOUNDED = 16L << 20;

  private static final String OK = "HTTP/1.1 200 OK\r\n";

  private HeadRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    statusLines(rows);
    fields(rows);
    sizes(rows);
    framing(rows);
    return rows;
  }

  private static Hostile malformed(String name, String answer, String... words) {
    return http1(name, answer).fails(Reason.MALFORMED_RESPONSE, words);
  }

  private static void statusLines(List<Hostile> rows) {
    String begin = "An answer must begin with HTTP/1.1";
    rows.add(malformed("an empty line first", "\r\n" + OK + "\r\n", begin));
    rows.add(malformed("a body without a head", "<html>hello</html>\r\n\r\n", begin));
    rows.add(malformed("a banner of SSH", "SSH-2.0-OpenSSH_9.6\r\n", begin));
    rows.add(malformed("a banner of SMTP", "220 mail.test ESMTP\r\n", begin));
    rows.add(malformed("an alert of TLS", "\u0015\u0003\u0001\0\2\2(", begin));
    rows.add(malformed("SETTINGS of HTTP/2", "\0\0\0\4\0\0\0\0\0", begin));
    rows.add(malformed("a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", begin));
    rows.add(malformed("Shoutcast", "ICY 200 OK\r\n\r\n", begin));
    rows.add(malformed("HTTP/0.9 in words", "HTTP/0.9 200 OK\r\n\r\n", "HTTP/1.1 and HTTP/1.0"));
    rows.add(malformed("HTTP/2 in words", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 and HTTP/1.0"));
    rows.add(malformed("no version", "HTTP/x.1 200 OK\r\n\r\n", "version"));
    rows.add(malformed("a code of two digits", "HTTP/1.1 20 OK\r\n\r\n", "three digits"));
    rows.add(malformed("a code of four digits", "HTTP/1.1 2000 OK\r\n\r\n", "three digits"));
    rows.add(malformed("code 099", "HTTP/1.1 099 X\r\n\r\n", "from 100 to 599"));
    rows.add(malformed("code 600", "HTTP/1.1 600 X\r\n\r\n", "from 100 to 599"));
    rows.add(malformed("NUL in the reason", "HTTP/1.1 200 O\0K\r\n\r\n", "control characters"));
    rows.add(malformed("LF alone", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "CR LF"));
    rows.add(malformed("CR alone", "HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n", "CR must"));
    rows.add(
        http1(
                "broken, byte by byte",
                line -> {
                  line.trickle("HTTP/1.1 200 OK\r\nA B: c\r\n\r\n");
                  line.stall();
                })
            .fails(Reason.MALFORMED_RESPONSE, "before the colon"));
  }

  private static void fields(List<Hostile> rows) {
    rows.add(malformed("a folded line", OK + "A: b\r\n c\r\n\r\n", "white space"));
    rows.add(malformed("a folded status line", OK + " c\r\n\r\n", "white space"));
    rows.add(malformed("space before the colon", OK + "A : b\r\n\r\n", "before the colon"));
    rows.add(malformed("no colon", OK + "Set-Cookie\r\n\r\n", "colon"));
    rows.add(malformed("no name", OK + ": b\r\n\r\n", "must not be empty"));
    rows.add(malformed("a name in quotes", OK + "\"A\": b\r\n\r\n", "token"));
    rows.add(malformed("a name above ASCII", OK + "N\u00e4me: b\r\n\r\n", "token"));
    rows.add(malformed("NUL in a value", OK + "A: b\0c\r\n\r\n", "control characters"));
    rows.add(malformed("CR in a value", OK + "A: b\rB: c\r\n\r\n", "CR must"));
    rows.add(malformed("LF ends a field", OK + "A: b\nB: c\r\n\r\n", "CR LF"));
  }

  private static void sizes(List<Hostile> rows) {
    String line = "The status line is too long";
    String section = "The header section is too large";
    rows.add(endless("endless status line", "", "x", "must begin", Reason.MALFORMED_RESPONSE));
    rows.add(endless("endless reason", "HTTP/1.1 200 ", "x", line, Reason.TOO_LARGE));
    rows.add(endless("endless NULs", "", "\0", "must begin", Reason.MALFORMED_RESPONSE));
    rows.add(endless("endless empty lines", "", "\r\n", "begin", Reason.MALFORMED_RESPONSE));
    rows.add(endless("endless name", OK, "x", section, Reason.TOO_LARGE));
    rows.add(endless("endless value", OK + "A: ", "x", section, Reason.TOO_LARGE));
    rows.add(endless("endless fields", OK, "A: b\r\n", "field", Reason.TOO_LARGE));
    rows.add(endless("endless cookies", OK, "Set-Cookie: a=b\r\n", "field", Reason.TOO_LARGE));
    rows.add(
        http1("201 fields", OK + "A: b\r\n".repeat(201) + "\r\n")
            .fails(Reason.TOO_LARGE, "too many field lines"));
    rows.add(
        http1("fields of 65 KiB", OK + ("A: " + "b".repeat(1021) + "\r\n").repeat(65) + "\r\n")
            .fails(Reason.TOO_LARGE, section));
    rows.add(
        http1(
                "200 fields of 64 KiB in all",
                line1 ->
                    line1.send(
                        OK
                            + ("A: " + "b".repeat(300) + "\r\n").repeat(199)
                            + "Content-Length: 2\r\n\r\nhi"))
            .answers(200, "hi")
            .keeps());
  }

  private static Hostile endless(
      String name, String begin, String piece, String words, Reason reason) {
    return http1(
            name,
            line -> {
              line.send(begin);
              line.flood(piece);
            })
        .fails(reason, words)
        .takesAtMost(BOUNDED);
  }

  private static void framing(List<Hostile> rows) {
    String digits = "one number of digits only";
    rows.add(
        malformed(
            "two lengths",
            OK + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!",
            "two different Content-Lengths"));
    rows.add(
        malformed(
            "two lengths in a list",
            OK + "Content-Length: 2, 3\r\n\r\nhi!",
            "two different Content-Lengths"));
    rows.add(malformed("length -1", OK + "Content-Length: -1\r\n\r\n", digits));
    rows.add(malformed("length +2", OK + "Content-Length: +2\r\n\r\nhi", digits));
    rows.add(malformed("length 0x2", OK + "Content-Length: 0x2\r\n\r\nhi", digits));
    rows.add(malformed("no length", OK + "Content-Length:\r\n\r\n", digits));
    rows.add(malformed("length 2^63", OK + "Content-Length: 9223372036854775808\r\n\r\n", digits));
    rows.add(
        malformed(
            "a length and chunks",
            OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            "must not stand beside"));
    rows.add(
        malformed(
            "chunks and a length",
            OK + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            "must not stand beside"));
    for (String coding : List.of("identity", "chunked, gzip", "xchunked", "chunked, chunked")) {
      rows.add(
          malformed(
              "coding " + coding,
              OK + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n",
              "Transfer-Encoding"));
    }
    rows.add(
        malformed(
            "gzip as a transfer coding",
            OK + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "chunked"));
    rows.add(
        malformed(
            "chunks hidden by a tab",
            OK + "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
            "before the colon"));
    rows.add(
        malformed(
            "chunks in HTTP/1.0",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.0 must not"));
    rows.add(
        malformed(
            "chunks in 204",
            "HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "must not have Transfer-Encoding"));
  }
}
