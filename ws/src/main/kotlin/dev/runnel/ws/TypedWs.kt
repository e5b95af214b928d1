package dev.runnel.ws

import dev.runnel.dsl.RunnelDsl
import dev.runnel.dsl.decodeJson
import dev.runnel.dsl.encodeJson
import dev.runnel.http.HttpError
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.Message
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.KSerializer
import kotlinx.serialization.serializer

/**
 * A session whose messages are JSON texts. A binary message closes it with 1003, a text that does not decode with 1007
 * and the reason; the block's [incoming] fails then with [WsClose].
 */
@RunnelDsl
public interface TypedWs<In, Out> {
  /** The session under it. */
  public val session: WsSession

  /** What the peer sends; see [WsSession.incoming]. */
  public val incoming: Flow<In>

  /** Sends a value; see [WsSession.send]. */
  public suspend fun send(value: Out)
}

/**
 * This session with messages that are JSON texts, for the client's end; a route of the server is typed by its `WS<In,
 * Out>`.
 */
public inline fun <reified In, reified Out> WsSession.typed(): TypedWs<In, Out> =
  typedSession(this, serializer<In>(), serializer<Out>())

@PublishedApi
internal fun <In, Out> typedSession(
  session: WsSession,
  incoming: KSerializer<In>,
  outgoing: KSerializer<Out>,
): TypedWs<In, Out> = JsonSession(session, incoming, outgoing)

/** This session with messages that are JSON texts of these types. */
public fun <In, Out> WsSession.typed(incoming: KSerializer<In>, outgoing: KSerializer<Out>): TypedWs<In, Out> =
  JsonSession(this, incoming, outgoing)

internal class JsonSession<In, Out>(
  override val session: WsSession,
  private val decoder: KSerializer<In>,
  private val encoder: KSerializer<Out>,
) : TypedWs<In, Out> {
  override val incoming: Flow<In> = session.incoming.map(::decode)

  override suspend fun send(value: Out): Unit = session.send(encodeJson(value, encoder))

  private fun decode(message: Message): In {
    if (!message.isText) throw WsClose(CloseReason.UNSUPPORTED_DATA, "text messages only")
    try {
      return decodeJson(message.bytes().toByteArray(), decoder)
    } catch (e: HttpError) {
      throw WsClose(CloseReason.INVALID_PAYLOAD, e.problem().detail() ?: "the message does not decode")
    }
  }
}
