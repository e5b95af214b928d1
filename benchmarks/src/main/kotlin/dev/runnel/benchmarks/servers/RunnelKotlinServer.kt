package dev.runnel.benchmarks.servers

import dev.runnel.dsl.blocking
import dev.runnel.dsl.bytes
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.routes
import dev.runnel.dsl.stream
import dev.runnel.http.Response
import dev.runnel.hub.Hub
import dev.runnel.io.Bytes
import dev.runnel.routing.Routes
import dev.runnel.sse.SSE
import dev.runnel.sse.ServerEvent
import dev.runnel.sse.join
import dev.runnel.ws.WS
import dev.runnel.ws.join
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.future.await
import kotlinx.coroutines.yield
import kotlinx.serialization.Serializable

@Serializable private data class Greeting(val message: String)

/** The service of the benchmarks with the Kotlin face: suspend handlers, at the defaults of the framework. */
object RunnelKotlinServer {
  @JvmStatic fun main(args: Array<String>) = BenchServers.serve(service())

  /** Its routes. */
  @JvmStatic
  fun service(): Routes = routes {
    val constant = Bytes.copyOf(ByteArray(BenchServers.DOWNLOAD))
    val pieces = piecesOf(constant.slice(0, BenchServers.DOWNLOAD / BenchServers.PIECES))
    val news = Hub<ServerEvent>()
    val room = Hub<String>()

    GET("/plaintext") { ok("Hello, World!") }
    GET("/json") { ok(Greeting("Hello, World!")) }
    repeat(BenchServers.ROUTES) { n -> GET("/r$n/{id}") { req -> ok(req.path("id")) } }
    POST("/echo") { req -> ok(req.bytes()) }
    GET("/download/bytes") { Response.ok().body("application/octet-stream", constant) }
    GET("/download/file") { ok(BenchServers.FILE) }
    GET("/download/stream") {
      stream("application/octet-stream") { pieces.collect { write(it) } }
    }
    GET("/delay") {
      delay(1.milliseconds)
      ok("Hello, World!")
    }
    GET("/yield") {
      yield()
      ok("Hello, World!")
    }
    GET("/block") {
      blocking { Thread.sleep(1) }
      ok("Hello, World!")
    }
    SSE("/events") { news.join(this) }
    POST("/publish/{n:int}") { req ->
      val event = ServerEvent.of(BenchServers.EVENT)
      List(req.path.int("n")) { news.broadcast(event) }.last().await()
      ok("")
    }
    WS("/ws/echo") { incoming.collect { send(it) } }
    WS("/ws/room") { room.join(this) { broadcast(it) } }
  }

  /** The same piece again and again, as at all servers: not their garbage is measured but the way out. */
  private fun piecesOf(piece: Bytes): Flow<Bytes> = flow { repeat(BenchServers.PIECES) { emit(piece) } }
}
