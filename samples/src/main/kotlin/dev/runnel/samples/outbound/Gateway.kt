package dev.runnel.samples.outbound

import dev.runnel.client.ReverseProxy
import dev.runnel.client.kotlin.HttpClient
import dev.runnel.client.kotlin.forward
import dev.runnel.client.kotlin.httpClient
import dev.runnel.client.kotlin.json
import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.dsl.serve
import dev.runnel.routing.Routes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.serialization.Serializable

/** What the service behind says of a city. */
@Serializable data class Weather(val city: String, val degrees: Int)

/** What this service makes of several. */
@Serializable data class Warmest(val warmest: Weather, val of: Int)

// snippet:client-kotlin
/** Asks another service several times at once; if one call fails, or our own client leaves, all are given up. */
fun weatherRoutes(client: HttpClient, weather: String): Routes = routes {
  GET("/warmest") { req ->
    val all = coroutineScope {
      req
        .queryParams()
        .all("city")
        .map { async { client.get("$weather/weather") { query("city", it) }.json<Weather>() } }
        .awaitAll()
    }
    ok(Warmest(all.maxBy { it.degrees }, all.size))
  }
}

// end

/** Below `/api`, everything goes to another service, and what it answers comes back. */
fun gatewayRoutes(client: HttpClient, backend: String): Routes = routes {
  val proxy = ReverseProxy.DEFAULT.withoutPrefix("/api")
  // snippet:client-proxy
  path("/api") { fallback { req -> client.forward(req, backend, proxy) } }
  // end
}

/** Serves both on port 8081, in front of what listens on port 8080. */
fun main() {
  val client = httpClient { timeouts(connect = 2.seconds) }
  val backend = "http://127.0.0.1:8080"
  serve(port = 8081) {
    mount("/", weatherRoutes(client, backend))
    mount("/", gatewayRoutes(client, backend))
  }
}
