package dev.runnel.conformance.contract;

import dev.runnel.engine.AsyncHandler;
import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Filter;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.server.Filters;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.MDC;

/** The app of the contract with the Java face. {@code KotlinApp.kt} has the same endpoints. */
final class JavaApp {
  private static final Response CONSTANT = Response.ok("constant");
  private static final Request.Key<String> COLOUR = Request.Key.of("colour");

  private final Probe probe;
  private final JavaBodies bodies;
  private final JavaErrors errors;

  JavaApp(Probe probe) {
    this.probe = probe;
    this.bodies = new JavaBodies(probe);
    this.errors = new JavaErrors(probe);
  }

  void declare(RouteBuilder r) {
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
    r.handle(Method.POST, "/text", x -> x.respond(Response.ok("posted")));
    r.handle(Method.GET, "/constant", x -> x.respond(CONSTANT));
    r.handle(Method.GET, "/loop", x -> x.respond(Response.ok("in loop " + x.loop().inLoop())));
    r.handle(Method.GET, "/id", x -> x.respond(Response.ok(x.request().id())));
    r.handle(Method.GET, "/wait/{gate}", this::await);
    r.route(Method.GET, "/fin/{gate}", this::await).onClientFin(ClientFin.CONTINUE);
    r.getAsync("/async/{gate}", async());
    r.get("/blocking/{gate}", this::block);
    r.handle(Method.GET, "/hog/{gate}", x -> x.respond(block(x.request())));
    r.get("/blocking-loop", request -> Response.ok("may block " + refusesNothing(request)));
    r.handle(Method.GET, "/hints", JavaApp::hints);
    r.handle(Method.GET, "/hold/{gate}", this::hold);
    r.handle(Method.GET, "/detached/{gate}", this::detached);
    r.path("/edited", g -> errors.declareEdited(g.use(edit())));
    r.path("/limit/200", g -> declareTimed(g.use(edit(), Filters.requestTimeout(millis(200)))));
    r.path("/limit/2000", g -> declareTimed(g.use(edit(), Filters.requestTimeout(millis(2000)))));
    r.path("/log", g -> declareLogged(g.use(Filters.accessLog(), Filters.requestId(), colour())));
    r.handle(Method.GET, "/mdc-after", x -> x.respond(Response.ok("id " + MDC.get("requestId"))));
    declareNegotiated(r);
    bodies.declare(r);
    errors.declare(r);
    new JavaTakeOver(probe).declare(r);
    new JavaWebSockets(probe).declare(r);
    new JavaEvents(probe).declare(r);
  }

  private static Duration millis(long count) {
    return Duration.ofMillis(count);
  }

  private void declareNegotiated(RouteBuilder r) {
    r.route(Method.GET, "/plain", x -> x.respond(Response.ok("plain"))).produces("text/plain");
    r.route(Method.POST, "/plain", x -> x.respond(Response.ok("took"))).consumes("text/plain");
    r.handle(Method.GET, "/own", x -> x.respond(Response.ok("GET")));
    r.handle(Method.HEAD, "/own", x -> x.respond(Response.of(204).header("X-Own", "HEAD")));
    r.handle(Method.OPTIONS, "/own", x -> x.respond(Response.ok("OPTIONS")));
  }

  private void declareTimed(RouteBuilder g) {
    g.handle(Method.GET, "/wait/{gate}", this::await);
    g.handle(Method.GET, "/stream/{gate}", bodies::stream);
    g.handle(Method.GET, "/late-stream/{gate}", bodies::lateStream);
    new JavaEvents(probe).declareTimed(g);
  }

  private void declareLogged(RouteBuilder g) {
    g.handle(Method.GET, "/text", x -> x.respond(Response.ok("id " + MDC.get("requestId"))));
    g.get("/blocking", request -> Response.ok("id " + MDC.get("requestId")));
    g.handle(Method.GET, "/wait/{gate}", this::await);
    g.handle(
        Method.POST,
        "/late",
        x -> bodies.drain(x, size -> x.respond(Response.ok("id " + MDC.get("requestId")))));
    g.handle(Method.GET, "/colour", x -> x.respond(Response.ok(x.request().attribute(COLOUR))));
    g.handle(
        Method.GET,
        "/id",
        x -> x.respond(Response.ok(x.request().id() + " " + MDC.get("requestId"))));
  }

  private static Filter colour() {
    return next ->
        x -> {
          x.request().attribute(COLOUR, "blue");
          next.handle(x);
        };
  }

  private static Filter edit() {
    return next ->
        x -> {
          x.onHead(head -> head.withHeaders(head.headers().set("X-Edit", "yes")));
          next.handle(x);
        };
  }

  private void await(Exchange x) {
    String gate = x.request().path("gate");
    x.onCancel(cause -> probe.note("cancelled " + gate + " " + cause));
    x.onEnd(outcome -> probe.note("ended " + gate + " " + outcome.status()));
    probe.note("started " + gate);
    onLoop(x, probe.gate(gate), () -> x.respond(Response.ok(gate)));
  }

  private AsyncHandler async() {
    return request -> {
      String gate = request.path("gate");
      probe.note("started " + gate);
      CompletableFuture<Response> answer =
          probe.gate(gate).thenApplyAsync(opened -> Response.ok(gate));
      answer.whenComplete((response, e) -> probe.note("future " + gate + " " + (e == null)));
      return answer;
    };
  }

  private Response block(Request request) {
    String gate = request.path("gate");
    probe.note("started " + gate);
    try {
      probe.gate(gate).get();
    } catch (Exception e) {
      probe.note("interrupted " + gate);
    }
    probe.note("returned " + gate);
    return Response.ok(gate);
  }

  /** A blocking read refuses the loop, so one that works proves that this thread may block. */
  private static boolean refusesNothing(Request request) {
    return request.body().bytes().length == 0;
  }

  private static void hints(Exchange x) {
    x.informational(Status.of(103), Headers.of("Link", "</a.css>; rel=preload"));
    x.respond(Response.ok("hinted"));
  }

  private void hold(Exchange x) {
    hold(x, probe);
    x.respond(Response.ok(x.request().path("gate")));
  }

  /** Lets the call go on until the gate opens or it is cancelled. */
  static void hold(Exchange x, Probe probe) {
    String gate = x.request().path("gate");
    Exchange.Hold hold = x.hold();
    x.onCancel(
        cause -> {
          probe.note("cancelled " + gate + " " + cause);
          hold.release();
        });
    probe.gate(gate).thenRun(hold::release);
  }

  private void detached(Exchange x) {
    String gate = x.request().path("gate");
    CompletableFuture<Void> work = probe.gate(gate);
    try {
      Exchange.Hold hold = x.server().detached(() -> work.cancel(false));
      work.whenComplete(
          (opened, e) -> {
            probe.note("detached " + (e == null ? "finished " : "cancelled ") + gate);
            hold.release();
          });
    } catch (IllegalStateException e) {
      throw new HttpError(503, "refused to detach");
    }
    x.respond(Response.ok(gate));
  }

  /** What comes from whatever thread goes on on the loop, as every handler of the SPI must. */
  static void onLoop(Exchange x, CompletableFuture<Void> when, Runnable then) {
    Runnable guarded =
        () -> {
          try {
            then.run();
          } catch (RuntimeException e) {
            x.fail(e);
          }
        };
    when.thenRun(
        () -> {
          if (x.loop().inLoop()) {
            guarded.run();
          } else {
            x.loop().execute(guarded);
          }
        });
  }
}
