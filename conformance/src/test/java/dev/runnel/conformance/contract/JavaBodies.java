package dev.runnel.conformance.contract;

import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import java.util.Locale;
import java.util.function.Consumer;

/** Endpoints that read or write bodies in all the ways of the Java face. */
final class JavaBodies {
  private static final Headers TEXT = Headers.of("Content-Type", "text/plain");

  private final Probe probe;

  JavaBodies(Probe probe) {
    this.probe = probe;
  }

  void declare(RouteBuilder r) {
    declareRead(r);
    r.handle(Method.GET, "/bytes/{count:int}", x -> x.respond(Response.ok(zeros(x.request()))));
    r.handle(Method.GET, "/chunks/{count:int}", this::chunks);
    r.handle(Method.GET, "/produced/{count:int}", x -> x.respond(produced(x.request())));
    r.handle(Method.GET, "/stream/{gate}", this::stream);
    r.handle(Method.GET, "/file", x -> x.respond(Response.file(probe.file())));
    r.get("/output/{count:int}", request -> output(request.pathInt("count")));
    r.handle(Method.GET, "/trailers", x -> x.respond(whole().withTrailers(JavaBodies::sum)));
    r.handle(Method.GET, "/declared", JavaBodies::declared);
  }

  private void declareRead(RouteBuilder r) {
    r.post("/upper", request -> Response.ok(request.body().text().toUpperCase(Locale.ROOT)));
    r.postAsync(
        "/upper-async",
        request ->
            request
                .body()
                .textAsync()
                .thenApply(text -> Response.ok(text.toUpperCase(Locale.ROOT))));
    r.route(Method.POST, "/limited", x -> buffer(x)).bufferedBodyLimit(10);
    r.handle(Method.POST, "/count", x -> count(x));
    r.handle(
        Method.POST,
        "/count/{limit:int}",
        x -> {
          x.settings().bodyLimit(x.request().pathInt("limit"));
          count(x);
        });
    r.handle(Method.POST, "/ignore", x -> x.respond(Response.ok("ignored")));
    r.handle(Method.POST, "/later/{gate}", this::later);
    r.handle(Method.POST, "/first/{gate}", this::firstPiece);
    r.handle(Method.POST, "/twice", JavaBodies::twice);
    r.handle(Method.POST, "/echo", this::echo);
    r.handle(Method.POST, "/trailers", x -> readAll(x, size -> trailersOf(x)));
  }

  private static void buffer(Exchange x) {
    x.request()
        .body()
        .textAsync()
        .whenComplete(
            (text, e) -> {
              if (e == null) {
                x.respond(Response.ok(text));
              } else {
                x.fail(e);
              }
            });
  }

  private static void count(Exchange x) {
    read(x.body(), 0, bytes -> {}, size -> x.respond(Response.ok(size + " bytes")));
  }

  private void later(Exchange x) {
    String gate = x.request().path("gate");
    x.onCancel(cause -> probe.note("cancelled " + gate + " " + cause));
    probe.note("started " + gate);
    JavaApp.onLoop(x, probe.gate(gate), () -> count(x));
  }

  /** Reads once, says what came, and leaves the rest until the gate opens; answers without it. */
  private void firstPiece(Exchange x) {
    String gate = x.request().path("gate");
    x.onCancel(cause -> probe.note("cancelled " + gate + " " + cause));
    BodyReader body = x.body();
    Runnable take =
        () -> {
          Bytes piece = body.poll();
          if (piece != null) {
            probe.note("piece " + gate);
            JavaApp.onLoop(x, probe.gate(gate), () -> x.respond(Response.ok(gate)));
          }
        };
    take.run();
    if (!probe.saw("piece " + gate)) {
      body.onReady(take);
    }
  }

  private static void twice(Exchange x) {
    BodyReader first = x.body();
    String complaint;
    try {
      complaint = "read twice: " + x.body().ended();
    } catch (IllegalStateException e) {
      complaint = e.getMessage();
    }
    String told = complaint;
    read(first, 0, bytes -> {}, size -> x.respond(Response.ok(told)));
  }

  void drain(Exchange x, Consumer<Long> done) {
    readAll(x, done);
  }

  private static void readAll(Exchange x, Consumer<Long> done) {
    BodyReader body = x.body();
    x.request().attribute(READER, body);
    read(body, 0, bytes -> {}, done);
  }

  private static final Request.Key<BodyReader> READER = Request.Key.of("reader");

  private static void trailersOf(Exchange x) {
    BodyReader body = x.request().attribute(READER);
    x.respond(Response.ok(body == null ? "none" : "X-Sum " + body.trailers().get("X-Sum")));
  }

  /** The loop of {@link BodyReader}'s documentation. */
  private static void read(BodyReader body, long size, Consumer<Bytes> each, Consumer<Long> done) {
    long sum = size;
    for (Bytes b = body.poll(); b != null; b = body.poll()) {
      sum += b.length();
      each.accept(b);
    }
    long total = sum;
    if (body.ended()) {
      done.accept(total);
    } else {
      body.onReady(() -> read(body, total, each, done));
    }
  }

  private void echo(Exchange x) {
    x.onCancel(cause -> probe.note("cancelled echo " + cause));
    x.respond(Response.ok().body(new Echo(x.body())));
  }

  private static byte[] zeros(Request request) {
    return "0".repeat(request.pathInt("count")).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Response whole() {
    return Response.ok("whole");
  }

  private static Headers sum() {
    return Headers.of("X-Sum", "1");
  }

  /** 16 KiB pieces, as many as asked for, each when the peer has room. */
  private void chunks(Exchange x) {
    x.onCancel(cause -> probe.note("cancelled chunks " + cause));
    pump(x.respond(Status.OK, TEXT), x.request().pathInt("count"));
  }

  private Response produced(Request request) {
    int count = request.pathInt("count");
    Body.Producer body =
        new Body.Producer() {
          @Override
          public void produce(BodyWriter writer) {
            probe.note("produced");
            pump(writer, count);
          }

          @Override
          public void discard() {
            probe.note("discarded");
          }
        };
    return Response.ok().body("text/plain", body);
  }

  private void pump(BodyWriter out, int count) {
    Bytes piece = Bytes.utf8("x".repeat(16 << 10));
    for (int left = count; left > 0; left--) {
      probe.note("wrote");
      if (!out.write(piece)) {
        int rest = left - 1;
        out.onWritable(() -> pump(out, rest));
        return;
      }
    }
    out.end();
  }

  /** A first part at once, the second when the gate opens, trailers behind it. */
  void stream(Exchange x) {
    String gate = x.request().path("gate");
    x.onCancel(cause -> probe.note("cancelled " + gate + " " + cause));
    BodyWriter out = x.respond(Status.OK, TEXT);
    out.write(Bytes.utf8("first "));
    probe.note("started " + gate);
    JavaApp.onLoop(
        x,
        probe.gate(gate),
        () -> {
          if (x.cancelled() == null) {
            out.write(Bytes.utf8("second"));
            out.end(sum());
          }
        });
  }

  /** A producer that has nothing to say until the gate opens. */
  void lateStream(Exchange x) {
    String gate = x.request().path("gate");
    Body.Producer body =
        out ->
            JavaApp.onLoop(
                x,
                probe.gate(gate),
                () -> {
                  if (!x.isCommitted()) {
                    out.write(Bytes.utf8("late"));
                    out.end();
                  }
                });
    x.respond(Response.ok().body("text/plain", body));
  }

  private Response output(int count) {
    return Response.output(
        "text/plain",
        out -> {
          byte[] piece = "x".repeat(16 << 10).getBytes(java.nio.charset.StandardCharsets.UTF_8);
          for (int i = 0; i < count; i++) {
            out.write(piece);
            probe.note("wrote");
          }
        });
  }

  /** As many bytes as it says. */
  private static void declared(Exchange x) {
    BodyWriter out = x.respond(Status.OK, TEXT.with("Content-Length", "10"));
    out.write(Bytes.utf8("12345"));
    out.write(Bytes.utf8("67890"));
    out.end();
  }

  /** Gives back what it pulls. */
  private record Echo(BodyReader reader) implements Body.Source {
    @Override
    public BodyReader open() {
      return reader;
    }
  }
}
