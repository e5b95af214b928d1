package dev.runnel.client.kotlin

import dev.runnel.client.ProxyChoice
import dev.runnel.dsl.RouteScope
import dev.runnel.dsl.asCoroutineDispatcher
import dev.runnel.dsl.routes
import dev.runnel.testing.MemoryServer
import dev.runnel.transport.TransportOptions
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async

/** A client and our own server in memory, on one loop and under virtual time. Closing it is the leak check. */
@OptIn(ExperimentalCoroutinesApi::class)
class Lab(set: HttpClientScope.() -> Unit = {}, build: RouteScope.(Lab) -> Unit) : AutoCloseable {
  val server: MemoryServer = MemoryServer.start(routes { build(this@Lab) }.handler())
  private val options =
    TransportOptions.DEFAULT.withResolver { host ->
      if (host == "gone.example") CompletableFuture.failedFuture(java.net.UnknownHostException(host))
      else CompletableFuture.completedFuture(listOf(java.net.InetAddress.getByAddress(byteArrayOf(-64, 0, 2, 1))))
    }
  private val memory = server.client(options)
  val client: HttpClient = httpClient {
    javaBuilder.transport(memory.transport())
    proxies(ProxyChoice.NONE)
    set()
  }
  private val scope = CoroutineScope(SupervisorJob() + memory.transport().loop().asCoroutineDispatcher())

  val connections: Int
    get() = memory.connections()

  fun <T> start(block: suspend CoroutineScope.() -> T): Deferred<T> {
    val started = scope.async(block = block)
    server.run()
    return started
  }

  fun <T> run(block: suspend CoroutineScope.() -> T): T = start(block).result()

  fun <T> Deferred<T>.result(): T {
    server.until({ isCompleted }, "the end of the calls")
    return getCompleted()
  }

  fun advance(time: Duration) {
    server.advance(time.toJavaDuration())
  }

  override fun close() {
    val closed = client.javaClient.closeAsync(java.time.Duration.ZERO)
    server.until(closed::isDone, "the client to close")
    memory.close()
    server.close()
  }
}
