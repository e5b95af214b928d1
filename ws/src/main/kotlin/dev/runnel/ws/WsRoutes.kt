package dev.runnel.ws

import dev.runnel.dsl.RouteScope
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Route
import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer

/**
 * Answers requests for a WebSocket session, over HTTP/1.1 and HTTP/2: `WS("/echo") { incoming.collect { send(it) } }`.
 * Filters run as for GET. The session is closed when the handler returns (1000), throws [WsClose] (its code) or
 * anything else (1011, and a line in the log); if the client vanishes the handler is cancelled.
 */
@IgnorableReturnValue
@Suppress("FunctionName") // As it looks in a table of routes, beside GET.
public fun RouteScope.WS(
  pattern: String,
  options: WsOptions = WsOptions.DEFAULT,
  handler: suspend WsServerSession.(Request) -> Unit,
): Route = GET(pattern) { request -> webSocket(options) { handler(request) } }

/** The session as a response, from any handler. A request that asks for none is answered with 426. */
public fun webSocket(options: WsOptions = WsOptions.DEFAULT, handler: suspend WsServerSession.() -> Unit): Response =
  Response.of(SWITCHING_PROTOCOLS).body(WsBody(options, handler))

/** Like the other [WS], with messages that are JSON texts. */
@IgnorableReturnValue
@JvmName("typedWS")
@Suppress("FunctionName")
public inline fun <reified In, reified Out> RouteScope.WS(
  pattern: String,
  options: WsOptions = WsOptions.DEFAULT,
  noinline handler: suspend TypedWs<In, Out>.(Request) -> Unit,
): Route = typedRoute(this, pattern, options, serializer<In>(), serializer<Out>(), handler)

@PublishedApi
internal fun <In, Out> typedRoute(
  routes: RouteScope,
  pattern: String,
  options: WsOptions,
  incoming: KSerializer<In>,
  outgoing: KSerializer<Out>,
  handler: suspend TypedWs<In, Out>.(Request) -> Unit,
): Route =
  routes.GET(pattern) { request ->
    webSocket(options) { JsonSession(this, incoming, outgoing).handler(request) }
  }

private const val SWITCHING_PROTOCOLS = 101
