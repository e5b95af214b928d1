package dev.runnel.benchmarks

import dev.runnel.dsl.bytes
import dev.runnel.dsl.ok
import dev.runnel.dsl.routes
import dev.runnel.routing.Routes
import kotlinx.serialization.Serializable

/** What is sent as JSON. */
@Serializable data class Message(val message: String)

/** The Kotlin face of what has a budget, with the Java face beside it. */
fun budgetRoutes(java: Routes): Routes = routes {
  GET("/plaintext") { ok("Hello, World!") }
  GET("/json") { ok(Message("Hello, World!")) }
  GET("/users/{id}") { req -> ok(req.path("id")) }
  POST("/echo") { req -> ok(req.bytes()) }
  mount("/java", java)
}
