package dev.runnel.peers

import io.ktor.server.application.Application
import io.ktor.server.cio.CIO
import io.ktor.server.cio.CIOApplicationEngine
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer

/**
 * Ktor on its own engine, CIO, which speaks HTTP/1.1 in clear and nothing else. No Date and no Server header: they are
 * a plugin, which is not installed. Handlers are coroutines on the default dispatcher's threads.
 */
object KtorCioServer {
  @JvmStatic
  fun main(args: Array<String>) {
    embeddedServer(CIO, configure = { listen() }, module = Application::module).start(wait = true)
  }

  private fun CIOApplicationEngine.Configuration.listen() {
    connector {
      host = "127.0.0.1"
      port = Integer.getInteger("bench.port")
    }
  }
}
