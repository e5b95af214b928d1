package dev.runnel.testkit;

import dev.runnel.client.StoppableBody;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.routing.Routes;
import dev.runnel.transport.memory.DirectCalls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Routes to be tested without a server: a request goes in, the answer comes out, with all that
 * routing, filters, error mapping and the router itself have to say. No socket, no bytes of HTTP.
 *
 * <pre>
 *   try (var routes = TestRoutes.routes(r -> r.get("/hello/{name}", req -> Response.ok(req.path("name"))))) {
 *     assertThat(routes.handle(TestRequest.get("/hello/ann")).content().text()).isEqualTo("ann");
 *   }
 * </pre>
 *
 * <p>Handlers run on the thread of the test, while it is in {@link #handle}, {@link #advance} or
 * reads a body; blocking ones run on a thread of their own. The clock of timers and {@code
 * Request.nanoTime()} is virtual: it moves on when nothing else is to be done and somebody waits,
 * up to 24 hours for one answer, and stands while blocking code runs. Code on other threads keeps
 * the wall clock. Not thread-safe.
 */
public final class TestRoutes implements AutoCloseable {
  /** How long other threads may be silent, by the wall clock. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final DrivenLoop loop;
  private final DirectCalls calls;
  private final long start;

  private TestRoutes(Handler handler, ServerOptions options, Duration patience) {
    loop = new DrivenLoop(patience);
    calls = new DirectCalls(loop, handler, options);
    loop.standsWhile(calls::isBusy);
    start = loop.nanoTime();
  }

  /** These routes. */
  public static TestRoutes of(Routes routes) {
    return of(routes.handler());
  }

  /** Routes declared here. */
  public static TestRoutes routes(Consumer<RouteBuilder> declare) {
    return of(Routes.of(declare));
  }

  /** A handler: a router with options of its own, one route, a filter in front of something. */
  public static TestRoutes of(Handler handler) {
    return of(handler, ServerOptions.DEFAULT);
  }

  /**
   * A handler under these options.
   *
   * @param options limits of bodies and of blocking calls, observers, trusted proxies and the mode
   *     for developers count; the others are for connections
   */
  public static TestRoutes of(Handler handler, ServerOptions options) {
    return new TestRoutes(handler, options, PATIENCE);
  }

  static TestRoutes of(Handler handler, Duration patience) {
    return new TestRoutes(handler, ServerOptions.DEFAULT, patience);
  }

  /**
   * Has the request answered. Blocks until the head of the answer is there; a body that is a stream
   * is written while the test reads it with {@link Response#content()}, whose {@code …Async}
   * methods are done when they return.
   *
   * @param request see {@link TestRequest}; its body may be of any kind and is begun when the
   *     handler asks for it
   * @throws IllegalStateException if there is no answer and nothing is left to run, with what the
   *     handler waits for if that is known
   * @throws dev.runnel.transport.ClientException if the handler takes the connection over, the
   *     answer is broken off before its head, or the body of the request fails
   */
  public Response handle(Request request) {
    DirectCalls.Started call = loop.call(() -> calls.start(request, TestRoutes::stopped));
    CompletableFuture<Response> answer = call.answer();
    if (!loop.until(answer::isDone)) {
      loop.<@Nullable Void>call(
          () -> {
            call.stuck("was not answered");
            return null;
          });
      loop.runQueued();
    }
    Response response = result(answer);
    return response.body() instanceof Body.Source source
        ? response.body(new DrivenBody(source, call, loop))
        : response;
  }

  private static Response result(CompletableFuture<Response> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  static void stopped(Body body) {
    if (body instanceof StoppableBody told) {
      told.stopped();
    }
  }

  /** Lets so much virtual time pass, with all that is due in it. */
  public void advance(Duration time) {
    loop.advance(time);
  }

  /** The virtual time that has passed. */
  public Duration elapsed() {
    return Duration.ofNanos(loop.nanoTime() - start);
  }

  /**
   * Cancels calls whose answers were not read to their end, as clients that leave, and detached
   * work.
   *
   * @throws IllegalStateException if one of them does not end: what runs on behalf of a call after
   *     that would run for ever
   */
  @Override
  public void close() {
    loop.<@Nullable Void>call(
        () -> {
          calls.stop();
          return null;
        });
    boolean over = loop.until(() -> calls.open().isEmpty() && calls.detached() == 0);
    if (!over) {
      List<String> left = loop.call(calls::open);
      throw new IllegalStateException(
          left.isEmpty()
              ? calls.detached() + " pieces of detached work did not end when they were cancelled"
              : "calls did not end when they were cancelled: " + left);
    }
  }
}
