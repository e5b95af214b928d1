package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ContentDecoding;
import dev.runnel.client.HstsStore;
import dev.runnel.client.MemoryCookieJar;
import dev.runnel.client.RedirectPolicy;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.transport.ClientException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redirects, credentials, cookies, HSTS and compression, as a server sees them. */
@EveryGround
class FilterContractTest extends ClientContract {
  @BeforeEach
  void start() {
    start(this::declare);
  }

  private void declare(RouteBuilder r) {
    for (Method method : List.of(Method.GET, Method.POST, Method.PUT)) {
      r.handle(method, "/go/{code:int}", this::redirect);
      r.handle(method, "/end", FilterContractTest::end);
    }
    r.handle(Method.GET, "/loop", x -> x.respond(Response.redirect("/loop")));
    r.handle(
        Method.GET,
        "/cookie",
        x ->
            x.respond(
                Response.ok(String.valueOf(x.request().headers().get("Cookie")))
                    .header("Set-Cookie", "a=1; Path=/")
                    .header("Set-Cookie", "b=2; Path=/elsewhere")));
    r.handle(
        Method.GET,
        "/hsts",
        x -> x.respond(Response.ok().header("Strict-Transport-Security", "max-age=1000")));
    r.handle(Method.GET, "/gzip/{kilobytes:int}", FilterContractTest::zipped);
    r.handle(
        Method.GET,
        "/accept-encoding",
        x -> x.respond(Response.ok(String.valueOf(x.request().header("Accept-Encoding")))));
  }

  /** To the URL that the query says. */
  private void redirect(Exchange x) {
    Headers location = Headers.of("Location", x.request().query("to"));
    x.respond(Response.of(x.request().pathInt("code")).headers(location).text("moved"));
  }

  /** Tells what arrived. */
  private static void end(Exchange x) {
    Headers headers = x.request().headers();
    String head =
        x.request().method() + " " + headers.get("Authorization") + " " + headers.get("X-Own");
    x.request()
        .body()
        .textAsync()
        .whenComplete(
            (text, error) -> {
              if (error == null) {
                x.respond(Response.ok(head + " " + text));
              } else {
                x.fail(error);
              }
            });
  }

  private static void zipped(Exchange x) {
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(to)) {
      zip.write(new byte[x.request().pathInt("kilobytes") << 10]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    x.respond(
        Response.ok()
            .header("Content-Encoding", "gzip")
            .body("text/plain", Bytes.copyOf(to.toByteArray())));
  }

  private String to(int code, String target) {
    return url("/go/" + code + "?to=" + Uri.percentEncode(target));
  }

  @Test
  void eachStatusOfARedirect() {
    for (int code : new int[] {301, 302, 303}) {
      assertThat(text(Request.post(to(code, "/end")).text("body")))
          .as("POST and %s", code)
          .isEqualTo("GET null null ");
    }
    for (int code : new int[] {307, 308}) {
      assertThat(text(Request.post(to(code, "/end")).text("body")))
          .as("POST and %s", code)
          .isEqualTo("POST null null body");
    }
    for (int code : new int[] {301, 302, 307, 308}) {
      assertThat(text(Request.put(to(code, "/end")).text("body")))
          .as("PUT and %s", code)
          .isEqualTo("PUT null null body");
    }
    Response answer = fetch(Request.get(to(302, "/end?a#b")));
    assertThat(answer.received().uri().target()).isEqualTo("/end?a");
    assertThat(text(answer)).isEqualTo("GET null null ");
    if (on.isHttp2()) {
      assertThat(client().stats().connections()).isEqualTo(1);
    }
  }

  @Test
  void postIsKeptWhereAskedFor() {
    client(b -> b.redirects(RedirectPolicy.DEFAULT.withPostKept(true)));
    assertThat(text(Request.post(to(302, "/end")).text("body"))).isEqualTo("POST null null body");
    assertThat(text(Request.post(to(303, "/end")).text("body"))).isEqualTo("GET null null ");
  }

  @Test
  void secretsStayWithTheirOrigin() {
    Request same =
        Request.get(to(302, "/end")).header("Authorization", "secret").header("X-Own", "mine");
    assertThat(text(same)).isEqualTo("GET secret mine ");
    // Vouched for by the same certificate, but another origin.
    String elsewhere = ground().url("127.0.0.1", "/end");
    Request other =
        Request.get(to(302, elsewhere)).header("Authorization", "secret").header("X-Own", "mine");
    assertThat(text(other)).isEqualTo("GET null mine ");
  }

  @Test
  void redirectsThatAreNotFollowed() {
    var loop = failure(send(Request.get(url("/loop"))));
    assertThat(loop.reason()).isEqualTo(Reason.TOO_MANY_REDIRECTS);
    var bad = failure(send(Request.get(to(302, "ftp://localhost/"))));
    assertThat(bad.reason()).isEqualTo(Reason.BAD_REDIRECT);
    client(b -> b.redirects(RedirectPolicy.NONE));
    Response answer = fetch(Request.get(to(302, "/end")));
    assertThat(answer.status().code()).isEqualTo(302);
    assertThat(text(answer)).isEqualTo("moved");
  }

  @Test
  void aBodyThatIsGoneCannotBeRedirected() {
    var error = failure(send(Request.post(to(307, "/end")).body(Bodies.pieces(1, () -> {}))));
    assertThat(error.reason()).isEqualTo(Reason.REQUEST_BODY);
  }

  @Test
  void userAndPassword() {
    String url = url("/end").replace("://", "://ann:pass%20word@");
    Response answer = fetch(Request.get(url));
    assertThat(text(answer)).isEqualTo("GET Basic YW5uOnBhc3Mgd29yZA== null ");
    assertThat(answer.received().uri().toString()).doesNotContain("pass");
  }

  @Test
  void cookiesAreKeptAndSent() {
    client(b -> b.cookies(new MemoryCookieJar()));
    assertThat(text(fetch("/cookie"))).isEqualTo("null");
    assertThat(text(fetch("/cookie"))).isEqualTo("a=1");
    assertThat(text(Request.get(url("/cookie")).header("Cookie", "own=1"))).contains("own=1");
    client(b -> b);
    text(fetch("/cookie"));
    assertThat(text(fetch("/cookie"))).as("by default there is no jar").isEqualTo("null");
  }

  @Test
  void hstsIsBelievedOverTlsOnly() {
    HstsStore store = new HstsStore();
    client(b -> b.hsts(store));
    text(fetch("/hsts"));
    assertThat(store.isKnown(Uri.of(url("/")))).isEqualTo(on.isSecure());
    if (on.isSecure()) {
      String inClear = url("/end").replace("https://", "http://");
      if (on.inMemory()) {
        inClear = inClear.replace("localhost", "localhost:80");
      }
      Response answer = fetch(Request.get(inClear));
      assertThat(answer.received().tls()).as("sent to %s", inClear).isNotNull();
      assertThat(text(answer)).startsWith("GET");
    }
  }

  @Test
  void compressedAnswers() {
    assertThat(text(fetch("/accept-encoding"))).contains("gzip").contains("deflate");
    Response answer = fetch("/gzip/100");
    assertThat(answer.headers().get("Content-Encoding")).isNull();
    assertThat(await(answer.content().bytesAsync())).hasSize(100 << 10);
    Request asked = Request.get(url("/gzip/100")).header("Accept-Encoding", "gzip");
    Response raw = fetch(asked);
    assertThat(raw.headers().get("Content-Encoding")).isEqualTo("gzip");
    assertThat(await(raw.content().bytesAsync()).length).isLessThan(10 << 10);
  }

  @Test
  void aBombIsRefused() {
    client(b -> b.decoding(ContentDecoding.DEFAULT.withMaxBytes(1 << 20)));
    var error = failure(fetch("/gzip/2000").content().bytesAsync());
    assertThat(error.reason()).isEqualTo(Reason.CONTENT_DECODING);
    assertThat(text(fetch("/end"))).startsWith("GET");
  }
}
