package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.CallOptions;
import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Heads, both ways, and what goes with a body without being part of it. */
@EveryGround
class MessageContractTest extends ClientContract {
  private static final Method PURGE = Method.of("PURGE");

  @BeforeEach
  void start() {
    start(this::declare);
  }

  private void declare(RouteBuilder r) {
    for (Method method :
        List.of(
            Method.GET,
            Method.POST,
            Method.PUT,
            Method.PATCH,
            Method.DELETE,
            Method.OPTIONS,
            PURGE)) {
      r.handle(method, "/any", x -> x.respond(Response.ok(x.request().method().toString())));
    }
    r.handle(Method.GET, "/fields", MessageContractTest::fields);
    r.handle(Method.GET, "/target", x -> x.respond(Response.ok(x.request().target())));
    r.handle(Method.GET, "/authority", x -> x.respond(Response.ok(x.request().authority())));
    r.handle(
        Method.GET,
        "/status/{code:int}",
        x -> x.respond(Response.of(x.request().pathInt("code")).header("X-A", "b")));
    r.handle(Method.GET, "/teapot", x -> x.respond(Response.of(418).text("short and stout")));
    r.handle(Method.GET, "/hints", MessageContractTest::hints);
    r.handle(Method.GET, "/trailers", MessageContractTest::trailers);
    r.handle(
        Method.POST,
        "/trailers",
        x -> {
          BodyReader body = x.body();
          readAll(
              body, 0, size -> x.respond(Response.ok(size + " " + body.trailers().get("X-Sum"))));
        });
  }

  private static void fields(Exchange x) {
    Headers came = x.request().headers();
    x.respond(
        Response.ok(String.join("|", came.all("X-In")) + " " + came.get("X-Empty"))
            .header("X-Out", "first")
            .header("X-Other", "ä is not ASCII".replace("ä", "a"))
            .header("X-Out", "second, third")
            .header("Set-Cookie", "a=1")
            .header("Set-Cookie", "b=2"));
  }

  private static void hints(Exchange x) {
    x.informational(Status.of(103), Headers.of("Link", "</a.css>"));
    x.informational(Status.of(103), Headers.of("Link", "</b.css>"));
    x.respond(Response.ok("hinted"));
  }

  private static void trailers(Exchange x) {
    BodyWriter out = x.respond(Status.OK, Headers.of("Trailer", "X-Sum"));
    out.write(Bytes.utf8("body"));
    out.end(Headers.of("X-Sum", "4"));
  }

  @Test
  void everyMethod() {
    for (String name : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE")) {
      assertThat(text(Request.of(Method.of(name), url("/any")))).isEqualTo(name);
    }
  }

  @Test
  void headHasNoBody() {
    Response answer = fetch(Request.head(url("/any")));
    assertThat(answer.status().code()).isEqualTo(200);
    assertThat(answer.headers().get("Content-Length")).isEqualTo("4");
    assertThat(text(answer)).isEmpty();
    assertThat(text(Request.get(url("/any")))).isEqualTo("GET");
    assertThat(client().stats().connections()).as("the connection was used again").isEqualTo(1);
  }

  @Test
  void fieldsKeepTheirValuesAndTheirOrder() {
    Response answer =
        fetch(
            Request.get(url("/fields"))
                .header("X-In", "one")
                .header("X-Empty", "")
                .header("X-In", "two, three"));
    assertThat(answer.headers().all("x-out")).containsExactly("first", "second, third");
    assertThat(answer.headers().all("Set-Cookie")).containsExactly("a=1", "b=2");
    assertThat(text(answer)).isEqualTo("one|two, three ");
  }

  @Test
  void fieldsOfTheClientYieldToThoseOfTheCall() {
    client(b -> b.header("X-In", "default"));
    assertThat(text(Request.get(url("/fields")))).startsWith("default ");
    assertThat(text(Request.get(url("/fields")).header("x-in", "own"))).startsWith("own ");
  }

  @Test
  void targetsArriveAsTheyAre() {
    assertThat(text(Request.get(url("/target?a=%2F&b=c+d")))).isEqualTo("/target?a=%2F&b=c+d");
    assertThat(text(Request.get(url("/target")).query("q", "ö&"))).isEqualTo("/target?q=%C3%B6%26");
    assertThat(text(Request.get(url("/target?x y#fragment")))).isEqualTo("/target?x%20y");
  }

  @Test
  void aHostOfTheCallersIsSent() {
    assertThat(text(Request.get(url("/authority")).header("Host", "other.example")))
        .isEqualTo("other.example");
  }

  @Test
  void answersWithoutABody() {
    for (int code : new int[] {204, 304}) {
      Response answer = fetch("/status/" + code);
      assertThat(answer.status().code()).isEqualTo(code);
      assertThat(answer.headers().get("X-A")).isEqualTo("b");
      assertThat(text(answer)).isEmpty();
    }
    assertThat(text(fetch("/status/200"))).isEmpty();
    assertThat(client().stats().connections()).isEqualTo(1);
  }

  @Test
  void errorsAreAnswers() {
    assertThat(fetch("/status/500").status().code()).isEqualTo(500);
    Response teapot = fetch("/teapot");
    assertThat(teapot.status().code()).isEqualTo(418);
    assertThat(text(teapot)).isEqualTo("short and stout");
    Response missing = fetch("/nowhere");
    assertThat(missing.status().code()).isEqualTo(404);
    assertThat(missing.headers().get("Content-Type")).startsWith("application/problem+json");
    assertThat(text(missing)).contains("404");
  }

  @Test
  void informationalHeadsAreTold() {
    List<String> told = new ArrayList<>();
    CallOptions options =
        CallOptions.NONE.withInformational(
            head -> told.add(head.status().code() + " " + head.headers().get("Link")));
    assertThat(text(Request.get(url("/hints")).with(CallOptions.KEY, options))).isEqualTo("hinted");
    assertThat(told).containsExactly("103 </a.css>", "103 </b.css>");
    assertThat(text(Request.get(url("/hints")))).as("nobody listens").isEqualTo("hinted");
  }

  @Test
  void trailersOfAnAnswer() {
    Response answer = fetch("/trailers");
    assertThat(answer.trailers()).isNotNull();
    assertThat(text(answer)).isEqualTo("body");
    assertThat(answer.trailers().get().get("x-sum")).isEqualTo("4");
  }

  @Test
  void trailersOfARequest() {
    Request request =
        Request.post(url("/trailers"))
            .header("Trailer", "X-Sum")
            .body(
                (Bodies.Writing)
                    out -> {
                      out.write(Bytes.utf8("12345"));
                      out.end(Headers.of("X-Sum", "5"));
                    });
    assertThat(text(request)).isEqualTo("5 5");
  }

  @Test
  void anAnswerSaysHowItCame() {
    Response answer = fetch("/any?q=1");
    assertThat(answer.received().uri().toString()).isEqualTo(url("/any?q=1"));
    assertThat(answer.received().version()).isEqualTo(on.wire().version);
    assertThat(answer.received().peer()).isNotNull();
    if (on.isSecure()) {
      assertThat(answer.received().tls().protocol()).startsWith("TLSv1.");
      assertThat(answer.received().tls().alpn()).isEqualTo(on.isHttp2() ? "h2" : "http/1.1");
      assertThat(answer.received().tls().peerCertificates()).isNotEmpty();
    } else {
      assertThat(answer.received().tls()).isNull();
    }
    assertThat(text(answer)).isEqualTo("GET");
  }

  @Test
  void aRequestIsSentAnyNumberOfTimes() {
    Request request = Request.put(url("/any")).text("again");
    for (int i = 0; i < 3; i++) {
      assertThat(text(request)).isEqualTo("PUT");
    }
  }
}
