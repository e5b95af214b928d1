package dev.runnel.client.kotlin

import dev.runnel.client.Client
import dev.runnel.dsl.Next
import dev.runnel.http.Method
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.http.Uri
import java.time.Duration as JavaDuration
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlinx.coroutines.currentCoroutineContext

/**
 * A client in coroutines: a function from request to answer, like the `next` of a filter, that speaks HTTP/1.1 and
 * HTTP/2 on connections it keeps. One serves a whole application; safe from any thread. Made by [httpClient].
 *
 * ```
 * val user = client.get("https://api.example/users/7").orThrow().json<User>()
 * ```
 *
 * A call suspends until the head of the answer is there. It goes on where the caller's dispatcher puts it: in a
 * server's handler on the loop of the call. Cancelling the coroutine gives the call up at once: closes the connection
 * over HTTP/1.1, resets the stream over HTTP/2. Calls fail with [dev.runnel.transport.ClientException].
 *
 * A body that is not read is given up when the outermost coroutine around the call ends, in a handler with the server's
 * call, and within [use] earlier. Where there is no such end (or it is far) it is found when it is collected, and
 * logged.
 */
public class HttpClient
internal constructor(
  /** The client behind, with the filters of Java's face only. Closing one closes the other. */
  public val javaClient: Client,
  filters: List<suspend (Request, Next) -> Response>,
) : Next, AutoCloseable {
  private val filters = filters.toList()
  private val network: Next = Network(javaClient)
  private val chain = around(network)

  /** All filters around this. */
  internal fun around(last: Next): Next = filters.foldRight(last) { filter, next -> Step(filter, next) }

  /**
   * Sends a request: one made for it, or one that a server received.
   *
   * @throws dev.runnel.transport.ClientException if no answer came
   */
  override suspend fun invoke(request: Request): Response = chain(request)

  /** Sends a request of this method. The block says what it has beside the URL. */
  public suspend fun request(method: String, url: String, build: RequestScope.() -> Unit = {}): Response =
    send(Method.of(method), url, build)

  /** GET. */
  public suspend fun get(url: String, build: RequestScope.() -> Unit = {}): Response = send(Method.GET, url, build)

  /** HEAD. */
  public suspend fun head(url: String, build: RequestScope.() -> Unit = {}): Response = send(Method.HEAD, url, build)

  /** POST. */
  public suspend fun post(url: String, build: RequestScope.() -> Unit = {}): Response = send(Method.POST, url, build)

  /** PUT. */
  public suspend fun put(url: String, build: RequestScope.() -> Unit = {}): Response = send(Method.PUT, url, build)

  /** PATCH. */
  public suspend fun patch(url: String, build: RequestScope.() -> Unit = {}): Response = send(Method.PATCH, url, build)

  /** DELETE. */
  public suspend fun delete(url: String, build: RequestScope.() -> Unit = {}): Response =
    send(Method.DELETE, url, build)

  /** OPTIONS. */
  public suspend fun options(url: String, build: RequestScope.() -> Unit = {}): Response =
    send(Method.OPTIONS, url, build)

  private suspend fun send(method: Method, url: String, build: RequestScope.() -> Unit): Response =
    invoke(built(method, url, build).request())

  internal suspend fun built(method: Method, url: String, build: RequestScope.() -> Unit): RequestScope =
    RequestScope(Request.of(method, Uri.of(url)), javaClient.timeouts(), currentCoroutineContext()).apply(build)

  /**
   * Takes no more calls, lets those under way end within this time, and closes; WebSocket sessions get a Close of 1001
   * at once. Suspends until all is gone.
   */
  public suspend fun close(drain: Duration) {
    val unused: Void? = closing(drain.toJavaDuration())
  }

  private suspend fun closing(drain: JavaDuration): Void? = javaClient.closeAsync(drain).awaited {}

  /** Ends the calls under way and closes. Blocks: not for a loop. */
  override fun close(): Unit = javaClient.close()

  private class Step(private val filter: suspend (Request, Next) -> Response, private val next: Next) : Next {
    override suspend fun invoke(request: Request): Response = filter(request, next)
  }

  /** What stands behind all filters. */
  private class Network(private val client: Client) : Next {
    override suspend fun invoke(request: Request): Response {
      val response = client.send(request).awaited { it.body().giveUp() }
      releasedAtEnd(response.body(), currentCoroutineContext())
      return response
    }
  }
}

/** The suspend face of a client of Java's. */
public fun Client.suspending(): HttpClient = HttpClient(this, emptyList())
