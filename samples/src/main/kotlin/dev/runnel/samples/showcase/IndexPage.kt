package dev.runnel.samples.showcase

import dev.runnel.routing.Router

/** A route and what it shows. */
internal class Listed(val method: String, val path: String, val shows: String)

private val SHOWS =
  mapOf(
    "/" to "this list; HTML for browsers, text for others",
    "/hello/{name}" to "a path parameter",
    "/json" to "a value as JSON",
    "/bytes/{n:int}" to "n bytes, streamed when they are many",
    "/old" to "a redirect",
    "/teapot" to "an error as problem+json",
    "/sink" to "counts a streamed body",
    "/form" to "an url-encoded form",
    "/stream/{n:int}" to "n chunks, 20 ms apart",
    "/delay/{ms:int}" to "suspends, holding no thread",
    "/items" to "a Flow of values: JSON array or NDJSON by Accept; ?n=",
    "/clock" to "server-sent events: the time each second; ?n=",
    "/ws/echo" to "a WebSocket session that sends back what comes",
    "/chat" to "a chat in rooms, as a page",
    "/chat/{room}" to "the WebSocket sessions behind it, on a hub; ?name=",
    "/blocking" to "blocking code, off the loop",
    "/impatient/{ms:int}" to "503 when it takes longer than a second",
    "/cookie" to "counts visits in a cookie",
    "/hints" to "103 Early Hints before the answer",
    "/trailers" to "a trailer field behind the body",
    "/file" to "a file, sent from the page cache",
    "/host" to "what the request says of client and host",
    "/prices" to "calls another service, several times at once; ?item=&item=",
    "/changes" to "passes the stream of events of another service on; ?n=",
    "/users" to "a list of users as JSON; POST adds one",
    "/users/{id:int}" to "one user: GET, PUT, DELETE",
  )

/** Not a route but a fallback: it takes any method. */
private val ECHO = Listed("any method", "/echo", "the body back, as it arrives")

/** A fallback too: whatever the service behind knows. */
private val SHOP = Listed("any method", "/shop", "a reverse proxy to another service")

/** The routes as the router has them, so that this list cannot forget one. */
internal fun listed(router: Router): List<Listed> =
  router
    .routes()
    .groupBy { it.pattern() }
    .map { (pattern, routes) ->
      val methods = routes.joinToString(" ") { it.method().name() }
      Listed(methods, pattern, SHOWS[pattern] ?: error("the showcase does not say what $pattern shows"))
    }
    .plus(ECHO)
    .plus(SHOP)
    .sortedBy { it.path }

internal fun indexText(routes: List<Listed>): String {
  val width = routes.maxOf { it.path.length }
  return routes.joinToString("", "Runnel showcase\n\n") { "${it.path.padEnd(width)}  ${it.shows} (${it.method})\n" }
}

internal fun indexPage(routes: List<Listed>): String =
  routes.joinToString("\n", PAGE_START, "</table>\n</body></html>\n") {
    val path = if ("{" in it.path || "GET" !in it.method) escape(it.path) else link(it.path)
    "<tr><td><code>$path</code></td><td>${escape(it.shows)}</td><td>${it.method}</td></tr>"
  }

private fun link(path: String) = "<a href=\"$path\">$path</a>"

private fun escape(text: String) = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

private val PAGE_START =
  """
  <!doctype html>
  <html lang="en"><head><meta charset="utf-8"><title>Runnel showcase</title>
  <style>body{font:16px system-ui;margin:2rem auto;max-width:52rem}td{padding:.2rem 1rem .2rem 0;vertical-align:top}
  code{font-size:.95em}</style></head><body>
  <h1>Runnel showcase</h1>
  <table>

  """
    .trimIndent()
