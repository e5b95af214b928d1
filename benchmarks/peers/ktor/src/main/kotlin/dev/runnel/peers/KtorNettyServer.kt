package dev.runnel.peers

import io.ktor.server.application.Application
import io.ktor.server.engine.connector
import io.ktor.server.engine.embeddedServer
import io.ktor.server.engine.sslConnector
import io.ktor.server.netty.Netty
import io.ktor.server.netty.NettyApplicationEngine
import java.io.File
import java.security.KeyStore

/**
 * Ktor on Netty. HTTP/2 over TLS is on by default, h2c is asked for; an engine has either, so TLS has an engine of its
 * own. No Date and no Server header: they are a plugin, which is not installed. Each engine has three pools of event
 * loops: one accepts, one reads and writes, and one, of as many threads as there are processors, runs the handlers.
 * NIO, as Netty's native libraries are not among the engine's dependencies.
 */
object KtorNettyServer {
  @JvmStatic
  fun main(args: Array<String>) {
    Integer.getInteger("bench.tlsPort")?.let { port ->
      embeddedServer(Netty, configure = { tls(port) }, module = Application::module).start()
    }
    embeddedServer(Netty, configure = { clear() }, module = Application::module).start(wait = true)
  }

  private fun NettyApplicationEngine.Configuration.clear() {
    enableH2c = true
    connector {
      host = "127.0.0.1"
      port = Integer.getInteger("bench.port")
    }
  }

  private fun NettyApplicationEngine.Configuration.tls(tlsPort: Int) {
    val password = "changeit".toCharArray()
    val keyStore = KeyStore.getInstance(File(System.getProperty("bench.keystore")), password)
    val alias = keyStore.aliases().nextElement()
    sslConnector(keyStore, alias, { password }, { password }) {
      host = "127.0.0.1"
      port = tlsPort
    }
  }
}
