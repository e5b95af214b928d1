package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.AnswerCase.bad;
import static dev.runnel.engine.internal.h1.AnswerCase.good;
import static dev.runnel.engine.internal.h1.AnswerCase.ok;
import static dev.runnel.engine.internal.h1.AnswerCase.printable;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.List;

/** Where the body of an answer ends, and what becomes of the connection (RFC 9112 6 and 9). */
final class AnswerFramingCases {
  private AnswerFramingCases() {}

  static List<AnswerCase> cases() {
    List<AnswerCase> cases = new ArrayList<>();
    lengths(cases);
    codings(cases);
    withoutBody(cases);
    connections(cases);
    informational(cases);
    return cases;
  }

  private static void lengths(List<AnswerCase> cases) {
    String rule = "RFC 9112 6.3";
    cases.add(good("length 0", rule, ok("Content-Length: 0\r\n") + "x", "body=", "rest=1"));
    cases.add(
        good(
            "length 3 and more", rule, ok("Content-Length: 3\r\n") + "abcd", "body=abc", "rest=1"));
    cases.add(
        good(
            "length with zeros",
            rule,
            ok("Content-Length: 003\r\n") + "abc",
            "body=abc",
            "done=true"));
    cases.add(
        good(
            "length cut off", rule, ok("Content-Length: 5\r\n") + "abc", "body=abc", "done=false"));
    cases.add(
        good(
            "same length twice",
            "RFC 9110 8.6",
            ok("Content-Length: 3\r\nX: 1\r\ncontent-length: 3\r\n") + "abc",
            "body=abc",
            "done=true"));
    cases.add(
        good(
            "same length as a list",
            "RFC 9110 8.6",
            ok("Content-Length: 3, 3 ,3\r\n") + "abc",
            "body=abc",
            "done=true"));
    cases.add(
        good(
            "no length at all",
            rule,
            ok("") + "all\r\n\r\nof it",
            "untilClose=true",
            "body=all\r\n\r\nof it"));
    cases.add(
        good(
            "longest length",
            rule,
            ok("Content-Length: 9223372036854775807\r\n"),
            "length=9223372036854775807",
            "done=false"));
    for (String bad :
        List.of(
            "",
            "-1",
            "+3",
            "3x",
            "0x3",
            "3 3",
            "3;3",
            "3.0",
            "1e3",
            "\u00b3",
            ",",
            "3,",
            ",3",
            "3,,3",
            "9223372036854775808",
            "99999999999999999999",
            "\"3\"")) {
      cases.add(
          bad(
              "length " + printable(bad),
              Violation.BAD_CONTENT_LENGTH,
              ok("Content-Length: " + bad + "\r\n") + "abc"));
    }
    cases.add(
        bad(
            "two lengths",
            Violation.ANSWER_LENGTHS_DIFFER,
            ok("Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd"));
    cases.add(
        bad(
            "two lengths in a list",
            Violation.ANSWER_LENGTHS_DIFFER,
            ok("Content-Length: 3, 4\r\n") + "abcd"));
    cases.add(
        bad(
            "length and a list",
            Violation.ANSWER_LENGTHS_DIFFER,
            ok("Content-Length: 3\r\nContent-Length: 3,2\r\n") + "abcd"));
  }

  private static void codings(List<AnswerCase> cases) {
    String rule = "RFC 9112 6.1";
    String chunks = "3\r\nabc\r\n0\r\n\r\n";
    cases.add(
        good(
            "chunked",
            rule,
            ok("Transfer-Encoding: chunked\r\n") + chunks + "x",
            "chunked=true",
            "body=abc",
            "done=true",
            "rest=1"));
    cases.add(
        good(
            "Chunked",
            rule,
            ok("transfer-encoding: ChunKed\r\n") + chunks,
            "body=abc",
            "done=true"));
    cases.add(
        good(
            "trailers",
            "RFC 9112 7.1.2",
            ok("Transfer-Encoding: chunked\r\n") + "0\r\nX-Sum: 1\r\nx-sum: 2\r\n\r\n",
            "trailer X-Sum=1|2",
            "done=true"));
    cases.add(
        bad(
            "trailer that frames",
            Violation.FORBIDDEN_TRAILER,
            ok("Transfer-Encoding: chunked\r\n") + "0\r\nContent-Length: 3\r\n\r\n"));
    cases.add(
        bad(
            "chunked and a length",
            Violation.CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            ok("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + chunks));
    cases.add(
        bad(
            "a length and chunked",
            Violation.CONTENT_LENGTH_WITH_TRANSFER_ENCODING,
            ok("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + chunks));
    cases.add(
        bad(
            "chunked in HTTP/1.0",
            Violation.ANSWER_OF_HTTP_1_0_WITH_TRANSFER_ENCODING,
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));
    for (String coding :
        List.of(
            "gzip",
            "identity",
            "chunked, gzip",
            "chunked;q=1",
            "xchunked",
            "",
            "chunked,",
            "\"chunked\"",
            "chunked chunked",
            "chunked, chunked")) {
      cases.add(
          bad(
              "coding " + coding,
              Violation.BAD_TRANSFER_ENCODING,
              ok("Transfer-Encoding: " + coding + "\r\n") + chunks));
    }
    cases.add(
        bad(
            "gzip before chunked",
            Violation.UNKNOWN_TRANSFER_CODING,
            ok("Transfer-Encoding: gzip, chunked\r\n") + chunks));
    cases.add(
        bad(
            "gzip before chunked in two lines",
            Violation.UNKNOWN_TRANSFER_CODING,
            ok("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n") + chunks));
    cases.add(
        bad(
            "chunked in two lines",
            Violation.BAD_TRANSFER_ENCODING,
            ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + chunks));
    cases.add(
        bad(
            "hidden by a tab",
            Violation.SPACE_IN_FIELD_NAME,
            ok("Transfer-Encoding\t: chunked\r\nContent-Length: 3\r\n") + chunks));
  }

  private static void withoutBody(List<AnswerCase> cases) {
    String rule = "RFC 9112 6.3";
    String length = ok("Content-Length: 5\r\n");
    cases.add(
        good("HEAD with a length", rule, Method.HEAD, length, "length=5", "body=", "done=true"));
    cases.add(
        good(
            "HEAD in chunks",
            rule,
            Method.HEAD,
            ok("Transfer-Encoding: chunked\r\n") + "x",
            "body=",
            "done=true",
            "rest=1"));
    cases.add(
        good("HEAD without a length", rule, Method.HEAD, ok(""), "untilClose=false", "done=true"));
    for (int code : new int[] {204, 304}) {
      cases.add(
          good(
              code + " with a length",
              rule,
              "HTTP/1.1 " + code + " \r\nContent-Length: 5\r\n\r\nx",
              "body=",
              "done=true",
              "rest=1"));
    }
    cases.add(
        good(
            "304 in chunks",
            "RFC 9112 6.1",
            "HTTP/1.1 304 \r\nTransfer-Encoding: chunked\r\n\r\n",
            "done=true"));
    cases.add(
        good("205 with a body", rule, "HTTP/1.1 205 \r\nContent-Length: 1\r\n\r\nx", "body=x"));
    for (int code : new int[] {100, 101, 103, 199, 204}) {
      cases.add(
          bad(
              code + " in chunks",
              Violation.TRANSFER_ENCODING_WITHOUT_BODY,
              "HTTP/1.1 " + code + " \r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    }
  }

  private static void connections(List<AnswerCase> cases) {
    String rule = "RFC 9112 9.3";
    String empty = "Content-Length: 0\r\n";
    cases.add(good("persistent", rule, ok(empty), "persistent=true"));
    cases.add(good("close", rule, ok(empty + "Connection: close\r\n"), "persistent=false"));
    cases.add(
        good(
            "close in a list",
            rule,
            ok(empty + "Connection: x, CLOSE ,y\r\n"),
            "persistent=false"));
    cases.add(
        good(
            "close beside keep-alive",
            rule,
            ok(empty + "Connection: keep-alive, close\r\n"),
            "persistent=false"));
    cases.add(good("1.0", rule, "HTTP/1.0 200 OK\r\n" + empty + "\r\n", "persistent=false"));
    cases.add(
        good(
            "1.0 with keep-alive",
            rule,
            "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" + empty + "\r\n",
            "persistent=true"));
    cases.add(
        good("1.0 until close", rule, "HTTP/1.0 200 OK\r\n\r\nabc", "untilClose=true", "body=abc"));
    cases.add(
        good(
            "upgrade",
            "RFC 9110 7.8",
            ok(empty + "Connection: upgrade\r\nUpgrade: x\r\n"),
            "upgrade=true"));
    cases.add(
        good("half an upgrade", "RFC 9110 7.8", ok(empty + "Upgrade: x\r\n"), "upgrade=false"));
  }

  private static void informational(List<AnswerCase> cases) {
    String rule = "RFC 9110 15.2";
    String hints = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    cases.add(
        good(
            "100 first",
            rule,
            "HTTP/1.1 100 Continue\r\n\r\n" + ok("Content-Length: 0\r\n"),
            "informational=[100]",
            "status=200"));
    cases.add(
        good(
            "many first",
            rule,
            hints.repeat(3) + "HTTP/1.1 199 \r\n\r\n" + ok("Content-Length: 1\r\n") + "x",
            "informational=[103, 103, 103, 199]",
            "body=x",
            "rest=0"));
    cases.add(
        good(
            "100 with a length",
            "RFC 9112 6.3",
            "HTTP/1.1 100 \r\nContent-Length: 7\r\n\r\n" + ok("Content-Length: 0\r\n"),
            "status=200"));
    cases.add(bad("bad behind 100", Violation.BAD_STATUS_LINE, "HTTP/1.1 100 \r\n\r\n\r\n"));
  }
}
