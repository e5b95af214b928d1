package dev.runnel.dsl

import dev.runnel.engine.Tls
import dev.runnel.routing.Routes
import dev.runnel.server.Server

/**
 * Serves routes until the process is told to stop: prints the URL, blocks, and drains on SIGTERM. Port 0 is any free
 * one.
 *
 * @param host the address to listen on; only this machine reaches the default, `0.0.0.0` is for all
 * @param tls what the port speaks, as made by [tls]; null is plain HTTP
 */
public fun serve(
  port: Int = 8080,
  host: String = "127.0.0.1",
  tls: Tls? = null,
  build: RouteScope.() -> Unit,
): Unit = serve(routes(build), port, host, tls)

/** Like the other [serve], for routes built elsewhere. */
public fun serve(routes: Routes, port: Int = 8080, host: String = "127.0.0.1", tls: Tls? = null) {
  val server = start(routes, port, host, tls)
  server.stopOnSignal(Server.DEFAULT_DRAIN)
  println("Runnel listens on ${server.uri()}")
  val report = server.awaitStopped()
  println("Runnel has stopped: $report")
}

/** Starts a server and gives the handle to stop it. Port 0 is any free one. */
public fun start(
  port: Int = 8080,
  host: String = "127.0.0.1",
  tls: Tls? = null,
  build: RouteScope.() -> Unit,
): Server = start(routes(build), port, host, tls)

/** Like the other [start], for routes built elsewhere. */
public fun start(routes: Routes, port: Int = 8080, host: String = "127.0.0.1", tls: Tls? = null): Server {
  val builder = Server.builder().port(port).host(host).routes(routes)
  return (if (tls == null) builder else builder.tls(tls)).start()
}
