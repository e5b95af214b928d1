package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.Violation.BAD_AUTHORITY;
import static dev.runnel.engine.internal.h1.Violation.BAD_PERCENT;
import static dev.runnel.engine.internal.h1.Violation.BAD_TARGET;
import static dev.runnel.engine.internal.h1.Violation.BAD_TARGET_FORM;

import java.util.ArrayList;
import java.util.List;

/** The forms and characters of a target (RFC 9112 3.2, RFC 3986). */
final class TargetCases {
  private TargetCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    originForm(cases);
    absoluteForm(cases);
    authorityForm(cases);
    asteriskForm(cases);
    characters(cases);
    percent(cases);
    return cases;
  }

  private static String request(String methodAndTarget) {
    return methodAndTarget + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  private static void originForm(List<RawCase> cases) {
    String source = "RFC 9112 3.2.1";
    cases.add(good("path", source, request("GET /a/b"), "target=/a/b", "path=/a/b", "query=null"));
    cases.add(
        good(
            "path and query",
            source,
            request("GET /a?b=c&d"),
            "path=/a",
            "query=b=c&d",
            "target=/a?b=c&d"));
    cases.add(good("empty query", source, request("GET /a?"), "path=/a", "query="));
    cases.add(
        good("question mark in the query", source, request("GET /a?b?c"), "path=/a", "query=b?c"));
    cases.add(good("slash in the query", source, request("GET /?/../"), "path=/", "query=/../"));
    cases.add(
        good(
            "two slashes are a path",
            source,
            request("GET //evil.example/x"),
            "path=//evil.example/x",
            "authority=h",
            "scheme=null"));
    cases.add(
        good("dot segments are kept", source, request("GET /a/../b/./c"), "path=/a/../b/./c"));
    cases.add(good("path parameters are kept", source, request("GET /a;b=1/c"), "path=/a;b=1/c"));
    cases.add(
        good(
            "a URI in the path",
            source,
            request("GET /http://a/b"),
            "path=/http://a/b",
            "scheme=null"));
    cases.add(bad("path without a slash", BAD_TARGET_FORM, request("GET a/b")));
    cases.add(bad("query only", BAD_TARGET_FORM, request("GET ?a=b")));
    cases.add(bad("dots before the path", BAD_TARGET_FORM, request("GET ../a")));
    cases.add(bad("asterisk before the path", BAD_TARGET_FORM, request("GET */a")));
    cases.add(bad("backslash for a slash", BAD_TARGET, request("GET \\a")));
  }

  private static void absoluteForm(List<RawCase> cases) {
    String source = "RFC 9112 3.2.2";
    cases.add(
        good(
            "absolute form",
            source,
            request("GET http://a.example:8080/b?c"),
            "scheme=http",
            "authority=a.example:8080",
            "path=/b",
            "query=c",
            "target=http://a.example:8080/b?c",
            "header Host=h"));
    cases.add(
        good(
            "absolute form of https",
            source,
            request("GET https://a/b"),
            "scheme=https",
            "authority=a",
            "path=/b"));
    cases.add(
        good(
            "absolute form in any case",
            source,
            request("GET HtTpS://A/b"),
            "scheme=https",
            "authority=A"));
    cases.add(
        good(
            "absolute form without a path",
            source,
            request("GET http://a"),
            "path=/",
            "query=null",
            "authority=a"));
    cases.add(
        good(
            "absolute form with a query only",
            source,
            request("GET http://a?b"),
            "path=/",
            "query=b",
            "authority=a"));
    cases.add(
        good(
            "absolute form of an IPv6 host",
            source,
            request("GET http://[::1]:80/"),
            "authority=[::1]:80"));
    cases.add(
        good(
            "absolute form with an empty port",
            "RFC 3986 3.2.3",
            request("GET http://a:/"),
            "authority=a:"));
    cases.add(
        good(
            "absolute form to a proxy with PUT",
            source,
            request("PUT http://a/"),
            "method=PUT",
            "authority=a"));
    cases.add(
        good(
            "absolute form in HTTP/1.0",
            source,
            "GET http://a/b HTTP/1.0\r\n\r\n",
            "authority=a",
            "path=/b"));
    cases.add(
        good(
            "OPTIONS of a URI without a path",
            "RFC 9112 3.2.4",
            request("OPTIONS http://a"),
            "path=*",
            "authority=a"));
    cases.add(
        good(
            "OPTIONS of a URI with a query",
            "RFC 9112 3.2.4",
            request("OPTIONS http://a?b"),
            "path=/",
            "query=b"));
    cases.add(
        good(
            "OPTIONS of a URI with a path",
            "RFC 9112 3.2.4",
            request("OPTIONS http://a/"),
            "path=/"));
    cases.add(
        bad("absolute form with user information", BAD_AUTHORITY, request("GET http://u:p@a/")));
    cases.add(
        bad("absolute form with empty user information", BAD_AUTHORITY, request("GET http://@a/")));
    cases.add(bad("absolute form without a host", BAD_AUTHORITY, request("GET http:///a")));
    cases.add(bad("absolute form of nothing", BAD_AUTHORITY, request("GET http://")));
    cases.add(bad("absolute form with a port only", BAD_AUTHORITY, request("GET http://:80/")));
    cases.add(bad("absolute form with a bad port", BAD_AUTHORITY, request("GET http://a:8x/")));
    cases.add(bad("absolute form with a high port", BAD_AUTHORITY, request("GET http://a:65536/")));
    cases.add(
        bad("absolute form with brackets in the host", BAD_AUTHORITY, request("GET http://a[b]/")));
    cases.add(
        bad("absolute form with an open bracket", BAD_AUTHORITY, request("GET http://[::1/")));
    cases.add(
        bad("absolute form with a bar in the host", BAD_AUTHORITY, request("GET http://a|b/")));
    cases.add(bad("absolute form with one slash", BAD_TARGET_FORM, request("GET http:/a")));
    cases.add(bad("absolute form of another scheme", BAD_TARGET_FORM, request("GET ftp://a/b")));
    cases.add(bad("absolute form of a longer scheme", BAD_TARGET_FORM, request("GET httpx://a/b")));
    cases.add(bad("a javascript URI", BAD_TARGET_FORM, request("GET javascript:alert(1)")));
    cases.add(bad("fragment in absolute form", BAD_TARGET, request("GET http://a/b#c")));
  }

  private static void authorityForm(List<RawCase> cases) {
    String source = "RFC 9112 3.2.3";
    cases.add(
        good(
            "CONNECT",
            source,
            request("CONNECT a.example:443"),
            "method=CONNECT",
            "authority=a.example:443",
            "target=a.example:443",
            "path=/",
            "query=null"));
    cases.add(
        good("CONNECT to IPv4", source, request("CONNECT 127.0.0.1:80"), "authority=127.0.0.1:80"));
    cases.add(
        good(
            "CONNECT to IPv6",
            source,
            request("CONNECT [2001:db8::1]:443"),
            "authority=[2001:db8::1]:443"));
    cases.add(bad("CONNECT without a port", BAD_AUTHORITY, request("CONNECT a.example")));
    cases.add(bad("CONNECT with an empty port", BAD_AUTHORITY, request("CONNECT a.example:")));
    cases.add(bad("CONNECT to port 0", BAD_AUTHORITY, request("CONNECT a.example:0")));
    cases.add(bad("CONNECT to a high port", BAD_AUTHORITY, request("CONNECT a.example:65536")));
    cases.add(bad("CONNECT to no host", BAD_AUTHORITY, request("CONNECT :443")));
    cases.add(bad("CONNECT with user information", BAD_AUTHORITY, request("CONNECT u@a:443")));
    cases.add(bad("CONNECT with a path behind", BAD_AUTHORITY, request("CONNECT a:443/b")));
    cases.add(bad("CONNECT with a query behind", BAD_AUTHORITY, request("CONNECT a:443?b")));
    cases.add(bad("CONNECT of a path", BAD_TARGET_FORM, request("CONNECT /a")));
    cases.add(bad("CONNECT of a URI", BAD_AUTHORITY, request("CONNECT http://a:443/")));
    cases.add(bad("CONNECT of an asterisk", BAD_TARGET_FORM, request("CONNECT *")));
    cases.add(bad("authority form with GET", BAD_TARGET_FORM, request("GET a.example:443")));
  }

  private static void asteriskForm(List<RawCase> cases) {
    cases.add(
        good(
            "OPTIONS *",
            "RFC 9112 3.2.4",
            request("OPTIONS *"),
            "target=*",
            "path=*",
            "query=null",
            "authority=h"));
    cases.add(bad("GET *", BAD_TARGET_FORM, request("GET *")));
    cases.add(bad("an unknown method of *", BAD_TARGET_FORM, request("options *")));
    cases.add(bad("OPTIONS **", BAD_TARGET_FORM, request("OPTIONS **")));
    cases.add(bad("OPTIONS *?a", BAD_TARGET_FORM, request("OPTIONS *?a")));
  }

  private static void characters(List<RawCase> cases) {
    String plain = "/-._~!$&'()*+,;=:@azAZ09";
    cases.add(
        good(
            "all characters of RFC 3986",
            "RFC 3986 3.3",
            request("GET " + plain + "?" + plain),
            "path=" + plain,
            "query=" + plain));
    for (char c : "[]^|".toCharArray()) {
      String source = "WHATWG URL: browsers send it";
      cases.add(
          good(
              "raw " + c + " in a path", source, request("GET /a" + c + "b"), "path=/a" + c + "b"));
      cases.add(
          good(
              "raw " + c + " in a query",
              source,
              request("GET /?a" + c + "b"),
              "query=a" + c + "b"));
    }
    for (char c : "\\`{}".toCharArray()) {
      cases.add(bad("raw " + c + " in a path", BAD_TARGET, request("GET /a" + c + "b")));
      cases.add(
          good(
              "raw " + c + " in a query",
              "WHATWG URL: browsers send it",
              request("GET /?a" + c + "b"),
              "query=a" + c + "b"));
    }
    for (char c : "\"<>#".toCharArray()) {
      cases.add(bad("raw " + c + " in a path", BAD_TARGET, request("GET /a" + c + "b")));
      cases.add(bad("raw " + c + " in a query", BAD_TARGET, request("GET /?a" + c + "b")));
    }
    for (int c : new int[] {0, 1, 0x0B, 0x1B, 0x1F, 0x7F, 0x80, 0xA0, 0xE9, 0xFF}) {
      String name = String.format("0x%02X", c);
      cases.add(bad(name + " in a path", BAD_TARGET, request("GET /a" + (char) c + "b")));
      cases.add(bad(name + " in a query", BAD_TARGET, request("GET /?a" + (char) c + "b")));
    }
  }

  private static void percent(List<RawCase> cases) {
    cases.add(
        good(
            "percent triplets",
            "RFC 3986 2.1",
            request("GET /%41%c3%A9?%2F%00"),
            "path=/%41%c3%A9",
            "query=%2F%00"));
    for (String broken :
        List.of(
            "/%", "/%4", "/%4g", "/%g4", "/%%41", "/%u0041", "/a?%", "/?a=%2", "/?100%", "/%4?1")) {
      cases.add(bad("percent " + broken, BAD_PERCENT, request("GET " + broken)));
    }
    cases.add(bad("percent in CONNECT", BAD_PERCENT, request("CONNECT a%4:443")));
    cases.add(
        good(
            "percent triplet in a host",
            "RFC 3986 3.2.2",
            request("GET http://a%41/"),
            "authority=a%41"));
  }
}
