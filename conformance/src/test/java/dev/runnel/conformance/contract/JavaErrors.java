package dev.runnel.conformance.contract;

import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Problem;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** Endpoints that fail, in all the ways of the Java face. */
final class JavaErrors {
  private static final String SECRET = "the secret of the test";

  private final Probe probe;

  JavaErrors(Probe probe) {
    this.probe = probe;
  }

  void declare(RouteBuilder r) {
    r.path("/error", this::declareErrors);
    r.handle(Method.GET, "/split/{part}", JavaErrors::split);
    r.handle(Method.GET, "/no-content", x -> x.respond(Response.noContent()));
    r.handle(Method.GET, "/answer-twice", JavaErrors::answerTwice);
  }

  void declareEdited(RouteBuilder g) {
    g.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
    g.handle(Method.GET, "/file", x -> x.respond(Response.file(probe.file())));
    g.handle(Method.GET, "/upgrade", x -> x.respond(Response.upgrade("echo", raw -> raw.close())));
    g.handle(
        Method.CONNECT, "/upgrade", x -> x.respond(Response.upgrade("echo", raw -> raw.close())));
    g.handle(
        Method.GET,
        "/stream",
        x -> {
          BodyWriter out = x.respond(Status.OK, Headers.EMPTY);
          out.write(Bytes.utf8("streamed"));
          out.end();
        });
    declareErrors(g);
  }

  private void declareErrors(RouteBuilder g) {
    g.handle(
        Method.GET,
        "/http",
        x -> {
          throw new HttpError(409, "taken by somebody else");
        });
    g.handle(Method.GET, "/own", x -> x.fail(new Teapot()));
    g.handle(
        Method.GET,
        "/problem",
        x -> {
          Problem problem = Problem.of(Status.of(402), "pay first").with("balance", 3);
          throw new HttpError(problem, Headers.of("X-Price", "5"), null);
        });
    g.handle(
        Method.GET,
        "/secret",
        x -> {
          throw new IllegalStateException(SECRET);
        });
    g.get(
        "/blocking",
        request -> {
          throw new IOException(SECRET);
        });
    g.getAsync(
        "/async", request -> CompletableFuture.failedFuture(new IllegalStateException(SECRET)));
    g.handle(
        Method.GET,
        "/foreign",
        x -> {
          throw new CancellationException(SECRET);
        });
    g.handle(Method.GET, "/early", x -> x.respond(Response.ok().body("text/plain", failing())));
    g.handle(Method.GET, "/late/{gate}", this::late);
    g.handle(Method.GET, "/short", x -> declared(x, "12345"));
    g.handle(Method.GET, "/long", x -> declared(x, "12345678901"));
    g.get("/output", request -> Response.output("text/plain", out -> fail()));
    g.handle(
        Method.GET,
        "/edit",
        x -> {
          x.onHead(
              head -> {
                throw new IllegalStateException(SECRET);
              });
          x.respond(Response.ok("hi"));
        });
  }

  /** An error that says for itself what to answer. */
  private static final class Teapot extends HttpError {
    private static final long serialVersionUID = 1L;

    Teapot() {
      super(418, "short and stout");
    }

    @Override
    public Response toResponse() {
      return Response.of(418).text("I am a teapot");
    }
  }

  private static Body.Producer failing() {
    return out -> {
      throw new IllegalStateException(SECRET);
    };
  }

  private static void fail() throws IOException {
    throw new IOException(SECRET);
  }

  private void late(Exchange x) {
    String gate = x.request().path("gate");
    BodyWriter out = x.respond(Status.OK, Headers.of("Content-Type", "text/plain"));
    out.write(Bytes.utf8("first"));
    JavaApp.onLoop(x, probe.gate(gate), () -> x.fail(new IllegalStateException(SECRET)));
  }

  private static void declared(Exchange x, String data) {
    BodyWriter out = x.respond(Status.OK, Headers.of("Content-Length", "10"));
    out.write(Bytes.utf8(data));
    out.end();
  }

  /** Tries to put a line of its own into the head. */
  private static void split(Exchange x) {
    String evil = "a\r\nSet-Cookie: b";
    Response response =
        switch (x.request().path("part")) {
          case "value" -> Response.ok().header("X-A", evil);
          case "name" -> Response.ok().header(evil, "b");
          case "location" -> Response.redirect(evil);
          case "type" -> Response.ok().body(evil, Bytes.EMPTY);
          default -> Response.ok().headers(Headers.of("X-A", "b\0c"));
        };
    x.respond(response);
  }

  private static void answerTwice(Exchange x) {
    x.respond(Response.ok("first"));
    x.respond(Response.ok("second"));
  }
}
