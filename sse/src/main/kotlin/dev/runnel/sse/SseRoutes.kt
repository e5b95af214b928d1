package dev.runnel.sse

import dev.runnel.dsl.Call
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.StreamedBody
import dev.runnel.http.BodyWriter
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Route
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.KSerializer

/**
 * Answers GET with a stream of events that the handler sends, and 406 if the Accept field excludes `text/event-stream`.
 * The stream ends when the handler returns; if it throws the client sees a failure. When the client leaves the handler
 * is cancelled; when the server stops the client is told to come back later, the stream ends, and the handler is
 * cancelled with `ServerStopping`.
 */
@IgnorableReturnValue
@Suppress("FunctionName") // As the methods of RouteScope.
public fun RouteScope.SSE(
  pattern: String,
  options: SseOptions = SseOptions.DEFAULT,
  handler: suspend SseChannel.(Request) -> Unit,
): Route = GET(pattern) { req -> sse(options) { handler(req) } }.produces(SseHead.TYPE)

/** Answers GET with the events of the flow, collected for each client anew and as fast as it takes them. */
@IgnorableReturnValue
@Suppress("FunctionName")
public fun RouteScope.SSE(
  pattern: String,
  events: Flow<ServerEvent>,
  options: SseOptions = SseOptions.DEFAULT,
): Route = SSE(pattern, options) { events.collect { send(it) } }

/** Answers GET with the items of the flow as JSON, an event each, collected for each client anew. */
@IgnorableReturnValue
@JvmName("SSEItems")
@Suppress("FunctionName")
public inline fun <reified T : Any> RouteScope.SSE(
  pattern: String,
  items: Flow<T>,
  options: SseOptions = SseOptions.DEFAULT,
): Route = itemsRoute(this, pattern, items, eventSerializer<T>(), options)

@PublishedApi
internal fun <T> itemsRoute(
  routes: RouteScope,
  pattern: String,
  items: Flow<T>,
  serializer: KSerializer<T>,
  options: SseOptions,
): Route = routes.SSE(pattern, options) { items.collect { send(jsonEvent(it, serializer, null, null)) } }

/**
 * A stream of events as the answer of any handler, sent behind all filters: 200, or 406 if the Accept field excludes
 * `text/event-stream`. The response may be kept and returned often; the handler then runs anew.
 */
public fun sse(options: SseOptions = SseOptions.DEFAULT, handler: suspend SseChannel.() -> Unit): Response =
  SseHead.response(HandlerBody(options, handler))

private class HandlerBody(private val options: SseOptions, private val handler: suspend SseChannel.() -> Unit) :
  StreamedBody() {
  override fun prepare(call: Call, response: Response): Response {
    SseHead.refuseUnacceptable(call.request)
    return response
  }

  override suspend fun write(call: Call, writer: BodyWriter) = StreamChannel(call, writer, options).run(handler)
}
