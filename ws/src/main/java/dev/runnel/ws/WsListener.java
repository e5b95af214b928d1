package dev.runnel.ws;

import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.Message;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a session, told on the loop of its connection, one thing at a time: no method may
 * block. What a method throws closes the session: {@link WsClose} with its code, anything else with
 * 1011, or 1001 where we are the client, and a line in the log.
 */
@FunctionalInterface
public interface WsListener {
  /** The session is open. */
  default void onOpen(WsChannel session) throws Exception {}

  /**
   * A message came.
   *
   * @return what to wait for before the next message is read, so that a peer that sends faster than
   *     this is held back; null reads on at once. If the stage fails, so does the session
   */
  @Nullable CompletionStage<?> onMessage(WsChannel session, Message message) throws Exception;

  /** The session is closed, by either side; 1006 if the peer vanished. The last that is told. */
  default void onClose(WsChannel session, CloseReason reason) throws Exception {}
}
