package dev.runnel.client.kotlin

import dev.runnel.client.ProxyChoice
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.start
import dev.runnel.server.Eventually
import java.time.Duration
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

/** A client and our own server on real sockets, for what runs on threads of both. */
class OnSockets(private val set: HttpClientScope.() -> Unit = {}, private val build: RouteScope.() -> Unit) {
  lateinit var client: HttpClient
    private set

  /** The block gets the URL of the server, of scheme ws. */
  fun run(block: suspend (String) -> Unit) {
    val server = start(port = 0, build = build)
    val made = httpClient {
      proxies(ProxyChoice.NONE)
      set()
    }
    try {
      client = made
      runBlocking {
        withTimeout(Eventually.PATIENCE.toKotlinDuration()) { block("ws://127.0.0.1:${server.uri().port}") }
      }
    } finally {
      made.close()
      val unused = server.stop(Duration.ZERO)
    }
  }
}
