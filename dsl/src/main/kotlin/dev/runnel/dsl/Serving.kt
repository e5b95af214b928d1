package dev.runnel.dsl

import dev.runnel.routing.Routes
import dev.runnel.server.Server

/**
 * Serves routes until the process is told to stop: prints the URL, blocks, and drains on SIGTERM. Port 0 is any free
 * one.
 *
 * @param host the address to listen on; only this machine reaches the default, `0.0.0.0` is for all
 */
public fun serve(port: Int = 8080, host: String = "127.0.0.1", build: RouteScope.() -> Unit): Unit =
  serve(routes(build), port, host)

/** Like the other [serve], for routes built elsewhere. */
public fun serve(routes: Routes, port: Int = 8080, host: String = "127.0.0.1") {
  val server = start(routes, port, host)
  server.stopOnSignal(Server.DEFAULT_DRAIN)
  println("Runnel listens on ${server.uri()}")
  val report = server.awaitStopped()
  println("Runnel has stopped: $report")
}

/** Starts a server and gives the handle to stop it. Port 0 is any free one. */
public fun start(port: Int = 8080, host: String = "127.0.0.1", build: RouteScope.() -> Unit): Server =
  start(routes(build), port, host)

/** Like the other [start], for routes built elsewhere. */
public fun start(routes: Routes, port: Int = 8080, host: String = "127.0.0.1"): Server =
  Server.builder().port(port).host(host).routes(routes).start()
