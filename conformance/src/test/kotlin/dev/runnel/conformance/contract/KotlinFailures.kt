package dev.runnel.conformance.contract

import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.blocking
import dev.runnel.dsl.noContent
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.stream
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.Problem
import dev.runnel.http.Response
import dev.runnel.http.Status
import dev.runnel.io.Bytes
import java.io.IOException
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch

private const val SECRET = "the secret of the test"

/** Endpoints that fail, in all the ways of the DSL. */
internal fun RouteScope.failures(probe: Probe) {
  path("/error") { errors(probe) }
  GET("/split/{part}") { req ->
    val evil = "a\r\nSet-Cookie: b"
    when (req.path["part"]) {
      "value" -> ok().header("X-A", evil)
      "name" -> ok().header(evil, "b")
      "location" -> dev.runnel.dsl.redirect(evil)
      "type" -> ok().body(evil, Bytes.EMPTY)
      else -> ok().headers(Headers.of("X-A", "b\u0000c"))
    }
  }
  GET("/no-content") { noContent() }
  GET("/answer-twice") {
    exchange.respond(ok("first"))
    ok("second")
  }
}

/** Endpoints behind a filter that edits the head. */
internal fun RouteScope.edited(probe: Probe) {
  GET("/text") { ok("hi") }
  GET("/file") { ok(probe.file()) }
  GET("/upgrade") { Response.upgrade("echo") { raw -> raw.close() } }
  method("CONNECT", "/upgrade") { Response.upgrade("echo") { raw -> raw.close() } }
  GET("/stream") { stream("text/plain") { write("streamed") } }
  errors(probe)
}

private fun RouteScope.errors(probe: Probe) {
  GET("/http") { throw HttpError(409, "taken by somebody else") }
  GET("/own") { throw Teapot() }
  GET("/problem") {
    throw HttpError(Problem.of(Status.of(402), "pay first").with("balance", 3), Headers.of("X-Price", "5"), null)
  }
  GET("/secret") { error(SECRET) }
  GET("/blocking") { blocking { throw IOException(SECRET) } }
  GET("/async") {
    coroutineScope {
      launch { error(SECRET) }
      delay(60_000)
      ok("never")
    }
  }
  GET("/foreign") { throw CancellationException(SECRET) }
  GET("/early") { ok(flow<String> { error(SECRET) }) }
  GET("/late/{gate}") { req ->
    val gate = req.path["gate"]
    stream("text/plain") {
      write("first")
      probe.gate(gate).await()
      error(SECRET)
    }
  }
  GET("/short") { stream("text/plain") { write("12345") }.header("Content-Length", "10") }
  GET("/long") { stream("text/plain") { write("12345678901") }.header("Content-Length", "10") }
  GET("/output") { Response.output("text/plain") { throw IOException(SECRET) } }
  GET("/edit") {
    onHead { error(SECRET) }
    ok("hi")
  }
}

/** An error that says for itself what to answer. */
private class Teapot : HttpError(418, "short and stout") {
  override fun toResponse(): Response = Response.of(418).text("I am a teapot")
}

/** Endpoints that take the connection over. */
internal fun RouteScope.takeOver(probe: Probe) {
  for (method in listOf("GET", "CONNECT")) { // the latter is how HTTP/2 asks for it (RFC 8441)
    method(method, "/raw/echo") { Response.upgrade("echo", JavaTakeOver.echo(probe)) }
    method(method, "/raw/flood") { Response.upgrade("flood", JavaTakeOver.flood(probe)) }
    method(method, "/raw/deaf/{gate}") { req -> JavaTakeOver.deaf(probe, req.path["gate"]) }
    method(method, "/raw/last/{gate}") { req -> JavaTakeOver.last(probe, req.path["gate"]) }
    method(method, "/raw/held/{gate}") { req ->
      hold(probe, req.path["gate"])
      Response.upgrade("held", JavaTakeOver.idle())
    }
    method(method, "/raw/fail") { Response.upgrade("fail", JavaTakeOver.fail()) }
  }
  POST("/raw/echo") { Response.upgrade("echo", JavaTakeOver.echo(probe)) }
  method("CONNECT", "*") { req -> JavaTakeOver.connect(probe, req.target()) }
}
