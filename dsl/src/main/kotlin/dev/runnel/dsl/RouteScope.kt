package dev.runnel.dsl

import dev.runnel.engine.Filter
import dev.runnel.http.Method
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Route
import dev.runnel.routing.RouteBuilder
import dev.runnel.routing.Routes
import kotlin.reflect.KSuspendFunction1

/**
 * Declares a group of routes: what stands in `routes { }` and `path("/…") { }`. Patterns and their order are those of
 * [RouteBuilder]. Filters and exception mappers apply to the whole group, wherever in it they are written.
 *
 * Every function throws [dev.runnel.routing.RouteException] for a pattern with a typo.
 */
@RunnelDsl
@Suppress("FunctionName") // Methods look as they do on the wire, and so never clash with a `get` of somebody else.
public class RouteScope internal constructor(private val builder: RouteBuilder) {
  private val mappers = ExceptionMappers()
  private val filters = ArrayList<Filter>()

  /** Answers GET, and HEAD unless a HEAD route does. */
  @IgnorableReturnValue
  public fun GET(pattern: String, handler: RouteHandler): Route = route(Method.GET, pattern, handler)

  /** Answers GET, and HEAD unless a HEAD route does: `GET("/users/{id}", users::show)`. */
  @IgnorableReturnValue
  public fun GET(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.GET, pattern, handler)

  /** Answers POST. */
  @IgnorableReturnValue
  public fun POST(pattern: String, handler: RouteHandler): Route = route(Method.POST, pattern, handler)

  /** Answers POST. */
  @IgnorableReturnValue
  public fun POST(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.POST, pattern, handler)

  /** Answers PUT. */
  @IgnorableReturnValue
  public fun PUT(pattern: String, handler: RouteHandler): Route = route(Method.PUT, pattern, handler)

  /** Answers PUT. */
  @IgnorableReturnValue
  public fun PUT(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.PUT, pattern, handler)

  /** Answers PATCH. */
  @IgnorableReturnValue
  public fun PATCH(pattern: String, handler: RouteHandler): Route = route(Method.PATCH, pattern, handler)

  /** Answers PATCH. */
  @IgnorableReturnValue
  public fun PATCH(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.PATCH, pattern, handler)

  /** Answers DELETE. */
  @IgnorableReturnValue
  public fun DELETE(pattern: String, handler: RouteHandler): Route = route(Method.DELETE, pattern, handler)

  /** Answers DELETE. */
  @IgnorableReturnValue
  public fun DELETE(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.DELETE, pattern, handler)

  /** Answers HEAD. Not needed beside a GET route. */
  @IgnorableReturnValue
  public fun HEAD(pattern: String, handler: RouteHandler): Route = route(Method.HEAD, pattern, handler)

  /** Answers HEAD. Not needed beside a GET route. */
  @IgnorableReturnValue
  public fun HEAD(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.HEAD, pattern, handler)

  /** Answers OPTIONS, instead of the automatic 204 with Allow. */
  @IgnorableReturnValue
  public fun OPTIONS(pattern: String, handler: RouteHandler): Route = route(Method.OPTIONS, pattern, handler)

  /** Answers OPTIONS, instead of the automatic 204 with Allow. */
  @IgnorableReturnValue
  public fun OPTIONS(pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.OPTIONS, pattern, handler)

  /**
   * Answers a method of any name.
   *
   * @throws IllegalArgumentException if the name is not a token (RFC 9110 9.1)
   */
  @IgnorableReturnValue
  public fun method(name: String, pattern: String, handler: RouteHandler): Route =
    route(Method.of(name), pattern, handler)

  /**
   * Answers a method of any name.
   *
   * @throws IllegalArgumentException if the name is not a token (RFC 9110 9.1)
   */
  @IgnorableReturnValue
  public fun method(name: String, pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(Method.of(name), pattern, handler)

  /** Declares routes below a prefix, which may have parameters; `/` is no prefix, only a group. */
  public fun path(prefix: String, group: RouteScope.() -> Unit) {
    builder.path(prefix) { RouteScope(it).declare(group) }
  }

  /** Declares routes for one host: `api.example`, `*.example` or `{tenant}.example`. */
  public fun host(pattern: String, group: RouteScope.() -> Unit) {
    builder.host(pattern) { RouteScope(it).declare(group) }
  }

  /** Puts filters in front of the whole group, the first one outermost. */
  public fun use(vararg filters: Filter) {
    this.filters += filters
  }

  /** Puts a filter in front of the whole group, behind those written before it. */
  public fun use(filter: suspend (request: Request, next: Next) -> Response) {
    filters += filter(filter)
  }

  /** Puts routes that were built elsewhere below a prefix, with their filters, mappers and fallback. */
  public fun mount(prefix: String, routes: Routes) {
    builder.mount(prefix, routes)
  }

  /**
   * Turns exceptions of this type into an answer: those of the group's handlers and filters, of inner groups that do
   * not map them, and of streaming bodies before their first byte. The most specific type wins. The group's own filters
   * see the exception; the filters of outer groups see the answer. A call that was cancelled maps nothing.
   *
   * @throws IllegalArgumentException if the group maps this very type already
   */
  public inline fun <reified E : Throwable> mapException(noinline map: suspend (E) -> Response): Unit =
    mapException(E::class.java) { map(it as E) }

  @PublishedApi
  internal fun mapException(type: Class<out Throwable>, map: suspend (Throwable) -> Response): Unit =
    mappers.add(type, map)

  /** Answers requests of any method below the group's prefix whose path no route matches. */
  public fun fallback(handler: RouteHandler) {
    builder.handleFallback(CoroutineHandler(HandlerStage(handler)))
  }

  private fun route(method: Method, pattern: String, handler: RouteHandler): Route =
    builder.route(method, pattern, CoroutineHandler(HandlerStage(handler)))

  private fun route(method: Method, pattern: String, handler: KSuspendFunction1<Request, Response>): Route =
    route(method, pattern) { handler(it) }

  internal fun declare(group: RouteScope.() -> Unit) {
    group()
    // Outermost, so that the group's own filters are mapped too, and see exceptions as such: a rollback wants that.
    if (!mappers.isEmpty) builder.use(mappers)
    builder.use(*filters.toTypedArray())
  }
}

/** A group of routes as a value: written in a file of its own, tested without a socket, mounted anywhere. */
public fun routes(build: RouteScope.() -> Unit): Routes = Routes.of { RouteScope(it).declare(build) }
