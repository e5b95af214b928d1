package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.RawCase.post;
import static dev.runnel.engine.internal.h1.Violation.BAD_CHUNK_END;
import static dev.runnel.engine.internal.h1.Violation.BAD_CHUNK_EXTENSION;
import static dev.runnel.engine.internal.h1.Violation.BAD_CHUNK_SIZE;
import static dev.runnel.engine.internal.h1.Violation.BAD_FIELD_NAME;
import static dev.runnel.engine.internal.h1.Violation.BAD_FIELD_VALUE;
import static dev.runnel.engine.internal.h1.Violation.BARE_CR;
import static dev.runnel.engine.internal.h1.Violation.BARE_LF;
import static dev.runnel.engine.internal.h1.Violation.CHUNK_EXTENSIONS_TOO_LONG;
import static dev.runnel.engine.internal.h1.Violation.EMPTY_FIELD_NAME;
import static dev.runnel.engine.internal.h1.Violation.FIELD_WITHOUT_COLON;
import static dev.runnel.engine.internal.h1.Violation.FORBIDDEN_TRAILER;
import static dev.runnel.engine.internal.h1.Violation.OBS_FOLD;
import static dev.runnel.engine.internal.h1.Violation.SPACE_IN_FIELD_NAME;
import static dev.runnel.engine.internal.h1.Violation.TOO_MANY_FIELDS;
import static dev.runnel.engine.internal.h1.Violation.TRAILERS_TOO_LARGE;

import java.util.ArrayList;
import java.util.List;

/** Bodies in chunks (RFC 9112 7.1). */
final class ChunkCases {
  private static final String END = "0\r\n\r\n";

  private ChunkCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    sizes(cases);
    badSizes(cases);
    ends(cases);
    extensions(cases);
    badExtensions(cases);
    trailers(cases);
    badTrailers(cases);
    return cases;
  }

  private static String chunked(String body) {
    return post("Transfer-Encoding: chunked\r\n") + body;
  }

  private static void sizes(List<RawCase> cases) {
    String source = "RFC 9112 7.1";
    cases.add(
        good(
            "two chunks",
            source,
            chunked("3\r\nabc\r\n2\r\nde\r\n" + END),
            "body=abcde",
            "done=true",
            "rest=0"));
    cases.add(good("no chunk", source, chunked(END), "body=", "trailers=0", "done=true"));
    cases.add(good("size in hex", source, chunked("A\r\n0123456789\r\n" + END), "body=0123456789"));
    cases.add(
        good(
            "size in lower case",
            source,
            chunked("b\r\n0123456789a\r\n" + END),
            "body=0123456789a"));
    cases.add(
        good(
            "size of two digits",
            source,
            chunked("1a\r\n" + "x".repeat(26) + "\r\n" + END),
            "body=" + "x".repeat(26)));
    cases.add(good("size with zeros before", source, chunked("0003\r\nabc\r\n" + END), "body=abc"));
    cases.add(
        good("size of 15 digits", source, chunked("000000000000003\r\nabc\r\n" + END), "body=abc"));
    cases.add(
        good(
            "last chunk of several zeros",
            source,
            chunked("1\r\na\r\n000\r\n\r\n"),
            "body=a",
            "done=true"));
    cases.add(
        good(
            "line ends in a chunk",
            source,
            chunked("7\r\n\r\n0\r\n\r\n\r\n" + END),
            "body=\r\n0\r\n\r\n"));
    cases.add(
        good(
            "chunk of 64 KiB and more",
            source,
            chunked("10001\r\n" + "y".repeat(65537) + "\r\n" + END),
            "body=" + "y".repeat(65537)));
    cases.add(good("chunk cut short", source, chunked("5\r\nab"), "body=ab", "done=false"));
    cases.add(good("size cut short", source, chunked("5"), "body=", "done=false"));
    cases.add(good("end cut short", source, chunked("1\r\na\r\n0\r\n"), "body=a", "done=false"));
    cases.add(
        good(
            "end cut in the last CR LF",
            source,
            chunked("1\r\na\r\n0\r\n\r"),
            "body=a",
            "done=false"));
    cases.add(
        good(
            "the greatest size",
            source,
            chunked("fffffffffffffff\r\nab"),
            "body=ab",
            "done=false"));
  }

  private static void badSizes(List<RawCase> cases) {
    for (String size :
        List.of(
            "",
            "g",
            "-1",
            "+1",
            "0x1",
            "1x",
            "x1",
            " 1",
            "\t1",
            "1.",
            "1,",
            "1_0",
            "\0",
            "1\0",
            "\u00b2",
            "0000000000000001",
            "fffffffffffffffff",
            "10000000000000000",
            "8000000000000000",
            "1\u000b",
            "1=a",
            "1\"",
            "ffffffffffffffff;",
            "00000000000000000")) {
      cases.add(bad("chunk size " + size, BAD_CHUNK_SIZE, chunked(size + "\r\na\r\n" + END)));
    }
    cases.add(bad("no size behind a chunk", BAD_CHUNK_SIZE, chunked("1\r\na\r\n\r\n")));
    cases.add(bad("space behind a size", BAD_CHUNK_EXTENSION, chunked("1 \r\na\r\n" + END)));
    cases.add(bad("two sizes", BAD_CHUNK_EXTENSION, chunked("1 1\r\na\r\n" + END)));
    cases.add(bad("tab behind a size", BAD_CHUNK_EXTENSION, chunked("1\t\r\na\r\n" + END)));
    cases.add(bad("bare LF behind a size", BARE_LF, chunked("1\na\r\n" + END)));
    cases.add(bad("bare CR behind a size", BARE_CR, chunked("1\ra\r\n" + END)));
    cases.add(bad("CR CR LF behind a size", BARE_CR, chunked("1\r\r\na\r\n" + END)));
    cases.add(bad("bare LF behind the last size", BARE_LF, chunked("0\n\r\n")));
  }

  private static void ends(List<RawCase> cases) {
    cases.add(bad("chunk longer than its size", BAD_CHUNK_END, chunked("1\r\nab\r\n" + END)));
    cases.add(bad("no CR LF behind a chunk", BAD_CHUNK_END, chunked("1\r\na" + END)));
    cases.add(bad("bare LF behind a chunk", BAD_CHUNK_END, chunked("1\r\na\n" + END)));
    cases.add(bad("bare CR behind a chunk", BAD_CHUNK_END, chunked("1\r\na\r" + END)));
    cases.add(bad("CR CR LF behind a chunk", BAD_CHUNK_END, chunked("1\r\na\r\r\n" + END)));
    cases.add(bad("two other bytes behind a chunk", BAD_CHUNK_END, chunked("1\r\naXX" + END)));
    cases.add(bad("CR and another byte behind a chunk", BAD_CHUNK_END, chunked("1\r\na\rX" + END)));
    cases.add(bad("no CR LF at the end", FIELD_WITHOUT_COLON, chunked("0\r\nGET\r\n")));
    cases.add(bad("bare LF at the end", BARE_LF, chunked("0\r\n\n")));
    cases.add(bad("bare CR at the end", BARE_CR, chunked("0\r\n\rX\n")));
  }

  private static void extensions(List<RawCase> cases) {
    for (String extension :
        List.of(
            ";a",
            ";a=b",
            ";a=\"b\"",
            ";a=\"\"",
            ";a=\"\\\"\"",
            ";a=\"b;c=d\"",
            ";a;b;c",
            ";a=b;c=\"d\";e",
            " ;a",
            "\t; a",
            "; a",
            ";a =b",
            ";a= b",
            ";a = \"b c\"",
            ";a ;b",
            ";a=b ;c",
            ";a=\"b\" ;c",
            ";a=\"\t\u00e9\\\u00e9\"",
            ";!#$%&'*+-.^_`|~=1")) {
      cases.add(
          good(
              "extension " + extension,
              "RFC 9112 7.1.1",
              chunked("1" + extension + "\r\na\r\n" + END),
              "body=a",
              "done=true"));
    }
    cases.add(
        good(
            "extension of the last chunk",
            "RFC 9112 7.1.1",
            chunked("0;a=b\r\n\r\n"),
            "body=",
            "done=true"));
    cases.add(
        good(
            "extensions of 1 KiB",
            "promise 4",
            chunked("1;" + "a".repeat(1023) + "\r\na\r\n" + END),
            "body=a",
            "done=true"));
    cases.add(
        bad(
            "extensions above 1 KiB",
            CHUNK_EXTENSIONS_TOO_LONG,
            chunked("1;" + "a".repeat(1024) + "\r\na\r\n" + END)));
    cases.add(
        bad(
            "extensions above 1 KiB in all",
            CHUNK_EXTENSIONS_TOO_LONG,
            chunked(("1;" + "a".repeat(512) + "\r\na\r\n").repeat(2) + END)));
  }

  private static void badExtensions(List<RawCase> cases) {
    for (String extension :
        List.of(
            ";",
            ";;a",
            "; ",
            ";=b",
            ";a=",
            ";a= ",
            ";a=;b",
            ";a=\"b\"c",
            ";a=b c",
            ";a b",
            ";a ",
            ";a=b ",
            ";a=\"b\" ",
            ";a=b=c",
            ";a/b",
            ";a=b/c",
            ";a\u0001",
            ";a=\"\u0001\"",
            ";a=\"\\\u0001\"",
            ";\0",
            ";a\u00e9",
            ";a=\"b\"\"c\"",
            ";a=\"b\u007f\"",
            ";a=\"b\r\"",
            ";a=\"b\r\n\"")) {
      cases.add(
          bad(
              "extension " + extension,
              BAD_CHUNK_EXTENSION,
              chunked("1" + extension + "\r\na\r\n" + END)));
    }
    cases.add(bad("bare LF behind an extension", BARE_LF, chunked("1;a\na\r\n" + END)));
    cases.add(bad("bare LF in quotes", BARE_LF, chunked("1;a=\"\n\"\r\na\r\n" + END)));
    cases.add(bad("bare CR behind an extension", BARE_CR, chunked("1;a\ra\r\n" + END)));
    cases.add(
        bad(
            "bare CR, then a chunk hidden in an extension",
            BARE_CR,
            chunked("1;a\rX\r\na\r\n" + END)));
  }

  private static void trailers(List<RawCase> cases) {
    String source = "RFC 9112 7.1.2";
    cases.add(
        good(
            "trailers",
            source,
            chunked("1\r\na\r\n0\r\nX-A: 1\r\nx-b:2\r\n\r\n"),
            "trailer X-A=1",
            "trailer X-B=2",
            "trailers=2",
            "done=true",
            "rest=0"));
    cases.add(
        good("trailers with extension", source, chunked("0;a\r\nX-A: 1\r\n\r\n"), "trailer X-A=1"));
    cases.add(
        good("empty trailer", source, chunked("0\r\nX-A:\r\n\r\n"), "trailer X-A=", "trailers=1"));
    cases.add(
        good(
            "trailers are not headers",
            "RFC 9110 6.5.2",
            chunked("0\r\nX-A: 1\r\n\r\n"),
            "header X-A="));
    cases.add(
        good(
            "checksum and timing",
            "RFC 9110 6.5",
            chunked("0\r\nDigest: x\r\nServer-Timing: db;dur=53\r\ngrpc-status: 0\r\n\r\n"),
            "trailers=3"));
    cases.add(
        good(
            "a request behind trailers",
            "RFC 9112 9.3.2",
            chunked("0\r\nX-A: 1\r\n\r\n" + RawCase.get("")),
            "trailer X-A=1",
            "rest=27"));
    cases.add(
        good("trailers cut short", source, chunked("0\r\nX-A: 1\r\n"), "done=false", "trailers=0"));
    cases.add(
        good(
            "trailer section of 16 KiB",
            "promise 4",
            chunked("0\r\nA: " + "v".repeat((16 << 10) - 5) + "\r\n\r\n"),
            "trailers=1",
            "done=true"));
    cases.add(
        good(
            "a hundred trailers",
            "promise 4",
            chunked("0\r\n" + "X: 1\r\n".repeat(100) + "\r\n"),
            "trailers=100"));
  }

  private static void badTrailers(List<RawCase> cases) {
    for (String name :
        List.of(
            "Content-Length",
            "TRANSFER-ENCODING",
            "host",
            "Trailer",
            "TE",
            "Connection",
            "Upgrade",
            "Expect",
            "Authorization",
            "Cookie",
            "Set-Cookie",
            "Content-Type",
            "Content-Encoding",
            "Content-Range",
            "Cache-Control",
            "Range",
            "Max-Forwards",
            "Proxy-Authorization",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "Forwarded",
            "Keep-Alive",
            "Proxy-Connection")) {
      cases.add(bad("trailer " + name, FORBIDDEN_TRAILER, chunked("0\r\n" + name + ": 5\r\n\r\n")));
    }
    cases.add(bad("folded trailer", OBS_FOLD, chunked("0\r\nX-A: 1\r\n 2\r\n\r\n")));
    cases.add(bad("space before the first trailer", OBS_FOLD, chunked("0\r\n X-A: 1\r\n\r\n")));
    cases.add(
        bad(
            "space before the colon of a trailer",
            SPACE_IN_FIELD_NAME,
            chunked("0\r\nX-A : 1\r\n\r\n")));
    cases.add(bad("trailer without a name", EMPTY_FIELD_NAME, chunked("0\r\n: 1\r\n\r\n")));
    cases.add(bad("trailer with a bad name", BAD_FIELD_NAME, chunked("0\r\nX(A: 1\r\n\r\n")));
    cases.add(bad("trailer with NUL", BAD_FIELD_VALUE, chunked("0\r\nX-A: \0\r\n\r\n")));
    cases.add(bad("trailer with bare LF", BARE_LF, chunked("0\r\nX-A: 1\n\r\n")));
    cases.add(bad("trailer with bare CR", BARE_CR, chunked("0\r\nX-A: 1\rX-B: 2\r\n\r\n")));
    cases.add(
        bad(
            "trailer section above 16 KiB",
            TRAILERS_TOO_LARGE,
            chunked("0\r\nA: " + "v".repeat((16 << 10) - 4) + "\r\n\r\n")));
    cases.add(
        bad(
            "trailer line without end",
            TRAILERS_TOO_LARGE,
            chunked("0\r\nA: " + "v".repeat(17 << 10))));
    cases.add(
        bad(
            "a hundred trailers and one",
            TOO_MANY_FIELDS,
            chunked("0\r\n" + "X: 1\r\n".repeat(101) + "\r\n")));
  }
}
