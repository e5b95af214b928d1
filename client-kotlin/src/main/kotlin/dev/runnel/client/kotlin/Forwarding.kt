package dev.runnel.client.kotlin

import dev.runnel.client.ReverseProxy
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.Uri
import kotlinx.coroutines.CancellationException

/**
 * Sends a request that a server received on to another, and gives the answer to be sent back: a reverse proxy is
 * `GET("/{path...}") { client.forward(it, "http://backend") }`. See [ReverseProxy] for what passes, and for what is
 * answered when the call behind fails. The client's filters stand around the call behind.
 *
 * @param base where the request goes; its path and query are put below the path of this
 */
public suspend fun HttpClient.forward(
  request: Request,
  base: String,
  proxy: ReverseProxy = ReverseProxy.DEFAULT,
): Response {
  val upstream = proxy.toUpstream(request, Uri.of(base))
  val answer =
    try {
      invoke(upstream)
    } catch (e: CancellationException) {
      throw e
    } catch (e: RuntimeException) {
      return proxy.toAnswer(request, e).awaited {}
    }
  return proxy.toDownstream(request, answer)
}
