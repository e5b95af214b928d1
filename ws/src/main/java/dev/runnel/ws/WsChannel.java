package dev.runnel.ws;

import dev.runnel.http.Request;
import dev.runnel.hub.Hub;
import dev.runnel.hub.Subscription;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.Message;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A session as asynchronous Java code sees it. Its methods may be called from any thread and never
 * block; messages leave in the order of the calls.
 */
public interface WsChannel {
  /** The request that asked for the session. */
  Request request();

  /** The sub-protocol that was agreed on, or null. */
  @Nullable String protocol();

  /** The peer. */
  SocketAddress peerAddress();

  /** Whether messages can still be sent. */
  boolean isOpen();

  /**
   * Sends a message. The stage completes when it was handed to the transport and less than 64 KiB
   * wait for the peer: who sends much should wait for it. It fails with {@link
   * dev.runnel.websocket.WsClosed} if the session is closed before. A peer that lets a message wait
   * for 30 s (a setting) is closed with 1008.
   */
  CompletionStage<Void> send(Message message);

  /** Sends a text; see {@link #send(Message)}. */
  default CompletionStage<Void> send(String text) {
    return send(Message.text(text));
  }

  /** Sends a message only if that can be done at once. */
  CompletionStage<SendResult> trySend(Message message);

  /**
   * From now on sends what the hub broadcasts, until the session is closed or the subscription
   * left. Messages of a hub are not compressed.
   */
  CompletionStage<Subscription> subscribe(Hub<?> hub);

  /**
   * Says Close and drops what still comes.
   *
   * @param reason text for a person; cut to 123 bytes of UTF-8
   * @return {@link #closed()}
   * @throws IllegalArgumentException if the code cannot be sent
   */
  CompletionStage<CloseReason> close(int code, String reason);

  /** Completes when the session is closed: with 1006 if the peer vanished. */
  CompletionStage<CloseReason> closed();
}
