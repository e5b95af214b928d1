package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.RawCase.bad;
import static dev.runnel.engine.internal.h1.RawCase.good;
import static dev.runnel.engine.internal.h1.Violation.BAD_HOST;
import static dev.runnel.engine.internal.h1.Violation.HOST_MISSING;
import static dev.runnel.engine.internal.h1.Violation.HOST_REPEATED;

import java.util.ArrayList;
import java.util.List;

/** Host (RFC 9110 7.2, RFC 9112 3.2, RFC 3986 3.2.2). */
final class HostCases {
  private HostCases() {}

  static List<RawCase> cases() {
    List<RawCase> cases = new ArrayList<>();
    presence(cases);
    names(cases);
    addresses(cases);
    return cases;
  }

  private static String request(String host) {
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
  }

  private static void presence(List<RawCase> cases) {
    String line = "GET / HTTP/1.1\r\n";
    cases.add(bad("no Host", HOST_MISSING, line + "\r\n"));
    cases.add(
        bad(
            "no Host among others",
            HOST_MISSING,
            line + "Hos: h\r\nHosts: h\r\nX-Host: h\r\n\r\n"));
    cases.add(bad("no Host with absolute form", HOST_MISSING, "GET http://a/ HTTP/1.1\r\n\r\n"));
    cases.add(bad("no Host with CONNECT", HOST_MISSING, "CONNECT a:1 HTTP/1.1\r\n\r\n"));
    cases.add(bad("two Hosts", HOST_REPEATED, line + "Host: a\r\nHost: b\r\n\r\n"));
    cases.add(bad("two equal Hosts", HOST_REPEATED, line + "Host: a\r\nX: 1\r\nhOST: a\r\n\r\n"));
    cases.add(bad("two Hosts, one empty", HOST_REPEATED, line + "Host:\r\nHost: a\r\n\r\n"));
    cases.add(
        bad(
            "two Hosts in HTTP/1.0",
            HOST_REPEATED,
            "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"));
    cases.add(
        bad(
            "two Hosts with absolute form",
            HOST_REPEATED,
            "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"));
    cases.add(bad("bad Host in HTTP/1.0", BAD_HOST, "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n"));
    cases.add(
        bad(
            "bad Host with absolute form",
            BAD_HOST,
            "GET http://a/ HTTP/1.1\r\nHost: a@b\r\n\r\n"));
    cases.add(
        good(
            "Host in HTTP/1.0",
            "RFC 9112 3.2",
            "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
            "authority=a"));
    cases.add(good("no Host in HTTP/1.0", "RFC 9112 3.2", "GET / HTTP/1.0\r\n\r\n", "authority="));
    cases.add(good("empty Host", "RFC 9112 3.2", line + "Host:\r\n\r\n", "authority="));
    cases.add(good("Host in any case", "RFC 9110 5.1", line + "hOsT: a\r\n\r\n", "authority=a"));
    cases.add(
        good(
            "Host as the last field",
            "RFC 9110 5.3",
            line + "X: 1\r\nHost: a\r\n\r\n",
            "authority=a"));
    cases.add(
        good(
            "Host another than the target's",
            "RFC 9112 3.2.2",
            "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
            "authority=a",
            "header Host=b"));
  }

  private static void names(List<RawCase> cases) {
    for (String host :
        List.of(
            "a",
            "example.org",
            "EXAMPLE.org",
            "example.org.",
            "xn--bcher-kva.example",
            "a_b.example",
            "1.2.3.4",
            "999.9.9.9",
            "a:0",
            "a:80",
            "a:65535",
            "a:",
            "a:00080",
            "a%2Db",
            "a!$&'()*+,;=~-b",
            "localhost:8080")) {
      cases.add(good("Host " + host, "RFC 9110 7.2", request(host), "authority=" + host));
    }
    for (String host :
        List.of(
            ":80",
            ":",
            "a:65536",
            "a:99999999999",
            "a:8x",
            "a:-1",
            "a:+1",
            "a:80:80",
            "a: 80",
            "a b",
            "a\tb",
            "u@a",
            "u:p@a:80",
            "a/b",
            "a/",
            "/a",
            "http://a",
            "a?b",
            "a#b",
            "a\\b",
            "a\"b",
            "a<b",
            "a|b",
            "a^b",
            "a`b",
            "a{b",
            "a}b",
            "a[b",
            "a]b",
            "a%",
            "a%4",
            "a%zz",
            "a, b",
            "a\u00e9",
            "\u00a0a",
            "a\u0080")) {
      cases.add(bad("Host " + host, BAD_HOST, request(host)));
    }
  }

  private static void addresses(List<RawCase> cases) {
    for (String host :
        List.of(
            "[::1]",
            "[::]",
            "[::1]:80",
            "[::1]:",
            "[2001:db8::8:800:200C:417A]",
            "[1:2:3:4:5:6:7:8]",
            "[1:2:3:4:5:6:7::]",
            "[::2:3:4:5:6:7:8]",
            "[1::8]",
            "[::ffff:1.2.3.4]",
            "[1:2:3:4:5:6:1.2.3.4]",
            "[1::1.2.3.4]",
            "[::255.255.255.255]")) {
      cases.add(good("Host " + host, "RFC 3986 3.2.2", request(host), "authority=" + host));
    }
    for (String host :
        List.of(
            "[]",
            "[",
            "]",
            "[::1",
            "::1",
            "[:]",
            "[:::]",
            "[1]",
            "[1:2:3:4:5:6:7]",
            "[1:2:3:4:5:6:7:8:9]",
            "[1:2:3:4:5:6:7:8::]",
            "[1::2::3]",
            "[:1:2:3:4:5:6:7:8]",
            "[1:2:3:4:5:6:7:]",
            "[12345::]",
            "[g::]",
            "[1.2.3.4]",
            "[::1.2.3]",
            "[::1.2.3.4.5]",
            "[::256.1.1.1]",
            "[::01.1.1.1]",
            "[::1.2.3.4:1]",
            "[1:2:3:4:5:6:7:1.2.3.4]",
            "[fe80::1%25eth0]",
            "[fe80::1%eth0]",
            "[v1.a]",
            "[::1]a",
            "[::1]:x",
            "[::1]]",
            "a[::1]",
            "[::1]:65536",
            "[1:2:3:4:5:6::1.2.3.4:]",
            "[::1:]",
            "[1:2:3:4:5:6:7:8:]")) {
      cases.add(bad("Host " + host, BAD_HOST, request(host)));
    }
  }
}
