package dev.runnel.samples.showcase

import dev.runnel.dsl.get
import dev.runnel.dsl.html
import dev.runnel.dsl.hubs
import dev.runnel.dsl.invoke
import dev.runnel.dsl.path
import dev.runnel.dsl.routes
import dev.runnel.hub.Hubs
import dev.runnel.routing.Routes
import dev.runnel.ws.WS
import dev.runnel.ws.join

private const val LONGEST_NAME = 40

private val PAGE: String =
  checkNotNull(Hubs::class.java.getResource("/chat.html")) { "chat.html is missing from the resources" }.readText()

// snippet:ws-kotlin
/** Rooms in which everybody hears everybody; a room is there as long as somebody is in it. */
fun chatRoutes(rooms: Hubs<String> = hubs()): Routes = routes {
  GET("/chat") { html(PAGE) }
  WS("/chat/{room}") { req ->
    val name = req.query("name")?.trim().orEmpty()
    if (name.length !in 1..LONGEST_NAME) reject(400, "say who you are: ?name=… of 1 to $LONGEST_NAME characters")
    val room = rooms(req.path["room"])
    room.join(this) { text -> broadcast("$name: $text") }
  }
}
// end
