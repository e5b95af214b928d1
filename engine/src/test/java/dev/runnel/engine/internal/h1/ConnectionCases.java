package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.get;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.RawCase.post;
import static dev.runnel.engine.internal.h1.Violation.UNKNOWN_EXPECTATION;

import java.util.ArrayList;
import java.util.List;

/**
 * Connection, Upgrade and Expect (RFC 9110 7.6.1, 7.8, 10.1.1), and requests as real clients send
 * them.
 */
@SuppressWarnings("StringConcatToTextBlock") // Text blocks end their lines with LF.
final class ConnectionCases {
  private ConnectionCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    connection(cases);
    upgrade(cases);
    expect(cases);
    clients(cases);
    return cases;
  }

  private static void connection(List<RawCase> cases) {
    String source = "RFC 9112 9.3";
    String old = "GET / HTTP/1.0\r\n";
    cases.add(
        good(
            "HTTP/1.1 lives on",
            source,
            get(""),
            "persistent=true",
            "close=false",
            "keepAlive=false"));
    cases.add(good("HTTP/1.0 does not", source, old + "\r\n", "persistent=false", "close=false"));
    cases.add(
        good("close", source, get("Connection: close\r\n"), "close=true", "persistent=false"));
    cases.add(good("close in any case", source, get("cOnNeCtIoN: CLOSE\r\n"), "close=true"));
    cases.add(
        good(
            "keep-alive",
            source,
            get("Connection: keep-alive\r\n"),
            "keepAlive=true",
            "persistent=true"));
    cases.add(
        good(
            "keep-alive in HTTP/1.0",
            source,
            old + "Connection: Keep-Alive\r\n\r\n",
            "keepAlive=true",
            "persistent=true"));
    cases.add(
        good(
            "close in HTTP/1.0",
            source,
            old + "Connection: close\r\n\r\n",
            "close=true",
            "persistent=false"));
    cases.add(
        good(
            "keep-alive and close",
            source,
            get("Connection: keep-alive, close\r\n"),
            "keepAlive=true",
            "close=true",
            "persistent=false"));
    cases.add(
        good(
            "keep-alive and close in HTTP/1.0",
            source,
            old + "Connection: close, keep-alive\r\n\r\n",
            "persistent=false"));
    cases.add(
        good(
            "close among others",
            "RFC 9110 7.6.1",
            get("Connection: a,\tclose ,, b\r\n"),
            "close=true"));
    cases.add(
        good(
            "close in the second line",
            "RFC 9110 5.3",
            get("Connection: a\r\nConnection: close\r\n"),
            "close=true"));
    cases.add(
        good(
            "a word with close in it",
            "RFC 9110 7.6.1",
            get("Connection: closed, xclose, clo se, \"close\"\r\n"),
            "close=false"));
    cases.add(
        good(
            "empty Connection",
            "RFC 9110 5.6.1",
            get("Connection:\r\n"),
            "close=false",
            "persistent=true"));
    cases.add(good("only commas", "RFC 9110 5.6.1", get("Connection: ,,\r\n"), "close=false"));
    cases.add(
        good(
            "nominated fields stay",
            "RFC 9110 7.6.1",
            get("Connection: X-Hop\r\nX-Hop: 1\r\n"),
            "header X-Hop=1"));
    cases.add(
        good(
            "Host nominated",
            "RFC 9110 7.6.1",
            get("Connection: Host, Content-Length\r\nContent-Length: 0\r\n"),
            "authority=h",
            "length=0"));
    cases.add(
        good(
            "Proxy-Connection means nothing",
            "RFC 9110 C.2.2",
            old + "Proxy-Connection: keep-alive\r\n\r\n",
            "persistent=false"));
    cases.add(
        good(
            "User-Agent is as long as Connection",
            "RFC 9110 10.1.5",
            get("User-Agent: close\r\n"),
            "close=false"));
  }

  private static void upgrade(List<RawCase> cases) {
    String source = "RFC 9110 7.8";
    cases.add(
        good(
            "upgrade",
            source,
            get("Connection: Upgrade\r\nUpgrade: websocket\r\n"),
            "upgrade=true",
            "header Upgrade=websocket"));
    cases.add(
        good(
            "upgrade field first",
            source,
            get("Upgrade: websocket\r\nConnection: keep-alive, upgrade\r\n"),
            "upgrade=true",
            "keepAlive=true"));
    cases.add(
        good("upgrade without the option", source, get("Upgrade: websocket\r\n"), "upgrade=false"));
    cases.add(
        good("upgrade without the field", source, get("Connection: Upgrade\r\n"), "upgrade=false"));
    cases.add(
        good(
            "upgrade to nothing",
            source,
            get("Connection: Upgrade\r\nUpgrade:\r\n"),
            "upgrade=false"));
    cases.add(
        good(
            "upgrade in HTTP/1.0",
            source,
            "GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
            "upgrade=false"));
    cases.add(
        good(
            "upgrade to h2c",
            source,
            get(
                "Connection: Upgrade, HTTP2-Settings\r\n"
                    + "Upgrade: h2c\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
            "upgrade=true"));
  }

  private static void expect(List<RawCase> cases) {
    String source = "RFC 9110 10.1.1";
    cases.add(
        good(
            "100-continue",
            source,
            post("Expect: 100-continue\r\nContent-Length: 2\r\n") + "ab",
            "expect=true",
            "body=ab"));
    cases.add(
        good(
            "100-continue behind the length",
            source,
            post("Content-Length: 2\r\nExpect: 100-CONTINUE\r\n") + "ab",
            "expect=true"));
    cases.add(
        good(
            "100-continue of chunks",
            source,
            post("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
            "expect=true"));
    cases.add(
        good(
            "100-continue without a body",
            source,
            post("Expect: 100-continue\r\n"),
            "expect=false"));
    cases.add(
        good(
            "100-continue with an empty body",
            source,
            post("Expect: 100-continue\r\nContent-Length: 0\r\n"),
            "expect=false"));
    cases.add(
        good(
            "100-continue in HTTP/1.0",
            source,
            "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
            "expect=false",
            "body=ab"));
    cases.add(
        good(
            "100-continue twice",
            source,
            post("Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 2\r\n") + "ab",
            "expect=true"));
    for (String value :
        List.of(
            "",
            "200-ok",
            "100-continue, foo",
            "100-continue, 100-continue",
            "100",
            "100-continue;a=b",
            "x100-continue")) {
      cases.add(
          bad(
              "Expect " + value,
              UNKNOWN_EXPECTATION,
              post("Expect: " + value + "\r\nContent-Length: 2\r\n") + "ab"));
    }
    cases.add(
        bad(
            "an unknown expectation in HTTP/1.0",
            UNKNOWN_EXPECTATION,
            "GET / HTTP/1.0\r\nExpect: foo\r\n\r\n"));
  }

  private static void clients(List<RawCase> cases) {
    cases.add(
        good(
            "as wrk sends",
            "observed",
            "GET /plaintext HTTP/1.1\r\nHost: localhost:8080\r\n\r\n",
            "path=/plaintext",
            "authority=localhost:8080",
            "fields=1"));
    cases.add(
        good(
            "as curl sends",
            "observed",
            "GET /a?b=c HTTP/1.1\r\n"
                + "Host: localhost:8080\r\n"
                + "User-Agent: curl/8.5.0\r\n"
                + "Accept: */*\r\n\r\n",
            "query=b=c",
            "header accept=*/*",
            "fields=3"));
    cases.add(
        good(
            "as Firefox sends",
            "observed",
            BrowserRequest.TEXT,
            "path=/search",
            "query=q=a|b^c&x={1}",
            "persistent=true",
            "header Accept-Encoding=gzip, deflate, br, zstd",
            "fields=14"));
    cases.add(
        good(
            "as ab sends",
            "observed",
            "GET / HTTP/1.0\r\n"
                + "Connection: Keep-Alive\r\n"
                + "Host: localhost:8080\r\n"
                + "User-Agent: ApacheBench/2.3\r\n"
                + "Accept: */*\r\n\r\n",
            "persistent=true",
            "version=HTTP/1.0"));
    cases.add(
        good(
            "as HAProxy checks",
            "observed",
            "OPTIONS / HTTP/1.0\r\n\r\n",
            "method=OPTIONS",
            "authority=",
            "path=/"));
    cases.add(
        good(
            "as a form is posted",
            "observed",
            post("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n")
                + "a=1&b=2",
            "body=a=1&b=2",
            "done=true"));
    cases.add(
        good(
            "as a browser opens a WebSocket",
            "observed",
            get(
                "Connection: keep-alive, Upgrade\r\n"
                    + "Upgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Origin: http://h\r\n"),
            "upgrade=true",
            "keepAlive=true"));
    cases.add(
        good(
            "as EventSource asks",
            "observed",
            get("Accept: text/event-stream\r\nCache-Control: no-cache\r\nLast-Event-ID: 7\r\n"),
            "header last-event-id=7",
            "hasBody=false"));
  }
}
