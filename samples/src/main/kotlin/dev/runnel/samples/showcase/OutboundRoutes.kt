package dev.runnel.samples.showcase

import dev.runnel.client.ReverseProxy
import dev.runnel.client.kotlin.HttpClient
import dev.runnel.client.kotlin.events
import dev.runnel.client.kotlin.forward
import dev.runnel.client.kotlin.json
import dev.runnel.dsl.Params
import dev.runnel.dsl.ok
import dev.runnel.dsl.path
import dev.runnel.dsl.query
import dev.runnel.dsl.routes
import dev.runnel.http.Uri
import dev.runnel.routing.Routes
import dev.runnel.sse.SSE
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.take
import kotlinx.serialization.Serializable

/** A price, as the shop of the showcase says it. */
@Serializable data class Price(val item: String, val cents: Int)

/** What `/prices` makes of several. */
@Serializable data class Prices(val prices: List<Price>, val total: Int)

private const val MOST_ITEMS = 100

/** Another service, for routes that call one: it knows prices, and says when they change. */
internal fun shopRoutes(): Routes = routes {
  GET("/price/{item}") { req -> ok(Price(req.path("item"), cents(req.path("item")))) }
  SSE("/changes") {
    var number = 0
    while (true) {
      send(Price("change ${++number}", number), id = "$number")
      delay(20.milliseconds)
    }
  }
  fallback { req -> ok("the shop got ${req.method()} ${req.target()}\n") }
}

private fun cents(item: String): Int = 100 + item.sumOf { it.code } % 900

/** Routes that call the shop: several calls at once, its stream of events, and all of it as it is. */
internal fun outboundRoutes(client: HttpClient, shop: String): Routes = routes {
  GET("/prices") { req ->
    val items = req.query.list("item").ifEmpty { listOf("tea", "coffee") }.take(MOST_ITEMS)
    val prices = coroutineScope { items.map { async { price(client, shop, it) } }.awaitAll() }
    ok(Prices(prices, prices.sumOf { it.cents }))
  }
  SSE("/changes") { req ->
    client.events("$shop/changes").take(upTo(MOST_ITEMS, "n", count(req.query))).collect { send(it) }
  }
  path("/shop") { fallback { req -> client.forward(req, shop, ReverseProxy.DEFAULT.withoutPrefix("/shop")) } }
}

private suspend fun price(client: HttpClient, shop: String, item: String): Price =
  client.get("$shop/price/${Uri.percentEncode(item)}").json<Price>()

private fun count(query: Params): Int = query.int("n") ?: 3
