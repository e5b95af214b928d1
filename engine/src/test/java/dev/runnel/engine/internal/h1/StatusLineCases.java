package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.AnswerCase.bad;
import static dev.runnel.engine.internal.h1.AnswerCase.good;
import static dev.runnel.engine.internal.h1.AnswerCase.ok;
import static dev.runnel.engine.internal.h1.AnswerCase.printable;

import java.util.ArrayList;
import java.util.List;

/** Status lines (RFC 9112 4), and what is none. */
final class StatusLineCases {
  private StatusLineCases() {}

  static List<AnswerCase> cases() {
    List<AnswerCase> cases = new ArrayList<>();
    statusLines(cases);
    badStatusLines(cases);
    return cases;
  }

  private static void statusLines(List<AnswerCase> cases) {
    String line = "RFC 9112 4";
    cases.add(good("plain", line, ok("Content-Length: 2\r\n") + "hi", "status=200", "body=hi"));
    cases.add(good("empty reason", line, "HTTP/1.1 204 \r\n\r\n", "status=204"));
    cases.add(good("no space before no reason", line, "HTTP/1.1 204\r\n\r\n", "status=204"));
    cases.add(good("reason of spaces", line, "HTTP/1.1 204   \r\n\r\n", "status=204"));
    cases.add(good("reason with a tab", line, "HTTP/1.1 204 No\tContent\r\n\r\n", "status=204"));
    cases.add(
        good("reason above ASCII", line, "HTTP/1.1 204 \u00e9\u00ff\u0080\r\n\r\n", "status=204"));
    cases.add(
        good("reason like a line", line, "HTTP/1.1 204 HTTP/1.1 200 OK\r\n\r\n", "status=204"));
    for (int code : new int[] {200, 201, 206, 299, 300, 399, 418, 451, 499, 500, 511, 599}) {
      cases.add(
          good(
              "status " + code,
              "RFC 9110 15",
              "HTTP/1.1 " + code + " X\r\nContent-Length: 0\r\n\r\n",
              "status=" + code,
              "done=true",
              "rest=0"));
    }
    cases.add(
        good(
            "HTTP/1.2 counts as 1.1",
            "RFC 9110 6.2",
            "HTTP/1.2 204 \r\n\r\n",
            "version=HTTP/1.1",
            "persistent=true"));
    cases.add(good("HTTP/1.9", "RFC 9110 6.2", "HTTP/1.9 204 \r\n\r\n", "version=HTTP/1.1"));
    cases.add(good("HTTP/1.0", "RFC 9110 6.2", "HTTP/1.0 204 \r\n\r\n", "version=HTTP/1.0"));
    cases.add(good("not whole", line, "HTTP/1.1 200 OK\r\nX: 1\r\n", "status=(no head)"));
    cases.add(good("not even a line", line, "HTTP/1.1 20", "status=(no head)"));
  }

  private static void badStatusLines(List<AnswerCase> cases) {
    for (String line :
        List.of(
            "\r\nHTTP/1.1 200 OK",
            "\nHTTP/1.1 200 OK",
            " HTTP/1.1 200 OK",
            "\0HTTP/1.1 200 OK",
            "http/1.1 200 OK",
            "HTTP 200 OK",
            "HTTPS/1.1 200 OK",
            "ICY 200 OK",
            "SSH-2.0-OpenSSH",
            "<html>hi</html>",
            "220 smtp ready",
            "GET / HTTP/1.1",
            "\u0016\u0003\u0001",
            "HTTP\\1.1 200 OK",
            "HTTP/1.1\t200 OK",
            "HTTP/1.1200 OK",
            "HTTP/1.10 200 OK",
            "\u00efHTTP/1.1 200 OK",
            "HTTP/1.1\r\n200 OK",
            "5\r\nhello")) {
      cases.add(
          bad("status line " + printable(line), Violation.BAD_STATUS_LINE, line + "\r\n\r\n"));
    }
    for (String version :
        List.of(
            "HTTP/11 200 OK",
            "HTTP/1,1 200 OK",
            "HTTP/x.1 200 OK",
            "HTTP/1. 200 OK",
            "HTTP/.1 200 OK",
            "HTTP/ 1.1 200 OK",
            "HTTP/-1.1 200 OK",
            "HTTP/1.x 200")) {
      cases.add(bad("version " + version, Violation.BAD_VERSION, version + "\r\n\r\n"));
    }
    for (String version :
        List.of(
            "HTTP/0.9 200 OK",
            "HTTP/2.0 200 OK",
            "HTTP/3.0 200 OK",
            "HTTP/0.1 200",
            "HTTP/9.9 200 OK")) {
      cases.add(bad("version " + version, Violation.UNKNOWN_ANSWER_VERSION, version + "\r\n\r\n"));
    }
    for (String code :
        List.of(
            "20",
            "2",
            "",
            "2000",
            "20x",
            "x00",
            "-20",
            "+200",
            " 200",
            "099",
            "000",
            "600",
            "999",
            "2 0",
            "2\u00b30",
            "200OK",
            "200\t",
            "0x1")) {
      cases.add(
          bad("code " + printable(code), Violation.BAD_STATUS, "HTTP/1.1 " + code + " OK\r\n\r\n"));
    }
    for (char c : new char[] {0, 1, 0x0B, 0x1F, 0x7F}) {
      cases.add(
          bad(
              String.format("reason with 0x%02X", (int) c),
              Violation.BAD_REASON,
              "HTTP/1.1 200 O" + c + "K\r\n\r\n"));
    }
    cases.add(bad("bare LF behind the reason", Violation.BARE_LF, "HTTP/1.1 200 OK\n\r\n"));
    cases.add(bad("bare LF behind the code", Violation.BARE_LF, "HTTP/1.1 200\n\n"));
    cases.add(bad("bare CR in the reason", Violation.BARE_CR, "HTTP/1.1 200 O\rK\r\n\r\n"));
    cases.add(bad("CR CR LF behind the reason", Violation.BARE_CR, "HTTP/1.1 200 OK\r\r\n\r\n"));
    cases.add(bad("bare CR behind the code", Violation.BARE_CR, "HTTP/1.1 200\rOK\r\n\r\n"));
    cases.add(bad("folded status line", Violation.OBS_FOLD, "HTTP/1.1 200 OK\r\n folded\r\n\r\n"));
  }
}
