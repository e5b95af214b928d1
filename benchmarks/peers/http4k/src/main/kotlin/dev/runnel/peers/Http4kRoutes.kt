package dev.runnel.peers

import java.io.ByteArrayInputStream
import java.io.File
import java.io.InputStream
import java.io.SequenceInputStream
import java.nio.ByteBuffer
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import org.http4k.core.Body
import org.http4k.core.ContentType
import org.http4k.core.Method.GET
import org.http4k.core.Method.POST
import org.http4k.core.Request
import org.http4k.core.Response
import org.http4k.core.Status.Companion.OK
import org.http4k.core.with
import org.http4k.format.Jackson.auto
import org.http4k.lens.contentType
import org.http4k.routing.RoutingHttpHandler
import org.http4k.routing.RoutingSseHandler
import org.http4k.routing.RoutingWsHandler
import org.http4k.routing.bind
import org.http4k.routing.path
import org.http4k.routing.routes
import org.http4k.routing.sse
import org.http4k.routing.sse.bind as bindSse
import org.http4k.routing.websocket.bind as bindWs
import org.http4k.routing.websockets
import org.http4k.sse.Sse
import org.http4k.sse.SseMessage
import org.http4k.sse.SseResponse
import org.http4k.websocket.Websocket
import org.http4k.websocket.WsResponse

private const val ROUTES = 50
private const val PIECES = 160
private val PIECE = ByteArray(64 * 1024)
private val DOWNLOAD = ByteArray(PIECES * PIECE.size)
private val EVENT = SseMessage.Data("x".repeat(100))

private val message = Body.auto<Message>().toLens()
private val subscribers: MutableSet<Sse> = ConcurrentHashMap.newKeySet()
private val room: MutableSet<Websocket> = ConcurrentHashMap.newKeySet()

data class Message(val message: String)

fun http(): RoutingHttpHandler {
  val file = File(System.getProperty("bench.file", "10m.bin"))
  return routes(
    listOf(
      "/plaintext" bind GET to { text("Hello, World!") },
      "/json" bind GET to { Response(OK).with(message of Message("Hello, World!")) },
      "/echo" bind POST to { octets(it.body) },
      "/download/bytes" bind GET to { octets(Body(ByteBuffer.wrap(DOWNLOAD))) },
      "/download/file" bind GET to { octets(Body(file.inputStream(), file.length())) },
      "/download/stream" bind GET to { octets(Body(pieces())) },
      "/block" bind GET to { block() },
      "/publish/{n}" bind POST to { publish(it) },
    ) + List(ROUTES) { i -> "/r$i/{id}" bind GET to { text(it.path("id")!!) } }
  )
}

private fun text(text: String) = Response(OK).contentType(ContentType.TEXT_PLAIN).body(text)

private fun octets(body: Body) = Response(OK).contentType(ContentType.OCTET_STREAM).body(body)

/** A stream that opens each piece when the one before it was read. */
private fun pieces(): InputStream {
  val pieces = generateSequence { ByteArrayInputStream(PIECE) }.take(PIECES).iterator()
  return SequenceInputStream(
    object : Enumeration<InputStream> {
      override fun hasMoreElements() = pieces.hasNext()

      override fun nextElement() = pieces.next()
    }
  )
}

private fun block(): Response {
  Thread.sleep(1)
  return text("Hello, World!")
}

private fun publish(request: Request): Response {
  repeat(request.path("n")!!.toInt()) { subscribers.forEach { runCatching { it.send(EVENT) } } }
  return Response(OK)
}

/**
 * For requests that accept text/event-stream; others are none of SSE's to http4k. The head goes with the first event,
 * hence the ping, which is a comment.
 */
fun events(): RoutingSseHandler =
  sse(
    "/events" bindSse
      { _: Request ->
        SseResponse { subscriber ->
          subscriber.onClose { subscribers -= subscriber }
          subscriber.send(SseMessage.Ping)
          subscribers += subscriber
        }
      }
  )

fun sockets(): RoutingWsHandler =
  websockets(
    "/ws/echo" bindWs { _: Request -> WsResponse { socket -> socket.onMessage { socket.send(it) } } },
    "/ws/room" bindWs
      { _: Request ->
        WsResponse { socket ->
          room += socket
          socket.onClose { room -= socket }
          socket.onMessage { said -> room.forEach { runCatching { it.send(said) } } }
        }
      },
  )
