package dev.runnel.conformance.contract

import dev.runnel.dsl.CallCancellation
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.currentCall
import dev.runnel.dsl.noContent
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.status
import dev.runnel.http.Request
import dev.runnel.hub.Hub
import dev.runnel.hub.HubOptions
import dev.runnel.sse.EventLog
import dev.runnel.sse.SSE
import dev.runnel.sse.ServerEvent
import dev.runnel.sse.SseChannel
import dev.runnel.sse.SseOptions
import dev.runnel.sse.SseOverflow
import dev.runnel.sse.join
import dev.runnel.sse.sse
import dev.runnel.sse.sseOptions
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.future.await
import kotlinx.coroutines.job
import kotlinx.coroutines.launch
import kotlinx.serialization.Serializable

/** More than the kernel takes for both ends. */
private val LARGE = "x".repeat(8 shl 20)

private val PIECE = "x".repeat(16 shl 10)

@Serializable private data class Tick(val number: Int, val note: String = "none")

/** Streams of events in the DSL. `JavaEvents` has the same endpoints, but for those that only Kotlin can have. */
internal fun RouteScope.events(probe: Probe) {
  SSE("/sse/quiet/{gate}") { req -> quiet(probe, req) }
  SSE("/sse/open/{gate}") { req ->
    open()
    quiet(probe, req)
  }
  SSE("/sse/first/{gate}") { req ->
    send("first")
    quiet(probe, req)
  }
  SSE("/sse/reject/{gate}") { req -> rejected(probe, req) }
  SSE("/sse/three") { three() }
  SSE("/sse/gzip", sseOptions(gzip = true)) { three() }
  SSE("/sse/ticks/{count:int}") { req ->
    repeat(req.path.int("count")) {
      send("$it")
      delay(14.seconds)
    }
  }
  GET("/sse/blocking-three") { sse { three() } }
  SSE("/sse/204") { reject(noContent()) }
  SSE("/sse/fail-early") { error("told to fail") }
  SSE("/sse/fail-late") {
    send("one")
    error("told to fail")
  }
  SSE("/sse/last") { send("last $lastEventId") }
  SSE("/sse/refused") { refused(probe) }
  SSE("/sse/atomic") { atomic(probe) }
  SSE("/sse/fifo/{gate}") { req -> fifo(probe, req) }
  SSE("/sse/pump") {
    flooding(probe) {
      while (true) {
        send(PIECE)
        probe.note("wrote")
      }
    }
  }
  hub(probe)
  flood(probe, "flood", SseOptions.DEFAULT)
  flood(probe, "impatient", sseOptions(patience = 200.milliseconds))
  flood(probe, "drop", sseOptions(overflow = SseOverflow.dropOldest(4)))
  flood(probe, "close", sseOptions(overflow = SseOverflow.CLOSE))
  flood(probe, "conflate", sseOptions(overflow = SseOverflow.conflate { it.data()?.take(1) }))
  kotlinOnly(probe)
}

internal fun RouteScope.timedEvents(probe: Probe) {
  SSE("/sse/quiet/{gate}") { req -> quiet(probe, req) }
}

private fun RouteScope.hub(probe: Probe) {
  val hub = Hub<String>(HubOptions.defaults<String>().withQueue(4))
  SSE("/sse/hub") {
    currentCall().exchange.onCancel { probe.note("hub ${hub.stats().subscribers()}") }
    open()
    coroutineScope {
      launch(start = CoroutineStart.UNDISPATCHED) { hub.join(this@SSE) }
      probe.note("joined")
    }
  }
  POST("/sse/hub/{count:int}") { req ->
    val stages = List(req.path.int("count")) { hub.broadcast("a$it $PIECE") }
    stages.forEach { it.await() }
    ok("${hub.stats().subscribers()} there, ${hub.stats().closedSlow()} closed")
  }
}

private fun RouteScope.kotlinOnly(probe: Probe) {
  val log = EventLog<Tick>(capacity = 3)
  POST("/sse/log/{n:int}") { req ->
    log.append(Tick(req.path.int("n")))
    noContent()
  }
  SSE("/sse/log") { log.after(lastEventId).collect { send(it) } }
  SSE("/sse/flow", flowOf(ServerEvent("one"), ServerEvent("two", id = "2")))
  SSE("/sse/items", flow<Tick> { for (i in 1..3) emit(Tick(i)) })
  SSE("/sse/channel") {
    val channel = asSendChannel(capacity = Channel.UNLIMITED)
    for (i in 1..3) channel.trySend(ServerEvent("$i")).getOrThrow()
  }
  SSE("/sse/channel/{gate}") { req ->
    val gate = req.path["gate"]
    val channel = asSendChannel(1)
    channel.invokeOnClose { probe.note("channel closed $gate") }
    channel.send(ServerEvent("first"))
    quiet(probe, req)
  }
}

private suspend fun SseChannel.quiet(probe: Probe, request: Request) {
  val gate = request.path["gate"]
  currentCoroutineContext().job.invokeOnCompletion { probe.note("closed $gate") }
  probe.note("started $gate")
  try {
    probe.gate(gate).await()
  } catch (e: CallCancellation) {
    probe.note("told $gate ${e.reason}")
    throw e
  }
  send("late")
}

private suspend fun SseChannel.rejected(probe: Probe, request: Request) {
  val gate = request.path["gate"]
  probe.note("started $gate")
  probe.gate(gate).await()
  try {
    reject(status(401))
  } catch (e: IllegalStateException) {
    probe.note("too late to reject")
    throw e
  }
}

private suspend fun SseChannel.three() {
  send("one")
  send("two\nlines\r\nand\rmore", event = "note", id = "2")
  send(ServerEvent("", retry = 2.seconds, comment = "three"))
}

private suspend fun SseChannel.refused(probe: Probe) {
  for (bad in listOf("a\rb", "a\nb", "a\u0000b")) {
    try {
      send("x", id = bad)
    } catch (e: IllegalArgumentException) {
      probe.note("id refused")
    }
  }
  for (bad in listOf("a\rb", "a\nb")) {
    try {
      send("x", event = bad)
    } catch (e: IllegalArgumentException) {
      probe.note("event refused")
    }
  }
  send("fine")
}

/** One that is handed over and one that is not are cancelled, while the client takes nothing. */
private suspend fun SseChannel.atomic(probe: Probe) = coroutineScope {
  val first = launch(start = CoroutineStart.UNDISPATCHED) { send(LARGE) }
  val second = launch(start = CoroutineStart.UNDISPATCHED) { send("second") }
  second.cancel()
  first.cancel()
  probe.note("cancelled both")
  send("third")
}

private suspend fun SseChannel.fifo(probe: Probe, request: Request) = coroutineScope {
  send("0")
  val gate = request.path["gate"]
  probe.note("started $gate")
  probe.gate(gate).await()
  for (i in 0..9) launch(start = CoroutineStart.UNDISPATCHED) { send(if (i == 0) LARGE else "e$i") }
  probe.note("all sent")
}

private fun RouteScope.flood(probe: Probe, name: String, options: SseOptions) {
  SSE("/sse/$name/{count:int}", options) { req ->
    flooding(probe) {
      for (i in 0..<req.path.int("count")) {
        send("${if (i % 2 == 0) "a" else "b"}$i $PIECE")
        probe.note("wrote")
      }
    }
    probe.note("dropped $dropped")
  }
}

private inline fun flooding(probe: Probe, flood: () -> Unit) {
  try {
    flood()
  } catch (e: CancellationException) {
    probe.note("cancelled flood ${(e as? CallCancellation)?.reason}")
    throw e
  }
}
