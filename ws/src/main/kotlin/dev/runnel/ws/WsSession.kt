package dev.runnel.ws

import dev.runnel.dsl.RunnelDsl
import dev.runnel.http.Request
import dev.runnel.hub.Hub
import dev.runnel.hub.Subscription
import dev.runnel.io.Bytes
import dev.runnel.websocket.CloseReason
import dev.runnel.websocket.Message
import java.net.SocketAddress
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.flow.Flow

/**
 * A WebSocket session, over HTTP/1.1 or HTTP/2 alike, at the end of the server ([WsServerSession]) or of the client
 * ([clientSession]).
 *
 * The session is no scope: what a handler starts belongs into `coroutineScope { }`. Its functions may be called from
 * any thread and by several coroutines.
 */
@RunnelDsl
public interface WsSession {
  /** The request that asked for it. */
  public val request: Request

  /** The sub-protocol that was agreed on, or null. */
  public val protocol: String?

  /** The peer. */
  public val peerAddress: SocketAddress

  /**
   * The messages of the peer, until it says Close. One collector at a time; it may be collected again, and a collector
   * that stops early, as `first()` and `take(n)` do, loses none and closes nothing. What is not collected is not read:
   * one message, or 256 KiB, is read ahead, then the peer is held back, and its pings and its Close wait too.
   *
   * Completes when the session is closed by either side. If the peer vanishes, whoever handles the session is cancelled
   * with [dev.runnel.dsl.ClientGone], or [dev.runnel.dsl.ServerGone].
   */
  public val incoming: Flow<Message>

  /** Like [incoming], each message in the parts in which it comes: for messages of any size. */
  public val incomingStreams: Flow<MessageStream>

  /** Why the session was closed, once it is: 1006 if the peer vanished. */
  public val closeReason: Deferred<CloseReason>

  /** Whether nothing can be sent any more. */
  public val isClosed: Boolean

  /**
   * Sends a message; suspends while 64 KiB or more wait for the peer. Messages leave in the order of the calls, whole
   * or, if cancelled before their turn, not at all. A peer that lets one wait for 30 s (a setting) is closed with 1008.
   *
   * @throws dev.runnel.websocket.WsClosed if the session is closed
   */
  public suspend fun send(message: Message)

  /** Sends a text; see the first [send]. */
  public suspend fun send(text: String): Unit = send(Message.text(text))

  /** Sends a copy of the bytes; see the first [send]. */
  public suspend fun send(bytes: ByteArray): Unit = send(Message.binary(bytes))

  /** Sends a message only if that can be done at once. */
  public suspend fun trySend(message: Message): SendResult

  /** Sends a text only if that can be done at once. */
  public suspend fun trySend(text: String): SendResult = trySend(Message.text(text))

  /**
   * Sends a message whose parts are not all there yet; other messages wait until its end. If the block fails the
   * session is closed with 1011 (1001 by a client), because half a message cannot be taken back.
   */
  public suspend fun sendParts(isText: Boolean, write: suspend MessageSink.() -> Unit)

  /**
   * From now on sends what the hub broadcasts, until the session is closed or the subscription left. Messages of a hub
   * are not compressed.
   */
  public suspend fun <T : Any> subscribe(hub: Hub<T>): Subscription

  /** Suspends until all that was sent before is in the transport's hands, and little of it unsent. */
  public suspend fun flush()

  /** Accepts the session now, if it is not open yet; that of a client is. */
  public suspend fun open()

  /**
   * Says Close, drops what still comes, and waits until the peer has answered or its time is over.
   *
   * @param reason text for a person, cut to 123 bytes of UTF-8
   * @throws IllegalArgumentException if the code cannot be sent
   */
  public suspend fun close(code: Int = CloseReason.NORMAL, reason: String = "")

  /** Waits for the session to be closed. Messages that nobody collects meanwhile are dropped. */
  public suspend fun awaitClose(): CloseReason
}

/** A message of the peer as it comes. */
public interface MessageStream {
  /** Whether it is text; its parts may then end within a character. */
  public val isText: Boolean

  /**
   * The parts, each as it came. To be collected once; what is not collected when the next message is asked for is lost.
   */
  public val parts: Flow<Bytes>
}

/** Where the parts of a message are written. */
@RunnelDsl
public interface MessageSink {
  /** Sends a part; suspends while 64 KiB or more wait for the peer. */
  public suspend fun write(bytes: Bytes)

  /** Sends a part in UTF-8. */
  public suspend fun write(text: String): Unit = write(Bytes.utf8(text))
}
