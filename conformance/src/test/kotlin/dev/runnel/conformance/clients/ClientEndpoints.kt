package dev.runnel.conformance.clients

import dev.runnel.dsl.created
import dev.runnel.dsl.noContent
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.routes
import dev.runnel.dsl.text
import dev.runnel.http.Request
import dev.runnel.routing.Routes
import dev.runnel.sse.SSE
import dev.runnel.sse.ServerEvent
import dev.runnel.ws.Deflate
import dev.runnel.ws.WS
import dev.runnel.ws.WsClose
import dev.runnel.ws.WsOptions
import java.time.Duration
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ConcurrentLinkedQueue

private const val EVENTS_PER_STREAM = 3
private const val LAST_EVENT = 6

/** What clients of others are asked to talk to. */
class ClientEndpoints {
  /** What a page reported. */
  val report: CompletableFuture<String> = CompletableFuture()

  /** Version and path of each request that came. */
  val requests: ConcurrentLinkedQueue<String> = ConcurrentLinkedQueue()

  private val deflate =
    WsOptions.DEFAULT.withDeflate(Deflate.DEFAULT.withTakeover(true, true).withThreshold(0)).withProtocols("v2", "v1")

  private fun note(request: Request) {
    val unused = requests.add("${request.version()} ${request.rawPath()}")
  }

  /** All of them. */
  fun routes(): Routes = routes {
    WS("/echo", deflate) {
      note(request)
      incoming.collect { send(it) }
    }
    WS("/plain") { incoming.collect { send(it) } }
    WS("/count/{n}") { req -> repeat(req.path.int("n")) { send("message $it") } }
    WS("/leave") { throw WsClose(4001, "bye, and thank you") }
    WS("/fail") {
      open()
      error("the handler fails")
    }
    WS("/refuse") { reject(403, "not for you") }
    SSE("/events") { req ->
      note(req)
      val last = lastEventId?.toInt() ?: 0
      if (last >= LAST_EVENT) reject(noContent())
      send(ServerEvent("first line\nsecond line").withRetry(Duration.ofMillis(50)))
      for (n in last + 1..last + EVENTS_PER_STREAM) send("$n: äöü€😀", event = "tick", id = "$n")
    }
    SSE("/failing") {
      send("before")
      error("the handler fails")
    }
    GET("/page") { ok(resource("page.html")).header("Content-Type", "text/html; charset=utf-8") }
    POST("/report") { req ->
      note(req)
      val unused = report.complete(req.text())
      created("/report")
    }
  }
}

/** A file of the clients. */
internal fun resource(name: String): String {
  val found = ClientEndpoints::class.java.getResourceAsStream(name)
  return checkNotNull(found) { "$name is not among the resources" }.use { it.readAllBytes().decodeToString() }
}
