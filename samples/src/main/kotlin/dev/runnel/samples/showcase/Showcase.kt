package dev.runnel.samples.showcase

import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.accessLog
import dev.runnel.dsl.blocking
import dev.runnel.dsl.body
import dev.runnel.dsl.form
import dev.runnel.dsl.html
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.query
import dev.runnel.dsl.redirect
import dev.runnel.dsl.requestId
import dev.runnel.dsl.requestTimeout
import dev.runnel.dsl.routes
import dev.runnel.dsl.stream
import dev.runnel.dsl.text
import dev.runnel.http.Cookie
import dev.runnel.http.Headers
import dev.runnel.http.HttpError
import dev.runnel.http.MediaType
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.routing.Router
import dev.runnel.routing.Routes
import dev.runnel.sse.SSE
import dev.runnel.ws.WS
import java.nio.file.Path
import java.time.Instant
import java.time.temporal.ChronoUnit
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flow
import kotlinx.serialization.Serializable

/** What `/json` answers. */
@Serializable data class Message(val message: String)

/** What `/items` answers, one after the other. */
@Serializable data class Item(val number: Int, val square: Long)

private const val MAX_BYTES = 100_000_000
private const val MAX_CHUNKS = 10_000
private const val MAX_DELAY = 60_000
private const val SLICE = 64 shl 10

/**
 * The showcase: one route per feature. The fixed paths are relied on by tests and benchmarks.
 *
 * @param outbound routes that call another service
 */
fun showcase(download: Path, outbound: Routes = routes {}): Routes {
  lateinit var listing: List<Listed>
  val all = routes {
    use(requestId(), accessLog())
    GET("/") { req -> if (wantsHtml(req)) html(indexPage(listing)) else ok(indexText(listing)) }
    answers()
    bodies()
    coroutines()
    extras(download)
    WS("/ws/echo") { incoming.collect { send(it) } }
    mount("/", chatRoutes())
    mount("/users", userRoutes(Users()))
    mount("/", outbound)
  }
  listing = listed(Router.of(all))
  return all
}

/** A browser names HTML itself; curl takes anything and gets text. */
private fun wantsHtml(req: Request) =
  MediaType.best(req.headers(), listOf(MediaType.TEXT, MediaType.HTML)) == MediaType.HTML

private fun RouteScope.answers() {
  GET("/hello/{name}") { req -> ok("Hello, ${req.path("name")}!\n") }
  GET("/json") { ok(Message("Hello, World!")) }
  GET("/bytes/{n:int}") { req ->
    val n = upTo(MAX_BYTES, "n", req.path.int("n"))
    if (n <= SLICE) ok(ByteArray(n) { 'x'.code.toByte() })
    else
      ok(
        flow<ByteArray> {
          for (at in 0 until n step SLICE) emit(ByteArray(minOf(SLICE, n - at)) { 'x'.code.toByte() })
        }
      )
  }
  GET("/old") { redirect("/json", status = 301) }
  GET("/teapot") { throw HttpError(418, "this service brews no coffee") }
}

private fun RouteScope.bodies() {
  path("/echo") { fallback { req -> echo(req) } } // of any method
  for (method in listOf("POST", "PUT")) method(method, "/sink") { req -> ok("${count(req)} bytes\n") }
  POST("/form") { req ->
    val form = req.form()
    ok("${form.require("name")} likes ${form.list("likes").ifEmpty { listOf("nothing") }.joinToString()}\n")
  }
}

private fun echo(req: Request): Response =
  ok(req.body).setHeader("Content-Type", req.header("Content-Type") ?: "application/octet-stream")

private suspend fun count(req: Request): Long {
  var count = 0L
  req.body.collect { count += it.size }
  return count
}

private fun RouteScope.coroutines() {
  GET("/stream/{n:int}") { req ->
    val n = upTo(MAX_CHUNKS, "n", req.path.int("n"))
    ok(
      flow<String> {
        for (i in 1..n) {
          emit("chunk $i\n")
          delay(20.milliseconds)
        }
      }
    )
  }
  GET("/delay/{ms:int}") { req ->
    val ms = upTo(MAX_DELAY, "ms", req.path.int("ms"))
    delay(ms.milliseconds)
    ok("waited $ms ms\n")
  }
  GET("/items") { req ->
    val n = upTo(MAX_CHUNKS, "n", req.query.int("n") ?: 3)
    ok(flow<Item> { for (i in 1..n) emit(Item(i, i.toLong() * i)) })
  }
  SSE("/clock") { req ->
    val n = upTo(MAX_CHUNKS, "n", req.query.int("n") ?: MAX_CHUNKS)
    for (i in 1..n) {
      send("${Instant.now().truncatedTo(ChronoUnit.SECONDS)}", id = "$i")
      if (i < n) delay(1.seconds)
    }
  }
  GET("/blocking") { blocking { ok("ran on ${Thread.currentThread()}\n") } }
  path("/impatient") {
    use(requestTimeout(1.seconds))
    GET("/{ms:int}") { req ->
      delay(upTo(MAX_DELAY, "ms", req.path.int("ms")).milliseconds)
      ok("in time\n")
    }
  }
}

private fun RouteScope.extras(download: Path) {
  GET("/cookie") { req ->
    val seen = req.cookie("visits")?.value()?.toIntOrNull() ?: 0
    ok("visit ${seen + 1}\n").cookie(Cookie.of("visits", "${seen + 1}").path("/cookie").httpOnly())
  }
  GET("/hints") {
    informational(103, Headers.of("Link", "</style.css>; rel=preload; as=style"))
    ok("a 103 came before this\n")
  }
  GET("/trailers") {
    stream("text/plain") { write("a trailer follows\n") }.withTrailers { Headers.of("X-Checksum", "17") }
  }
  GET("/file") { ok(download).setHeader("Content-Type", "text/plain; charset=utf-8") }
  GET("/host") { req -> text("${req.scheme()} ${req.authority()} from ${req.remoteAddress()}\n") }
}

internal fun upTo(limit: Int, name: String, value: Int): Int =
  if (value in 0..limit) value else throw HttpError(400, "$name must be within 0..$limit, but is $value")
