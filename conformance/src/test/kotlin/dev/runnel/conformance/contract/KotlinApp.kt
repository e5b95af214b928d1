package dev.runnel.conformance.contract

import dev.runnel.dsl.Call
import dev.runnel.dsl.CallCancellation
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.accessLog
import dev.runnel.dsl.blocking
import dev.runnel.dsl.body
import dev.runnel.dsl.detached
import dev.runnel.dsl.get
import dev.runnel.dsl.noContent
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.requestId
import dev.runnel.dsl.requestTimeout
import dev.runnel.dsl.routes
import dev.runnel.dsl.set
import dev.runnel.engine.CallSettings.ClientFin
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Routes
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.future.await
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import org.slf4j.MDC

private val CONSTANT: Response = Response.ok("constant")
private val COLOUR: Request.Key<String> = Request.Key.of("colour")

/** The app of the contract in the Kotlin DSL. `JavaApp` has the same endpoints. */
fun kotlinApp(probe: Probe): Routes = routes {
  use { request, next ->
    probe.jobBegan()
    currentCoroutineContext().job.invokeOnCompletion { probe.jobCompleted() }
    next(request)
  }
  calls(probe)
  negotiated()
  bodies(probe)
  failures(probe)
  takeOver(probe)
  webSockets(probe)
  events(probe)
}

private fun RouteScope.calls(probe: Probe) {
  GET("/text") { ok("hi") }
  POST("/text") { ok("posted") }
  GET("/constant") { CONSTANT }
  GET("/loop") { ok("in loop ${exchange.loop().inLoop()}") }
  GET("/id") { req -> ok(req.id()) }
  GET("/wait/{gate}") { req -> await(probe, req) }
  GET("/fin/{gate}") { req -> await(probe, req) }.onClientFin(ClientFin.CONTINUE)
  GET("/async/{gate}") { req -> elsewhere(probe, req) }
  GET("/blocking/{gate}") { req -> blocking { block(probe, req) } }
  GET("/hog/{gate}") { req -> block(probe, req) }
  GET("/blocking-loop") { req -> blocking { ok("may block ${req.body().bytes().isEmpty()}") } }
  GET("/hints") {
    informational(103, Headers.of("Link", "</a.css>; rel=preload"))
    ok("hinted")
  }
  GET("/hold/{gate}") { req ->
    hold(probe, req.path["gate"])
    ok(req.path["gate"])
  }
  GET("/detached/{gate}") { req -> leave(probe, req) }
  path("/edited") {
    edit()
    edited(probe)
  }
  path("/limit/200") { timed(probe, 200) }
  path("/limit/2000") { timed(probe, 2000) }
  path("/log") { logged(probe) }
  GET("/mdc-after") { ok("id ${MDC.get("requestId")}") }
}

private fun RouteScope.negotiated() {
  GET("/plain") { ok("plain") }.produces("text/plain")
  POST("/plain") { ok("took") }.consumes("text/plain")
  GET("/own") { ok("GET") }
  HEAD("/own") { noContent().header("X-Own", "HEAD") }
  OPTIONS("/own") { ok("OPTIONS") }
}

private fun RouteScope.edit() = use { request, next ->
  dev.runnel.dsl.currentCall().onHead { head -> head.withHeaders(head.headers().set("X-Edit", "yes")) }
  next(request)
}

private fun RouteScope.timed(probe: Probe, millis: Int) {
  edit()
  use(requestTimeout(millis.milliseconds))
  GET("/wait/{gate}") { req -> await(probe, req) }
  GET("/stream/{gate}") { req -> twoParts(probe, req) }
  GET("/late-stream/{gate}") { req -> lateStream(probe, req) }
  timedEvents(probe)
}

private fun RouteScope.logged(probe: Probe) {
  use(accessLog(), requestId())
  use { request, next ->
    request[COLOUR] = "blue"
    next(request)
  }
  GET("/text") { ok("id ${MDC.get("requestId")}") }
  GET("/blocking") { blocking { ok("id ${MDC.get("requestId")}") } }
  GET("/wait/{gate}") { req -> await(probe, req) }
  POST("/late") { req ->
    req.body.collect()
    ok("id ${MDC.get("requestId")}")
  }
  GET("/colour") { req -> ok("${req[COLOUR]}") }
  GET("/id") { req -> ok("${req.id()} ${MDC.get("requestId")}") }
}

private suspend fun Call.await(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  onEnd { probe.note("ended $gate ${it.status()}") }
  probe.note("started $gate")
  try {
    probe.gate(gate).await()
    return ok(gate)
  } catch (e: CancellationException) {
    probe.note("cancelled $gate ${(e as? CallCancellation)?.reason ?: exchange.cancelled() ?: "TIMEOUT"}")
    throw e
  } finally {
    probe.note("finally $gate")
  }
}

private suspend fun elsewhere(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  probe.note("started $gate")
  return try {
    withContext(Dispatchers.Default) {
      probe.gate(gate).await()
      ok(gate)
    }
  } catch (e: CancellationException) {
    probe.note("future $gate false")
    throw e
  }
}

private fun block(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  probe.note("started $gate")
  try {
    probe.gate(gate).get()
  } catch (e: InterruptedException) {
    probe.note("interrupted $gate")
  }
  probe.note("returned $gate")
  return ok(gate)
}

/** Work that goes on behind the answer, as a part of the call, until the gate opens. */
internal fun Call.hold(probe: Probe, gate: String) {
  scope.launch {
    try {
      probe.gate(gate).await()
    } catch (e: CallCancellation) {
      probe.note("cancelled $gate ${e.reason}")
      throw e
    }
  }
}

private suspend fun leave(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  try {
    detached {
      try {
        probe.gate(gate).await()
        probe.note("detached finished $gate")
      } catch (e: CancellationException) {
        probe.note("detached cancelled $gate")
        throw e
      }
    }
  } catch (e: IllegalStateException) {
    throw HttpError(503, "refused to detach")
  }
  return ok(gate)
}
