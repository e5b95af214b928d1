package dev.runnel.peers

import java.util.concurrent.Executors
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory
import org.eclipse.jetty.server.ConnectionFactory
import org.eclipse.jetty.server.HttpConfiguration
import org.eclipse.jetty.server.HttpConnectionFactory
import org.eclipse.jetty.server.SecureRequestCustomizer
import org.eclipse.jetty.server.Server
import org.eclipse.jetty.server.ServerConnector
import org.eclipse.jetty.server.SslConnectionFactory
import org.eclipse.jetty.util.ssl.SslContextFactory
import org.eclipse.jetty.util.thread.QueuedThreadPool
import org.http4k.routing.poly
import org.http4k.server.Jetty
import org.http4k.server.asServer

/**
 * http4k on Jetty 12, with the threads of http4k's JettyLoom: a pool of 200 at most accepts and selects, and each
 * handler runs on a virtual thread, which it may block; so there is neither /delay nor /yield. http4k's own connectors
 * listen on all addresses and have no h2c, so the connectors are Jetty's, at their defaults: a Server and a Date
 * header.
 */
object Http4kServer {
  @JvmStatic
  fun main(args: Array<String>) {
    val port = Integer.getInteger("bench.port")
    val threads = QueuedThreadPool().apply { virtualThreadsExecutor = Executors.newVirtualThreadPerTaskExecutor() }
    val jetty = Server(threads)
    jetty.addConnector(clear(jetty, port))
    Integer.getInteger("bench.tlsPort")?.let { jetty.addConnector(tls(jetty, it)) }
    poly(http(), events(), sockets()).asServer(Jetty(port, jetty)).start().block()
  }

  private fun clear(jetty: Server, port: Int): ServerConnector {
    val config = HttpConfiguration()
    return listen(jetty, port, HttpConnectionFactory(config), HTTP2CServerConnectionFactory(config))
  }

  private fun tls(jetty: Server, port: Int): ServerConnector {
    val config = HttpConfiguration().apply { addCustomizer(SecureRequestCustomizer(false)) }
    val keys =
      SslContextFactory.Server().apply {
        keyStorePath = System.getProperty("bench.keystore")
        keyStorePassword = "changeit"
      }
    val alpn = ALPNServerConnectionFactory().apply { defaultProtocol = "http/1.1" }
    return listen(
      jetty,
      port,
      SslConnectionFactory(keys, alpn.protocol),
      alpn,
      HTTP2ServerConnectionFactory(config),
      HttpConnectionFactory(config),
    )
  }

  private fun listen(jetty: Server, port: Int, vararg factories: ConnectionFactory) =
    ServerConnector(jetty, *factories).apply {
      host = "127.0.0.1"
      this.port = port
    }
}
