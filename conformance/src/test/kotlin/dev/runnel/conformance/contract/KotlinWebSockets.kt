package dev.runnel.conformance.contract

import dev.runnel.dsl.CallCancellation
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.get
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.Message
import dev.runnel.websocket.WsClosed
import dev.runnel.ws.Deflate
import dev.runnel.ws.WS
import dev.runnel.ws.WsClose
import dev.runnel.ws.WsOptions
import dev.runnel.ws.WsSession
import dev.runnel.ws.webSocket
import java.util.concurrent.ConcurrentLinkedQueue
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.serialization.Serializable

private val OPTIONS: WsOptions = WsOptions.DEFAULT.withProtocols("b", "a").withHeader("X-Session", "yes")
private val DEFLATE: WsOptions = WsOptions.DEFAULT.withDeflate(Deflate.DEFAULT)

@Serializable data class Asked(val number: Int)

@Serializable data class Answered(val doubled: Int)

/** Sessions in the Kotlin DSL. `JavaWebSockets` has the same, but for what only flows have. */
internal fun RouteScope.webSockets(probe: Probe) {
  WS("/ws/echo") { echo(probe) }
  WS("/ws/deflate", DEFLATE) { echo(probe) }
  WS("/ws/protocols", OPTIONS) { send("speaks $protocol") }
  WS("/ws/return") { send("hi") }
  WS("/ws/fail") {
    send("hi")
    throw IllegalStateException("the handler fails")
  }
  WS("/ws/close/{code}") { req ->
    send("hi")
    throw WsClose(req.path["code"].toInt(), "é".repeat(100))
  }
  WS("/ws/wait/{gate}") { req -> wait(probe, req) }
  WS("/ws/push/{count}") { req -> push(probe, req) }
  WS("/ws/try/{gate}") { req -> tryUntilFull(probe, req) }
  WS("/ws/order") { order() }
  WS("/ws/linger") { linger(probe) }
  WS("/ws/stay") {
    linger(probe)
    try {
      awaitCancellation()
    } finally {
      probe.note("left")
    }
  }
  GET("/ws/either") { req ->
    if (req.query("ws") == "no") ok("plain") else webSocket { send("either") }.header("X-Either", "ws")
  }
  path("/ws/filtered") {
    use { request, next ->
      probe.note("filter saw ${request.method()}")
      if (request.query("in") == "no") Response.of(401) else next(request)
    }
    WS("/echo") { echo(probe) }
  }
  flows(probe)
}

private fun RouteScope.flows(probe: Probe) {
  WS<Asked, Answered>("/ws/typed") { incoming.collect { send(Answered(2 * it.number)) } }
  WS("/ws/again") {
    send("first ${incoming.first().text()}")
    incoming.take(2).collect { send("taken ${it.text()}") }
    incoming.collect { send("rest ${it.text()}") }
  }
  WS("/ws/cancelled") { cancelled() }
  WS("/ws/in-hand") { inHand(probe) }
  WS("/ws/streams") {
    incomingStreams.collect { message ->
      var size = 0L
      message.parts.collect { size += it.length() }
      send("$size ${message.isText}")
    }
  }
  WS("/ws/parts") {
    sendParts(isText = true) {
      write("a")
      write("b")
    }
    send("c")
  }
  WS("/ws/parts-closed") {
    try {
      sendParts(isText = true) {
        write("a")
        this@WS.incoming.collect {}
      }
    } catch (e: WsClosed) {
      probe.note("parts throw ${e.code()}")
    }
  }
  WS("/ws/parts-code") {
    sendParts(isText = true) {
      write("a")
      throw WsClose(4000, "enough")
    }
  }
  WS("/ws/reject/{status}") { req ->
    probe.gate("reject").await()
    reject(req.path["status"].toInt(), "not now")
  }
  WS("/ws/late") { probe.gate("late").await() }
  WS("/ws/children") { children(probe) }
  WS("/ws/push-only") { probe.note("closed ${awaitClose()}") }
  WS("/ws/trysend-closed") {
    probe.note("closed ${awaitClose()}")
    probe.note("tried ${trySend("late")}")
  }
}

private suspend fun WsSession.echo(probe: Probe) {
  try {
    incoming.collect { send(it) }
    probe.note("ended ${closeReason.await()}")
  } catch (e: CallCancellation) {
    withContext(NonCancellable) { probe.note("cancelled ${e.reason} ${closeReason.await().code()}") }
    throw e
  }
}

/** Reads nothing until the gate opens, then says what came. */
private suspend fun WsSession.wait(probe: Probe, request: Request) {
  open()
  probe.note("waits")
  probe.gate(request.path["gate"]).await()
  incoming.collect { send("${it.bytes().length()}") }
}

/** A collector that cancels itself within the first message. */
private suspend fun WsSession.cancelled() {
  open()
  coroutineScope { launch { incoming.collect { cancel() } } }
  send("rest ${incoming.first().text()}")
}

/** A collector that is cancelled while it waits for its own thread with a message. */
private suspend fun WsSession.inHand(probe: Probe) = coroutineScope {
  open()
  val tasks = ConcurrentLinkedQueue<Runnable>()
  val elsewhere =
    object : CoroutineDispatcher() {
      override fun dispatch(context: CoroutineContext, block: Runnable) = check(tasks.add(block))
    }
  val collector = launch(elsewhere) { incoming.collect { probe.note("collected ${it.text()}") } }
  withContext(Dispatchers.Default) { checkNotNull(tasks.poll()).run() }
  probe.note("collects")
  probe.gate("hand").await()
  collector.cancel()
  withContext(Dispatchers.Default) { while (true) (tasks.poll() ?: break).run() }
  incomingStreams.take(2).collect { message -> message.parts.collect { send(it.utf8()) } }
}

private suspend fun WsSession.push(probe: Probe, request: Request) {
  check(incoming.first().text() == "go")
  val message = Message.text("x".repeat(16 shl 10))
  try {
    repeat(request.path["count"].toInt()) {
      send(message)
      probe.note("sent")
    }
  } catch (e: WsClosed) {
    probe.note("send throws ${e.code()}")
    throw e
  }
}

private suspend fun WsSession.tryUntilFull(probe: Probe, request: Request) {
  check(incoming.first().text() == "go")
  val message = Message.text("x".repeat(16 shl 10))
  var tried = 0
  while (tried < 10_000 && trySend(message) == dev.runnel.ws.SendResult.SENT) tried++
  probe.note("full after $tried")
  probe.gate(request.path["gate"]).await()
  flush()
  probe.note("flushed ${trySend("again")}")
}

private suspend fun WsSession.order() = coroutineScope {
  repeat(100) { launch { send("$it ${"x".repeat(4 shl 10)}") } }
}

/** Notices that the session was closed. */
private suspend fun WsSession.linger(probe: Probe) {
  incoming.collect {}
  probe.note("incoming ended ${closeReason.await()}")
  try {
    send("too late")
  } catch (e: WsClosed) {
    probe.note("send throws ${e.code()} ${e.reason().reason()}")
  }
}

private suspend fun WsSession.children(probe: Probe): Unit = coroutineScope {
  launch {
    try {
      awaitCancellation()
    } finally {
      probe.note("child ended")
    }
  }
  send("ready")
  incoming.collect {}
  throw WsClose(CloseReason.NORMAL)
}
