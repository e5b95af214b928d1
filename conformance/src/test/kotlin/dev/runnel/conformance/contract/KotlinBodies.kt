package dev.runnel.conformance.contract

import dev.runnel.dsl.BodySink
import dev.runnel.dsl.Call
import dev.runnel.dsl.CallCancellation
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.body
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.stream
import dev.runnel.dsl.text
import dev.runnel.http.BodyReader
import dev.runnel.http.Headers
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.io.Bytes
import kotlin.coroutines.resume
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.future.await
import kotlinx.coroutines.suspendCancellableCoroutine

private const val PLAIN = "text/plain"

/** Endpoints that read or write bodies in all the ways of the DSL. */
internal fun RouteScope.bodies(probe: Probe) {
  reading(probe)
  GET("/bytes/{count:int}") { req -> ok("0".repeat(req.path.int("count")).toByteArray()) }
  GET("/chunks/{count:int}") { req -> stream(PLAIN) { told(probe) { pump(probe, req.path.int("count")) } } }
  GET("/produced/{count:int}") { req ->
    val count = req.path.int("count")
    stream(PLAIN) {
      probe.note("produced")
      pump(probe, count)
    }
  }
  GET("/stream/{gate}") { req -> twoParts(probe, req) }
  GET("/file") { ok(probe.file()) }
  GET("/output/{count:int}") { req ->
    val count = req.path.int("count")
    ok(
      flow<String> {
        repeat(count) {
          emit("x".repeat(16 shl 10))
          probe.note("wrote")
        }
      }
    )
  }
  GET("/trailers") { ok("whole").withTrailers { sum() } }
  GET("/declared") {
    stream(PLAIN) {
        write("12345")
        write("67890")
      }
      .header("Content-Length", "10")
  }
}

private fun RouteScope.reading(probe: Probe) {
  POST("/upper") { req -> ok(req.text().uppercase()) }
  POST("/upper-async") { req -> ok(req.body().textAsync().await().uppercase()) }
  POST("/limited") { req -> ok(req.text()) }.bufferedBodyLimit(10)
  POST("/count") { req -> count(req) }
  POST("/count/{limit:int}") { req ->
    exchange.settings().bodyLimit(req.path.int("limit").toLong())
    count(req)
  }
  POST("/ignore") { ok("ignored") }
  POST("/later/{gate}") { req -> later(probe, req) }
  POST("/first/{gate}") { req -> firstPiece(probe, req) }
  POST("/twice") { req ->
    req.body.collect()
    val complaint =
      try {
        req.body.collect()
        "read twice"
      } catch (e: IllegalStateException) {
        e.message
      }
    ok("$complaint")
  }
  POST("/echo") { req ->
    exchange.onCancel { probe.note("cancelled echo $it") }
    stream(PLAIN) { req.body.collect { write(it) } }
  }
  POST("/trailers") { req ->
    val reader = req.body().reader()
    reader.drain()
    ok("X-Sum ${reader.trailers().get("X-Sum")}")
  }
}

private fun sum(): Headers = Headers.of("X-Sum", "1")

private suspend fun count(request: Request): Response {
  var size = 0L
  request.body.collect { size += it.size }
  return ok("$size bytes")
}

private suspend fun later(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  probe.note("started $gate")
  return told(probe, gate) {
    probe.gate(gate).await()
    count(request)
  }
}

/** Waits at the gate with the first piece in hand; reads no other. */
private suspend fun firstPiece(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  val reader = request.body().reader()
  return told(probe, gate) {
    while (reader.poll() == null) reader.ready()
    probe.note("piece $gate")
    probe.gate(gate).await()
    ok(gate)
  }
}

private suspend fun BodyReader.ready() = suspendCancellableCoroutine { continuation ->
  onReady { if (continuation.isActive) continuation.resume(Unit) }
}

private suspend fun BodyReader.drain() {
  while (true) {
    if (poll() != null) continue
    if (ended()) return
    ready()
  }
}

private suspend inline fun <T> told(probe: Probe, name: String = "chunks", block: () -> T): T =
  try {
    block()
  } catch (e: CallCancellation) {
    probe.note("cancelled $name ${e.reason}")
    throw e
  }

private suspend fun BodySink.pump(probe: Probe, count: Int) {
  val piece = Bytes.utf8("x".repeat(16 shl 10))
  repeat(count) {
    probe.note("wrote")
    write(piece)
  }
}

/** A first part at once, the second when the gate opens, trailers behind it. */
internal fun Call.twoParts(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  return stream(PLAIN) {
      write("first ")
      probe.note("started $gate")
      told(probe, gate) { probe.gate(gate).await() }
      write("second")
    }
    .withTrailers { sum() }
}

/** A stream that has nothing to say until the gate opens. */
internal fun Call.lateStream(probe: Probe, request: Request): Response {
  val gate = request.path["gate"]
  return ok(flow { emit(gate) }.onEach { probe.gate(gate).await() })
}
