package dev.runnel.conformance.websocket

import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.routing.Routes
import dev.runnel.ws.WS

/** The endpoints of the cases, in Kotlin. */
fun kotlin(endpoints: Endpoints): Routes = routes {
  GET("/text") { ok("hi") }
  for ((path, options) in endpoints.options()) {
    WS(path, options) {
      endpoints.opens()
      try {
        incoming.collect { send(it) }
      } finally {
        endpoints.closes()
      }
    }
  }
}
