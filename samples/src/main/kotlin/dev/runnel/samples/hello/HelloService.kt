package dev.runnel.samples.hello

// snippet:kotlin
import dev.runnel.dsl.created
import dev.runnel.dsl.json
import dev.runnel.dsl.ok
import dev.runnel.dsl.serve
import kotlinx.serialization.Serializable

@Serializable data class Greeting(val text: String, val times: Int = 1)

fun main() =
  serve(port = 8080) { // prints the URL, blocks, drains on SIGTERM
    GET("/hello/{name}") { req -> ok("Hello, ${req.path("name")}!") }

    POST("/greetings") { req ->
      val greeting = req.json<Greeting>() // a bad body is a 400 that names the field
      created("/greetings/1", greeting)
    }
  }

// end
