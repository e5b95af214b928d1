package dev.runnel.samples.events

import dev.runnel.dsl.noContent
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.routes
import dev.runnel.dsl.status
import dev.runnel.routing.Routes
import dev.runnel.sse.EventLog
import dev.runnel.sse.SSE
import dev.runnel.sse.SseOverflow
import dev.runnel.sse.sse
import dev.runnel.sse.sseOptions
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.delay
import kotlinx.serialization.Serializable

/** A price that changed. */
@Serializable data class Price(val symbol: String, val cents: Long)

/** Prices as they change: streamed, replayed to those who were away, or as they are now. */
// snippet:sse-kotlin
fun priceRoutes(): Routes = routes {
  val prices = EventLog<Price>(capacity = 1000)

  POST("/prices/{symbol}/{cents:long}") { req ->
    prices.append(Price(req.path("symbol"), req.path.long("cents")))
    noContent()
  }

  SSE("/prices") { prices.after(lastEventId).collect { send(it) } } // whoever was away gets what it missed

  SSE("/countdown/{from:int}") { req ->
    if (req.path.int("from") > 1000) reject(status(400)) // as long as nothing is sent
    for (i in req.path.int("from") downTo 0) {
      send("$i", event = "count")
      delay(1.seconds)
    }
  }

  val newest = sseOptions(heartbeat = 5.seconds, overflow = SseOverflow.dropOldest(10))
  GET("/latest") { req ->
    if (!req.accepts("text/event-stream")) ok("ask for text/event-stream\n")
    else sse(newest) { prices.latest().collect { send(it) } }
  }
}
// end
