package dev.runnel.dsl

import dev.runnel.engine.Filter
import dev.runnel.engine.Handler
import dev.runnel.http.Request
import dev.runnel.http.Response

/**
 * A step of a call, composed once when the routes are built. Consecutive Kotlin filters and the handler behind them are
 * stages of one coroutine.
 */
internal fun interface Stage {
  suspend fun run(call: CallContext, request: Request): Response
}

/** The innermost stage: what the route was declared with. */
internal class HandlerStage(private val handler: RouteHandler) : Stage {
  override suspend fun run(call: CallContext, request: Request): Response {
    call.request = request
    return call.handler(request)
  }
}

/** A filter in front of the next stage. */
private class FilterStage(private val filter: suspend (Request, Next) -> Response, private val next: Stage) : Stage {
  override suspend fun run(call: CallContext, request: Request): Response = filter(request, BoundNext(call, next))
}

/** A `next` that knows its call, so that it also works from a coroutine that has left the call's context. */
private class BoundNext(private val call: CallContext, private val next: Stage) : Next {
  override suspend fun invoke(request: Request): Response = call.bind(next.run(call, request))
}

/** A filter that is a stage: in front of a Kotlin handler it joins its coroutine. */
internal abstract class StageFilter : Filter {
  final override fun apply(next: Handler): Handler =
    CoroutineHandler(before(if (next is CoroutineHandler) next.stage else JavaStage(next)))

  protected abstract fun before(next: Stage): Stage
}

/**
 * A filter from a function: it may look at the request, pass another one on to `next`, look at the response or give
 * another, and catch what the handler throws. Composed once, at start.
 *
 * ```
 * val noStore = filter { request, next -> next(request).header("Cache-Control", "no-store") }
 * ```
 */
public fun filter(block: suspend (request: Request, next: Next) -> Response): Filter = FunctionFilter(block)

private class FunctionFilter(val function: suspend (Request, Next) -> Response) : StageFilter() {
  override fun before(next: Stage): Stage = FilterStage(function, next)
}

/**
 * The function that [filter] made this of, to be used where there is no server: around the calls of a client. Null for
 * every other filter, because those work on a server's call.
 */
public fun Filter.asFunction(): (suspend (request: Request, next: Next) -> Response)? =
  (this as? FunctionFilter)?.function
