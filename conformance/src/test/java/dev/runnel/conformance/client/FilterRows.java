package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.HstsStore;
import dev.runnel.client.MemoryCookieJar;
import dev.runnel.client.RetryPolicy;
import dev.runnel.client.StoredCookie;
import dev.runnel.http.Request;
import dev.runnel.http.Uri;
import dev.runnel.transport.ClientException.Reason;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Answers that would lead the client astray: redirects, cookies, promises about TLS, delays. */
final class FilterRows {
  private static final String EMPTY = "Content-Length: 0\r\n\r\n";
  private static final String TWO = "Content-Length: 2\r\n\r\nhi";

  private FilterRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    loops(rows);
    badPlaces(rows);
    badBodies(rows);
    cookies(rows);
    rest(rows);
    return rows;
  }

  // --- redirects ---

  private static Hostile redirect(String name, String location) {
    return http1(
        "redirect " + name,
        line -> line.send("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n" + EMPTY));
  }

  private static void loops(List<Hostile> rows) {
    String most = "more than 20 redirects";
    rows.add(redirect("to itself", "/").fails(Reason.TOO_MANY_REDIRECTS, most).keeps());
    rows.add(
        redirect("to nothing but a fragment", "#x").fails(Reason.TOO_MANY_REDIRECTS, most).keeps());
    rows.add(
        http1(
                "redirect that grows for ever",
                line ->
                    line.send("HTTP/1.1 308 X\r\nLocation: " + line.target() + "x/\r\n" + EMPTY))
            .fails(Reason.TOO_MANY_REDIRECTS, most)
            .keeps());
    rows.add(
        http1(
                "redirect to another connection each time",
                line -> {
                  line.send("HTTP/1.1 307 X\r\nLocation: /\r\nConnection: close\r\n" + EMPTY);
                  line.stall();
                })
            .fails(Reason.TOO_MANY_REDIRECTS, most)
            .connections(22));
  }

  private static void badPlaces(List<Hostile> rows) {
    for (String place :
        List.of(
            "ftp://a.test/",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/plain,hi",
            "gopher://127.0.0.1:6379/_FLUSHALL")) {
      rows.add(redirect("to " + place, place).fails(Reason.BAD_REDIRECT, "scheme").keeps());
    }
    rows.add(bad("without a host", "http://"));
    rows.add(bad("with a broken address", "http://[::1"));
    rows.add(bad("to port 99999", "http://127.0.0.1:99999/"));
    rows.add(bad("with bytes that are no text", "/\u00ff\u00fe"));
    rows.add(
        http1(
                "redirect to two places",
                line -> line.send("HTTP/1.1 302 X\r\nLocation: /a\r\nLocation: /b\r\n" + EMPTY))
            .fails(Reason.BAD_REDIRECT, "several Location fields")
            .keeps());
    rows.add(
        redirect("to a port where nobody is", "http://127.0.0.1:1/")
            .fails(Reason.CONNECT, "127.0.0.1:1")
            .keeps());
    rows.add(
        http1("redirect from TLS to clear text", line -> clear(line))
            .secure()
            .fails(Reason.BAD_REDIRECT, "in clear")
            .keeps());
    rows.add(
        http1("redirect without a place", line -> line.send("HTTP/1.1 302 X\r\n" + TWO))
            .answers(302, "hi")
            .keeps());
  }

  private static void clear(Line line) throws IOException {
    line.send("HTTP/1.1 302 X\r\nLocation: http://127.0.0.1/\r\n" + EMPTY);
  }

  private static Hostile bad(String name, String place) {
    return redirect(name, place).fails(Reason.BAD_REDIRECT, "Location").keeps();
  }

  private static void badBodies(List<Hostile> rows) {
    rows.add(
        http1(
                "redirect with an endless body",
                line -> {
                  if (line.target().equals("/there")) {
                    line.send(Http1Line.good(line.number()));
                  } else {
                    line.send("HTTP/1.1 302 X\r\nLocation: /there\r\n\r\n");
                    line.flood("x");
                  }
                })
            .answers(200, "good")
            .keeps()
            .connections(2)
            .takesAtMost(24L << 20));
    rows.add(
        http1(
                "redirect whose body is cut off",
                line -> {
                  if (line.target().equals("/there")) {
                    line.send(Http1Line.good(line.number()));
                  } else {
                    line.send("HTTP/1.1 302 X\r\nLocation: /there\r\nContent-Length: 9\r\n\r\nx");
                    line.close();
                  }
                })
            .answers(200, "good")
            .keeps()
            .connections(2));
  }

  // --- cookies ---

  private static Hostile cookies(String name, MemoryCookieJar jar, String... fields) {
    StringBuilder section = new StringBuilder("HTTP/1.1 200 OK\r\n");
    for (String field : fields) {
      section.append("Set-Cookie: ").append(field).append("\r\n");
    }
    String answer = section + TWO;
    return http1("cookies " + name, line -> line.send(answer))
        .client(c -> c.cookies(jar))
        .answers(200, "hi")
        .keeps();
  }

  private static void cookies(List<Hostile> rows) {
    for (String foreign :
        List.of(
            "a=b; Domain=bank.test",
            "a=b; Domain=.test",
            "a=b; Domain=test",
            "a=b; Domain=0.0.1",
            "a=b; Domain=.0.0.1",
            "__Host-a=b; Domain=127.0.0.1",
            "__Secure-a=b",
            "a=b; Max-Age=-1")) {
      MemoryCookieJar jar = new MemoryCookieJar();
      rows.add(
          cookies("that are not its to set: " + foreign, jar, foreign)
              .then(() -> assertThat(jar.cookies()).isEmpty()));
    }
    MemoryCookieJar many = new MemoryCookieJar();
    String[] bomb = new String[190];
    for (int i = 0; i < bomb.length; i++) {
      bomb[i] = "c" + i + "=" + "x".repeat(300);
    }
    rows.add(
        cookies("by the hundred", many, bomb)
            .then(() -> assertThat(many.cookies()).hasSizeLessThanOrEqualTo(50)));
    MemoryCookieJar large = new MemoryCookieJar();
    rows.add(
        cookies("of 32 KiB", large, "a=" + "x".repeat(32 << 10))
            .then(() -> assertThat(large.cookies()).isEmpty()));
    MemoryCookieJar odd = new MemoryCookieJar();
    rows.add(
        cookies("that are none", odd, "", "=", ";", "a", "a=b\u00e9\tc; Path", "=;=;=")
            .then(
                () ->
                    assertThat(odd.cookies())
                        .extracting(StoredCookie::value)
                        .allMatch(value -> value.indexOf('\r') < 0 && value.indexOf('\n') < 0)));
  }

  // --- the rest ---

  private static void rest(List<Hostile> rows) {
    HstsStore store = new HstsStore();
    Uri there = Uri.of("http://shop.test/");
    rows.add(
        http1(
                "Strict-Transport-Security in clear",
                line ->
                    line.send(
                        "HTTP/1.1 200 OK\r\nStrict-Transport-Security: max-age=99999999;"
                            + " includeSubDomains\r\n"
                            + TWO))
            .client(c -> c.hsts(store))
            .answers(200, "hi")
            .keeps()
            .then(() -> assertThat(store.isKnown(there)).isFalse()));
    for (String delay :
        List.of("999999999", "9".repeat(400), "Fri, 31 Dec 9999 23:59:59 GMT", "61")) {
      rows.add(retryAfter(delay).client(c -> c.retries(RetryPolicy.DEFAULT)).keeps());
    }
    rows.add(
        http1("Retry-After: in negative time", line -> busy(line, "-5"))
            .client(c -> c.retries(RetryPolicy.DEFAULT))
            .answers(503, "hi")
            .keeps());
    rows.add(
        http1("421 for ever", line -> line.send("HTTP/1.1 421 Misdirected Request\r\n" + TWO))
            .client(c -> c.retries(RetryPolicy.DEFAULT))
            .answers(421, "hi")
            .keeps());
    rows.add(
        http1(
                "401 for ever",
                line -> line.send("HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm=x\r\n" + TWO))
            .request(r -> Request.get(r.uri().toString().replace("//", "//user:secret@")))
            .answers(401, "hi")
            .keeps());
  }

  private static Hostile retryAfter(String delay) {
    String name = delay.length() > 40 ? delay.length() + " digits" : delay;
    return http1("Retry-After: " + name, line -> busy(line, delay)).answers(503, "hi");
  }

  private static void busy(Line line, String delay) throws IOException {
    line.send("HTTP/1.1 503 X\r\nRetry-After: " + delay + "\r\n" + TWO);
  }
}
