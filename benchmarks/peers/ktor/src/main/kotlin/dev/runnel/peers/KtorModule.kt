package dev.runnel.peers

import io.ktor.http.ContentType
import io.ktor.serialization.kotlinx.json.json
import io.ktor.server.application.Application
import io.ktor.server.application.install
import io.ktor.server.plugins.contentnegotiation.ContentNegotiation
import io.ktor.server.request.receive
import io.ktor.server.response.respond
import io.ktor.server.response.respondBytes
import io.ktor.server.response.respondBytesWriter
import io.ktor.server.response.respondFile
import io.ktor.server.response.respondText
import io.ktor.server.routing.Route
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import io.ktor.server.sse.SSE
import io.ktor.server.sse.sse
import io.ktor.server.websocket.WebSockets
import io.ktor.server.websocket.webSocket
import io.ktor.sse.ServerSentEvent
import io.ktor.utils.io.writeFully
import io.ktor.websocket.Frame
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.onSubscription
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield
import kotlinx.serialization.Serializable

private const val ROUTES = 50
private const val PIECES = 160
private val PIECE = ByteArray(64 * 1024)
private val DOWNLOAD = ByteArray(PIECES * PIECE.size)
private val DATA = "x".repeat(100)

@Serializable class Message(val message: String)

/** The routes of both Ktor servers: the engine is all that differs. */
fun Application.module() {
  install(ContentNegotiation) { json() }
  install(SSE)
  install(WebSockets)
  routing {
    texts()
    bodies()
    waits()
    events()
    sockets()
  }
}

private fun Route.texts() {
  get("/plaintext") { call.respondText("Hello, World!") }
  get("/json") { call.respond(Message("Hello, World!")) }
  repeat(ROUTES) { i -> get("/r$i/{id}") { call.respondText(call.parameters["id"]!!) } }
}

private fun Route.bodies() {
  val file = File(System.getProperty("bench.file", "10m.bin"))
  post("/echo") {
    call.respondBytes(call.receive<ByteArray>(), ContentType.Application.OctetStream)
  }
  get("/download/bytes") { call.respondBytes(DOWNLOAD, ContentType.Application.OctetStream) }
  get("/download/file") { call.respondFile(file) }
  get("/download/stream") {
    call.respondBytesWriter(ContentType.Application.OctetStream) {
      repeat(PIECES) { writeFully(PIECE) }
    }
  }
}

private fun Route.waits() {
  get("/delay") {
    delay(1)
    call.respondText("Hello, World!")
  }
  get("/yield") {
    yield()
    call.respondText("Hello, World!")
  }
  get("/block") {
    withContext(Dispatchers.IO) { Thread.sleep(1) }
    call.respondText("Hello, World!")
  }
}

/**
 * A shared flow without a buffer: emit returns when each subscriber has taken the event. Ktor sends the head of an
 * answer with its first event, so a subscriber gets a comment at once.
 */
private fun Route.events() {
  val events = MutableSharedFlow<ServerSentEvent>()
  sse("/events") {
    events.onSubscription { emit(ServerSentEvent(comments = "subscribed")) }.collect { send(it) }
  }
  post("/publish/{n}") {
    repeat(call.parameters["n"]!!.toInt()) { events.emit(ServerSentEvent(DATA)) }
    call.respondText("")
  }
}

private fun Route.sockets() {
  val room = MutableSharedFlow<Frame>()
  webSocket("/ws/echo") { for (frame in incoming) send(frame) }
  webSocket("/ws/room") {
    val others = launch { room.collect { send(it.copy()) } }
    try {
      for (frame in incoming) room.emit(frame)
    } finally {
      others.cancel()
    }
  }
}
