package dev.runnel.client.kotlin

import dev.runnel.client.Upgraded
import dev.runnel.dsl.Next
import dev.runnel.http.Body
import dev.runnel.http.Method
import dev.runnel.http.RawConnection
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.transport.ClientException
import dev.runnel.transport.ClientException.Reason
import dev.runnel.ws.TypedWs
import dev.runnel.ws.WsClientHandshake
import dev.runnel.ws.WsClientOptions
import dev.runnel.ws.WsSession
import dev.runnel.ws.clientSession
import dev.runnel.ws.typed
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.atomic.AtomicBoolean
import kotlinx.serialization.KSerializer

/**
 * Opens a WebSocket session, and runs the block with it: `client.webSocket("wss://example/chat") { send("hello") }`. It
 * is the session that a server's handler has. When the block returns the session is closed with 1000; what it throws is
 * thrown here, and closes it with 1001, as a stop of the client does, which ends [WsSession.incoming]. If the server
 * vanishes the block is cancelled and this throws.
 *
 * Asked for over HTTP/1.1; with `options { withProtocol(HTTP_2) }` over HTTP/2 (RFC 8441), from a server that takes it.
 * Filters run as for other calls; redirects are not followed.
 *
 * @param session sub-protocols, compression, limits and times
 * @param build what the request has beside the URL
 * @throws ClientException [Reason.NOT_UPGRADED] if the server opens no session; the cause has the status
 */
public suspend fun HttpClient.webSocket(
  url: String,
  session: WsClientOptions = WsClientOptions.DEFAULT,
  build: RequestScope.() -> Unit = {},
  block: suspend WsSession.() -> Unit,
) {
  val request = built(Method.GET, url, build).request()
  val upgrade = Upgrade(this, session)
  val opened = upgrade.through(around(upgrade), request)
  val handshake = checkNotNull(upgrade.handshake) { "a session was opened that nobody asked for" }
  clientSession(handshake, request, opened.head(), opened.connection(), opened.life(), block)
}

/** Like the other [webSocket], with messages that are JSON texts. */
@JvmName("typedWebSocket")
public suspend inline fun <reified In, reified Out> HttpClient.webSocket(
  url: String,
  session: WsClientOptions = WsClientOptions.DEFAULT,
  noinline build: RequestScope.() -> Unit = {},
  noinline block: suspend TypedWs<In, Out>.() -> Unit,
): Unit = typedSession(this, url, session, build, answerSerializer<In>(), answerSerializer<Out>(), block)

@PublishedApi
internal suspend fun <In, Out> typedSession(
  client: HttpClient,
  url: String,
  session: WsClientOptions,
  build: RequestScope.() -> Unit,
  incoming: KSerializer<In>,
  outgoing: KSerializer<Out>,
  block: suspend TypedWs<In, Out>.() -> Unit,
): Unit = client.webSocket(url, session, build) { typed(incoming, outgoing).block() }

/** What stands behind the filters of a call that asks for a session. */
private class Upgrade(private val client: HttpClient, private val options: WsClientOptions) :
  suspend (Request) -> Response {
  /** The last attempt: a stale connection may have taken one before. */
  @Volatile var handshake: WsClientHandshake? = null

  /** What filters have in their hands: one may ask twice, fail, or be cancelled before it gives any of it back. */
  private val given = ConcurrentLinkedQueue<Opened>()

  override suspend fun invoke(request: Request): Response {
    val asked =
      client.javaClient.upgrade(request, PROTOCOL) { version ->
        WsClientHandshake.of(version, options).also { handshake = it }.requestFields()
      }
    val upgraded = asked.awaited { it.loop().execute(it.connection()::reset) }
    val head = upgraded.head()
    val body = Opened(upgraded).also { given.add(it) }
    return Response.of(head.status()).headers(head.headers()).received(upgraded.received()).body(body)
  }

  /** The connection that the filters let through. Others that were opened for them are dropped. */
  suspend fun through(chain: Next, request: Request): Upgraded =
    try {
      taken(chain(request), request)
    } finally {
      given.forEach { it.discard() }
    }

  private fun taken(response: Response, request: Request): Upgraded {
    val body = response.body()
    if (body is Opened) return body.taken()
    body.giveUp()
    throw ClientException(Reason.NOT_UPGRADED, "no $PROTOCOL: a filter answered $request with ${response.status()}")
  }

  private companion object {
    const val PROTOCOL = "websocket"
  }
}

/** The connection of a session on its way through the filters. */
private class Opened(private val upgraded: Upgraded) : Body.Upgrade {
  private val used = AtomicBoolean()

  /** By the one who runs the session, who ends it too. */
  fun taken(): Upgraded {
    check(!used.getAndSet(true)) { "a filter gave up the session that it answered with" }
    return upgraded
  }

  override fun take(connection: RawConnection): Unit = error("a session of a client cannot be answered with")

  override fun discard() {
    if (!used.getAndSet(true)) upgraded.loop().execute(upgraded.connection()::reset)
  }
}
