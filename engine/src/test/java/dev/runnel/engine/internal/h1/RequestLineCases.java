package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.Violation.BAD_METHOD;
import static dev.runnel.engine.internal.h1.Violation.BAD_REQUEST_LINE;
import static dev.runnel.engine.internal.h1.Violation.BAD_TARGET;
import static dev.runnel.engine.internal.h1.Violation.BAD_VERSION;
import static dev.runnel.engine.internal.h1.Violation.BARE_CR;
import static dev.runnel.engine.internal.h1.Violation.BARE_LF;
import static dev.runnel.engine.internal.h1.Violation.HOST_MISSING;
import static dev.runnel.engine.internal.h1.Violation.UNSUPPORTED_VERSION;

import java.util.ArrayList;
import java.util.List;

/** Methods, versions, and what stands between the parts of a request line (RFC 9112 2.2, 3). */
final class RequestLineCases {
  private static final String HOST = "Host: h\r\n\r\n";

  private RequestLineCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    methods(cases);
    versions(cases);
    spaces(cases);
    lineEnds(cases);
    otherProtocols(cases);
    return cases;
  }

  private static void methods(List<RawCase> cases) {
    for (String method :
        List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS")) {
      cases.add(
          good(
              "method " + method,
              "RFC 9110 9",
              method + " / HTTP/1.1\r\n" + HOST,
              "method=" + method,
              "target=/",
              "done=true"));
    }
    for (String method : List.of("PROPFIND", "get", "Get", "X", "M-SEARCH", "!#$%&'*+-.^_`|~9")) {
      cases.add(
          good(
              "unknown method " + method,
              "RFC 9110 9.1: any token, case-sensitive",
              method + " / HTTP/1.1\r\n" + HOST,
              "method=" + method));
    }
    for (String method : List.of("GE(T", "GET,", "G\u00c9T", "G/T", "\"GET\"", "GET:", "G=T")) {
      cases.add(bad("method " + method, BAD_METHOD, method + " / HTTP/1.1\r\n" + HOST));
    }
    cases.add(bad("control in the method", BAD_METHOD, "G\u0001T / HTTP/1.1\r\n" + HOST));
    cases.add(bad("NUL in the method", BAD_METHOD, "\0GET / HTTP/1.1\r\n" + HOST));
    cases.add(bad("tab behind the method", BAD_METHOD, "GET\t/ HTTP/1.1\r\n" + HOST));
    cases.add(bad("byte order mark", BAD_METHOD, "\u00ef\u00bb\u00bfGET / HTTP/1.1\r\n" + HOST));
  }

  private static void versions(List<RawCase> cases) {
    cases.add(
        good(
            "HTTP/1.0", "RFC 9112 2.3", "GET / HTTP/1.0\r\n\r\n", "version=HTTP/1.0", "done=true"));
    for (String minor : List.of("1", "2", "9")) {
      cases.add(
          good(
              "HTTP/1." + minor,
              "RFC 9110 6.2: as the highest minor version we know",
              "GET / HTTP/1." + minor + "\r\n" + HOST,
              "version=HTTP/1.1"));
    }
    for (String version : List.of("HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/9.9", "HTTP/0.0")) {
      cases.add(bad("version " + version, UNSUPPORTED_VERSION, "GET / " + version + "\r\n" + HOST));
    }
    for (String version :
        List.of(
            "http/1.1",
            "Http/1.1",
            "HTTP/1",
            "HTTP/2",
            "HTTP/1.",
            "HTTP/.1",
            "HTTP/1.10",
            "HTTP/11.1",
            "HTTP/01.1",
            "HTTP/1,1",
            "HTTP-1.1",
            "HTTP/1.1x",
            "HTTP/a.1",
            "HTTP/1.a",
            "HTTP/+1.1",
            "HTTPS/1.1",
            "ICY/1.1",
            "HTTP/1.1;",
            "HTTP/1.1\0")) {
      cases.add(bad("version " + version, BAD_VERSION, "GET / " + version + "\r\n" + HOST));
    }
    cases.add(bad("tab behind the version", BAD_VERSION, "GET / HTTP/1.1\t\r\n" + HOST));
    cases.add(bad("HTTP/1.2 without Host", HOST_MISSING, "GET / HTTP/1.2\r\n\r\n"));
  }

  private static void spaces(List<RawCase> cases) {
    cases.add(bad("HTTP/0.9 request", BAD_REQUEST_LINE, "GET /\r\n"));
    cases.add(bad("method only", BAD_REQUEST_LINE, "GET\r\n" + HOST));
    cases.add(bad("method and space only", BAD_REQUEST_LINE, "GET \r\n" + HOST));
    cases.add(bad("no version", BAD_REQUEST_LINE, "GET /\r\n" + HOST));
    cases.add(bad("empty version", BAD_VERSION, "GET / \r\n" + HOST));
    // "HTTP/1.1" is read as the target, and then there is no version.
    cases.add(bad("no target", BAD_REQUEST_LINE, "GET HTTP/1.1\r\n" + HOST));
    cases.add(bad("two spaces before the target", BAD_REQUEST_LINE, "GET  / HTTP/1.1\r\n" + HOST));
    cases.add(bad("two spaces before the version", BAD_REQUEST_LINE, "GET /  HTTP/1.1\r\n" + HOST));
    cases.add(bad("space behind the version", BAD_REQUEST_LINE, "GET / HTTP/1.1 \r\n" + HOST));
    cases.add(bad("space before the method", BAD_METHOD, " GET / HTTP/1.1\r\n" + HOST));
    cases.add(bad("space in the target", BAD_REQUEST_LINE, "GET /a b HTTP/1.1\r\n" + HOST));
    cases.add(bad("space in the query", BAD_REQUEST_LINE, "GET /?q=a b HTTP/1.1\r\n" + HOST));
    cases.add(bad("tab in the target", BAD_TARGET, "GET /a\tb HTTP/1.1\r\n" + HOST));
    cases.add(bad("tab behind the target", BAD_TARGET, "GET /\tHTTP/1.1\r\n" + HOST));
    cases.add(bad("form feed behind the target", BAD_TARGET, "GET /\fHTTP/1.1\r\n" + HOST));
    cases.add(
        bad(
            "a second request in the target",
            BAD_REQUEST_LINE,
            "GET / HTTP/1.1 GET /admin HTTP/1.1\r\n" + HOST));
  }

  private static void lineEnds(List<RawCase> cases) {
    String line = "GET / HTTP/1.1";
    cases.add(
        good(
            "one empty line before the request",
            "RFC 9112 2.2",
            "\r\n" + line + "\r\n" + HOST,
            "method=GET",
            "done=true",
            "rest=0"));
    cases.add(
        bad(
            "two empty lines before the request",
            BAD_REQUEST_LINE,
            "\r\n\r\n" + line + "\r\n" + HOST));
    cases.add(bad("bare LF before the request", BARE_LF, "\n" + line + "\r\n" + HOST));
    cases.add(bad("bare CR before the request", BARE_CR, "\r" + line + "\r\n" + HOST));
    cases.add(bad("bare LF behind the version", BARE_LF, line + "\n" + HOST));
    cases.add(bad("bare CR behind the version", BARE_CR, line + "\rHost: h\r\n\r\n"));
    cases.add(bad("CR CR LF behind the version", BARE_CR, line + "\r\r\n" + HOST));
    cases.add(bad("bare LF in the method", BARE_LF, "GE\nT / HTTP/1.1\r\n" + HOST));
    cases.add(bad("bare LF in the target", BARE_LF, "GET /a\nb HTTP/1.1\r\n" + HOST));
    cases.add(bad("bare CR in the target", BARE_CR, "GET /a\rb HTTP/1.1\r\n" + HOST));
    cases.add(bad("bare CR in the method", BARE_CR, "GE\rT / HTTP/1.1\r\n" + HOST));
    cases.add(bad("only LF as line ends", BARE_LF, "GET / HTTP/1.1\nHost: h\n\n"));
    cases.add(bad("only CR as line ends", BARE_CR, "GET / HTTP/1.1\rHost: h\r\r"));
  }

  private static void otherProtocols(List<RawCase> cases) {
    cases.add(
        bad("the preface of HTTP/2", UNSUPPORTED_VERSION, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    cases.add(bad("a TLS handshake", BAD_METHOD, "\u0016\u0003\u0001\0\u00a5\u0001\0\0\u00a1"));
    cases.add(bad("an answer of HTTP", BAD_METHOD, "HTTP/1.1 200 OK\r\n\r\n"));
    cases.add(bad("an RTSP request", BAD_VERSION, "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"));
    cases.add(bad("a SIP request", BAD_VERSION, "OPTIONS sip:a@b SIP/2.0\r\n\r\n"));
    cases.add(bad("an SMTP greeting", BAD_REQUEST_LINE, "EHLO example.org\r\n"));
  }
}
