package dev.runnel.ws

import dev.runnel.dsl.Call
import dev.runnel.dsl.RunnelDsl
import dev.runnel.http.Response

/**
 * The server's end of a session. Nothing is sent to the client, not even that the session is open, before the handler
 * uses it, returns, or [WsOptions.acceptAfter] has passed; until then it may [reject].
 */
@RunnelDsl
public interface WsServerSession : WsSession {
  /** The call that became this session. */
  public val call: Call

  /**
   * Answers the request with this instead of a session.
   *
   * @throws IllegalStateException if the session is open already
   */
  public fun reject(response: Response): Nothing

  /** Answers the request with a problem document of this status instead of a session. */
  public fun reject(status: Int, detail: String? = null): Nothing
}
