package dev.runnel.ws

import dev.runnel.hub.Hub
import dev.runnel.hub.Subscription
import dev.runnel.websocket.CloseReason
import kotlinx.coroutines.future.await

/** A session within a hub: sends to all, or to all others. */
public class HubMember<T : Any> internal constructor(private val hub: Hub<T>, private val subscription: Subscription) {
  /** Sends a value to all subscribers, this session too; suspends only for [dev.runnel.hub.Overflow.SUSPEND]. */
  public suspend fun broadcast(value: T) {
    hub.broadcast(value).await()
  }

  /** Sends a value to all other subscribers. */
  public suspend fun broadcastToOthers(value: T) {
    hub.broadcast(value, subscription).await()
  }
}

/**
 * Makes the session a subscriber of this hub until it is closed, and runs the block for each text of its peer; binary
 * messages close it with 1003.
 */
public suspend fun Hub<String>.join(session: WsSession, onText: suspend HubMember<String>.(String) -> Unit) {
  val member = HubMember(this, session.subscribe(this))
  session.incoming.collect { message ->
    if (!message.isText) throw WsClose(CloseReason.UNSUPPORTED_DATA, "text messages only")
    member.onText(message.text())
  }
}

/** Like the other [join], for typed sessions. */
public suspend fun <In, Out : Any> Hub<Out>.join(
  session: TypedWs<In, Out>,
  onMessage: suspend HubMember<Out>.(In) -> Unit,
) {
  val member = HubMember(this, session.session.subscribe(this))
  session.incoming.collect { member.onMessage(it) }
}

/** Makes the session a subscriber of this hub and waits until it is closed; what its peer sends is dropped. */
@IgnorableReturnValue
public suspend fun <T : Any> Hub<T>.join(session: WsSession): CloseReason {
  val subscription = session.subscribe(this)
  try {
    return session.awaitClose()
  } finally {
    subscription.leave()
  }
}
