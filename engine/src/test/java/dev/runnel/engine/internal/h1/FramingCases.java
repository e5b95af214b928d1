package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.get;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.RawCase.post;
import static dev.runnel.engine.internal.h1.Violation.BAD_CONTENT_LENGTH;
import static dev.runnel.engine.internal.h1.Violation.BAD_TRANSFER_ENCODING;
import static dev.runnel.engine.internal.h1.Violation.CONTENT_LENGTH_REPEATED;
import static dev.runnel.engine.internal.h1.Violation.CONTENT_LENGTH_WITH_TRANSFER_ENCODING;
import static dev.runnel.engine.internal.h1.Violation.TRANSFER_ENCODING_IN_HTTP_1_0;
import static dev.runnel.engine.internal.h1.Violation.UNKNOWN_TRANSFER_CODING;

import java.util.ArrayList;
import java.util.List;

/** How long a body is: Content-Length and Transfer-Encoding (RFC 9112 6). */
final class FramingCases {
  private static final String END = "0\r\n\r\n";

  private FramingCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    contentLength(cases);
    badContentLength(cases);
    transferEncoding(cases);
    badTransferEncoding(cases);
    both(cases);
    return cases;
  }

  private static void contentLength(List<RawCase> cases) {
    String source = "RFC 9110 8.6";
    cases.add(good("no body", "RFC 9112 6.3", post(""), "length=-1", "hasBody=false", "done=true"));
    cases.add(
        good(
            "Content-Length",
            source,
            post("Content-Length: 5\r\n") + "hello",
            "length=5",
            "body=hello",
            "hasBody=true",
            "done=true",
            "rest=0"));
    cases.add(
        good(
            "Content-Length 0",
            source,
            post("Content-Length: 0\r\n"),
            "length=0",
            "hasBody=false",
            "done=true"));
    cases.add(
        good(
            "Content-Length in any case",
            source,
            post("cONTENT-lENGTH:2\r\n") + "ab",
            "length=2",
            "body=ab"));
    cases.add(
        good(
            "Content-Length with white space",
            source,
            post("Content-Length: \t 2 \t\r\n") + "ab",
            "length=2"));
    cases.add(
        good(
            "Content-Length with zeros before",
            source,
            post("Content-Length: 0002\r\n") + "ab",
            "length=2"));
    cases.add(
        good(
            "Content-Length of GET",
            source,
            get("Content-Length: 2\r\n") + "ab",
            "length=2",
            "body=ab"));
    cases.add(
        good(
            "Content-Length in HTTP/1.0",
            source,
            "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nab",
            "length=2",
            "body=ab"));
    cases.add(
        good(
            "body that looks like a request",
            source,
            post("Content-Length: 18\r\n") + "GET / HTTP/1.1\r\n\r\n",
            "body=GET / HTTP/1.1\r\n\r\n",
            "rest=0"));
    cases.add(
        good(
            "a request behind the body",
            "RFC 9112 9.3.2",
            post("Content-Length: 2\r\n") + "ab" + get(""),
            "body=ab",
            "rest=27"));
    cases.add(
        good(
            "bytes behind a request without a body",
            "RFC 9112 6.3",
            post("") + "x=1",
            "done=true",
            "rest=3"));
    cases.add(
        good(
            "the greatest Content-Length",
            source,
            post("Content-Length: 9223372036854775807\r\n"),
            "length=9223372036854775807",
            "done=false"));
    cases.add(
        good(
            "body cut short",
            source,
            post("Content-Length: 5\r\n") + "abc",
            "body=abc",
            "done=false"));
    cases.add(
        good("another field of this length", source, post("Content-Lengti: 5\r\n"), "length=-1"));
  }

  private static void badContentLength(List<RawCase> cases) {
    for (String value :
        List.of(
            "",
            "-1",
            "+5",
            "5 5",
            "5,5",
            "5, 5",
            "5;",
            "0x5",
            "5.0",
            "1e2",
            "a",
            "5a",
            "\u00b2",
            "\u00a05",
            "'5'",
            "9223372036854775808",
            "18446744073709551616",
            "99999999999999999999",
            "1_000",
            "- 1",
            "--1",
            "5\t5",
            ",5",
            "5,")) {
      cases.add(
          bad(
              "Content-Length " + value,
              BAD_CONTENT_LENGTH,
              post("Content-Length: " + value + "\r\n") + "hello"));
    }
    String five = "Content-Length: 5\r\n";
    cases.add(
        bad(
            "two Content-Lengths",
            CONTENT_LENGTH_REPEATED,
            post(five + "Content-Length: 6\r\n") + "hello!"));
    cases.add(
        bad("two equal Content-Lengths", CONTENT_LENGTH_REPEATED, post(five + five) + "hello"));
    cases.add(
        bad(
            "two Content-Lengths apart",
            CONTENT_LENGTH_REPEATED,
            post(five + "X: 1\r\nCONTENT-LENGTH: 5\r\n") + "hello"));
    cases.add(
        bad(
            "two Content-Lengths, the second empty",
            CONTENT_LENGTH_REPEATED,
            post(five + "Content-Length:\r\n") + "hello"));
  }

  private static void transferEncoding(List<RawCase> cases) {
    String source = "RFC 9112 6.1";
    cases.add(
        good(
            "chunked",
            source,
            post("Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\n" + END,
            "chunked=true",
            "length=-1",
            "body=hello",
            "hasBody=true",
            "done=true",
            "rest=0"));
    cases.add(
        good(
            "chunked in any case",
            "RFC 9112 7",
            post("tRANSFER-eNCODING:ChUnKeD\r\n") + END,
            "chunked=true",
            "body=",
            "done=true"));
    cases.add(
        good(
            "chunked with white space",
            source,
            post("Transfer-Encoding: \t chunked \t\r\n") + END,
            "chunked=true"));
    cases.add(
        good(
            "chunked with GET",
            source,
            get("Transfer-Encoding: chunked\r\n") + "1\r\na\r\n" + END,
            "body=a"));
    cases.add(
        good(
            "TE is not Transfer-Encoding",
            "RFC 9110 10.1.4",
            post("TE: gzip, trailers\r\n"),
            "chunked=false",
            "hasBody=false"));
    cases.add(
        good(
            "Content-Encoding is not Transfer-Encoding",
            "RFC 9110 8.4",
            post("Content-Encoding: chunked\r\n"),
            "chunked=false",
            "hasBody=false"));
    cases.add(
        good(
            "a request behind a chunked body",
            "RFC 9112 9.3.2",
            post("Transfer-Encoding: chunked\r\n") + END + get(""),
            "body=",
            "rest=27"));
  }

  private static void badTransferEncoding(List<RawCase> cases) {
    for (String value :
        List.of(
            "gzip, chunked",
            "foo, chunked",
            "identity, chunked",
            "gzip,deflate,chunked",
            "foo;a=b, chunked")) {
      cases.add(
          bad(
              "Transfer-Encoding " + value,
              UNKNOWN_TRANSFER_CODING,
              post("Transfer-Encoding: " + value + "\r\n") + END));
    }
    for (String value :
        List.of(
            "",
            "gzip",
            "identity",
            "foo",
            "chunked, gzip",
            "chunked, identity",
            "chunked, chunked",
            "chunked,chunked",
            "chunked,",
            ",chunked",
            ", chunked",
            "chunked ,",
            "chunked;",
            "chunked;q=1",
            "chunked; a=b",
            "xchunked",
            "chunkedx",
            "chun ked",
            "\"chunked\"",
            "'chunked'",
            "x chunked",
            "chunked\u00a0",
            "\u00a0chunked",
            "\u0085chunked",
            "chunked gzip",
            "gzip;=,, chunked",
            "chunked;a, chunked",
            "gz ip, chunked",
            "chunke\u00e4",
            "chunked, foo, chunked")) {
      cases.add(
          bad(
              "Transfer-Encoding " + value,
              BAD_TRANSFER_ENCODING,
              post("Transfer-Encoding: " + value + "\r\n") + END));
    }
    String chunked = "Transfer-Encoding: chunked\r\n";
    cases.add(bad("chunked in two lines", BAD_TRANSFER_ENCODING, post(chunked + chunked) + END));
    cases.add(
        bad(
            "chunked, then another line",
            BAD_TRANSFER_ENCODING,
            post(chunked + "Transfer-Encoding: identity\r\n") + END));
    cases.add(
        bad(
            "chunked, then an empty line of it",
            BAD_TRANSFER_ENCODING,
            post(chunked + "Transfer-Encoding:\r\n") + END));
    cases.add(
        bad(
            "another line, then chunked",
            UNKNOWN_TRANSFER_CODING,
            post("Transfer-Encoding: gzip\r\n" + chunked) + END));
    cases.add(
        bad(
            "an empty line of it, then chunked",
            BAD_TRANSFER_ENCODING,
            post("Transfer-Encoding:\r\n" + chunked) + END));
    cases.add(
        bad(
            "chunked in HTTP/1.0",
            TRANSFER_ENCODING_IN_HTTP_1_0,
            "POST / HTTP/1.0\r\n" + chunked + "\r\n" + END));
    cases.add(
        bad(
            "another coding in HTTP/1.0",
            TRANSFER_ENCODING_IN_HTTP_1_0,
            "POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n"));
  }

  private static void both(List<RawCase> cases) {
    String length = "Content-Length: 5\r\n";
    String chunked = "Transfer-Encoding: chunked\r\n";
    cases.add(
        bad(
            "Content-Length, then chunked",
            CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            post(length + chunked) + END));
    cases.add(
        bad(
            "chunked, then Content-Length",
            CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            post(chunked + length) + END));
    cases.add(
        bad(
            "Content-Length 0 and chunked",
            CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            post("Content-Length: 0\r\n" + chunked) + END));
    cases.add(
        bad(
            "Content-Length and identity",
            CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            post(length + "Transfer-Encoding: identity\r\n") + "hello"));
    cases.add(
        bad(
            "Content-Length and an empty Transfer-Encoding",
            CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            post(length + "Transfer-Encoding:\r\n") + "hello"));
    for (int more : new int[] {1, 2, 8, 40}) {
      String fields = "X: 1\r\n".repeat(more);
      String name = "Content-Length and chunked with fields between: " + more;
      cases.add(
          bad(name, CONTENT_LENGTH_WITH_TRANSFER_ENCODING, post(length + fields + chunked) + END));
      cases.add(
          bad(
              "Content-Lengths with fields between: " + more,
              CONTENT_LENGTH_REPEATED,
              post(length + fields + length) + "hello"));
      cases.add(
          bad(
              "chunked in two lines with fields between: " + more,
              BAD_TRANSFER_ENCODING,
              post(chunked + fields + chunked) + END));
    }
  }
}
