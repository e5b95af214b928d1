package dev.runnel.routing;

import dev.runnel.engine.AsyncHandler;
import dev.runnel.engine.BlockingHandler;
import dev.runnel.engine.Filter;
import dev.runnel.engine.Handler;
import dev.runnel.engine.Handlers;
import dev.runnel.http.Method;
import java.util.function.Consumer;

/**
 * Declares a group of routes. Lives as long as the function it is given to.
 *
 * <h2>Patterns</h2>
 *
 * <ul>
 *   <li>{@code /users}: this text, compared decoded; write {@code /é}, not {@code /%C3%A9}
 *   <li>{@code {id:int}}: a value of a type: {@code int long uuid alpha alnum}
 *   <li>{@code {slug:[a-z-]+}}: what a regex matches wholly, in linear time; see below
 *   <li>{@code {id}}: any text but the empty one
 *   <li>{@code {name}.json}, {@code v{n:int}}: a parameter with text before or behind it
 *   <li>{@code {id?}}, {@code {id?:int}}: the last segment may be missing: {@code /a/{id?}} also
 *       matches {@code /a}
 *   <li>{@code {rest...}}: one segment or more, to the end, slashes included; the value never
 *       begins with a slash
 *   <li>{@code {rest...?}}: the same or nothing: also {@code /a} (absent) and {@code /a/} (empty)
 * </ul>
 *
 * <p>A regex may use literals, {@code .}, classes, {@code \d \w \s} and their opposites, groups,
 * {@code |} and {@code ? * + {m,n}} (up to 256). It compiles to an automaton without backtracking;
 * anything else is refused.
 *
 * <h2>Which route answers</h2>
 *
 * The most specific one that matches method and path, however they were declared. Segments are
 * compared from the left: literal, then typed ({@code int, long, uuid, alpha, alnum}), then regex,
 * then plain, then tail; among parameters of one kind more text around it goes first, then more
 * text before it. Two regexes in one place that share a match need a {@link Route#order}. Where the
 * more specific branch leads to no match the others are tried; each node of the tree is visited at
 * most once, so that no path can make this cost more than the routes written. Two routes that can
 * match the same request and are equally specific are a {@link RouteException}.
 *
 * <h2>Groups</h2>
 *
 * A pattern begins with a slash. Within a group with a prefix, {@code /} is the prefix itself:
 * {@code path("/api", g -> g.get("/", …))} answers {@code /api}. Filters apply to the whole group
 * wherever they are written, in the order written, those of outer groups first. Those of the
 * outermost group also see what the router answers by itself; those of an inner group see the
 * automatic answers (405, OPTIONS, 406, 415, slash redirect) for paths of that group, but not 404.
 * The route is chosen before any filter runs, so that filters know it.
 *
 * <p>Every method throws {@link RouteException} for a pattern with a typo and {@link
 * IllegalStateException} once the group is built.
 */
public sealed interface RouteBuilder permits GroupBuilder {
  /** Declares a route on the SPI and gives it back, to be set up further. */
  Route route(Method method, String pattern, Handler handler);

  /**
   * Sets up the route declared last in this group: {@code .get("/users/{id}", this::show).with(r ->
   * r.named("user"))}.
   *
   * @throws IllegalStateException if this group has no route yet
   */
  RouteBuilder with(Consumer<Route> settings);

  /**
   * Declares routes below a prefix, which may have parameters; {@code "/"} is no prefix, only a
   * group.
   */
  RouteBuilder path(String prefix, Consumer<RouteBuilder> group);

  /**
   * Declares routes for one host: {@code api.example}, {@code *.example} or {@code
   * {tenant}.example}; a wildcard stands for one label. Ports do not count. A request that no route
   * of its host matches is looked up among those for every host.
   */
  RouteBuilder host(String pattern, Consumer<RouteBuilder> group);

  /** Puts routes that were built elsewhere below a prefix, with their filters and fallback. */
  RouteBuilder mount(String prefix, Routes routes);

  /**
   * Puts filters in front of the whole group. {@link Filter#apply} is called for each handler
   * behind it.
   */
  RouteBuilder use(Filter... filters);

  /**
   * Answers, on the SPI, requests of any method below the group's prefix whose path no route
   * matches. The innermost group that has one wins.
   */
  RouteBuilder handleFallback(Handler handler);

  /**
   * Declares a route on the SPI: runs on the loop and answers through the exchange. {@code *} as a
   * pattern stands for the targets of {@code OPTIONS *} and {@code CONNECT host:port}.
   */
  default RouteBuilder handle(Method method, String pattern, Handler handler) {
    route(method, pattern, handler);
    return this;
  }

  /** Like {@link #handleFallback}, for blocking code. */
  default RouteBuilder fallback(BlockingHandler handler) {
    return handleFallback(Handlers.blocking(handler));
  }

  /** Like {@link #handleFallback}, for answers that come later. */
  default RouteBuilder fallbackAsync(AsyncHandler handler) {
    return handleFallback(Handlers.async(handler));
  }

  /** Declares a GET route of blocking code. Answers HEAD too, unless a HEAD route does. */
  default RouteBuilder get(String pattern, BlockingHandler handler) {
    return handle(Method.GET, pattern, Handlers.blocking(handler));
  }

  /** Declares a GET route that answers later. Answers HEAD too, unless a HEAD route does. */
  default RouteBuilder getAsync(String pattern, AsyncHandler handler) {
    return handle(Method.GET, pattern, Handlers.async(handler));
  }

  /** Declares a POST route of blocking code. */
  default RouteBuilder post(String pattern, BlockingHandler handler) {
    return handle(Method.POST, pattern, Handlers.blocking(handler));
  }

  /** Declares a POST route that answers later. */
  default RouteBuilder postAsync(String pattern, AsyncHandler handler) {
    return handle(Method.POST, pattern, Handlers.async(handler));
  }

  /** Declares a PUT route of blocking code. */
  default RouteBuilder put(String pattern, BlockingHandler handler) {
    return handle(Method.PUT, pattern, Handlers.blocking(handler));
  }

  /** Declares a PUT route that answers later. */
  default RouteBuilder putAsync(String pattern, AsyncHandler handler) {
    return handle(Method.PUT, pattern, Handlers.async(handler));
  }

  /** Declares a PATCH route of blocking code. */
  default RouteBuilder patch(String pattern, BlockingHandler handler) {
    return handle(Method.PATCH, pattern, Handlers.blocking(handler));
  }

  /** Declares a PATCH route that answers later. */
  default RouteBuilder patchAsync(String pattern, AsyncHandler handler) {
    return handle(Method.PATCH, pattern, Handlers.async(handler));
  }

  /** Declares a DELETE route of blocking code. */
  default RouteBuilder delete(String pattern, BlockingHandler handler) {
    return handle(Method.DELETE, pattern, Handlers.blocking(handler));
  }

  /** Declares a DELETE route that answers later. */
  default RouteBuilder deleteAsync(String pattern, AsyncHandler handler) {
    return handle(Method.DELETE, pattern, Handlers.async(handler));
  }

  /** Declares a HEAD route of blocking code. Not needed beside a GET route. */
  default RouteBuilder head(String pattern, BlockingHandler handler) {
    return handle(Method.HEAD, pattern, Handlers.blocking(handler));
  }

  /** Declares a HEAD route that answers later. Not needed beside a GET route. */
  default RouteBuilder headAsync(String pattern, AsyncHandler handler) {
    return handle(Method.HEAD, pattern, Handlers.async(handler));
  }

  /** Declares a OPTIONS route of blocking code. Replaces the automatic answer. */
  default RouteBuilder options(String pattern, BlockingHandler handler) {
    return handle(Method.OPTIONS, pattern, Handlers.blocking(handler));
  }

  /** Declares a OPTIONS route that answers later. Replaces the automatic answer. */
  default RouteBuilder optionsAsync(String pattern, AsyncHandler handler) {
    return handle(Method.OPTIONS, pattern, Handlers.async(handler));
  }
}
