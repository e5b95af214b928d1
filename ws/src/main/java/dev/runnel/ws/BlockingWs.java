package dev.runnel.ws;

import dev.runnel.http.Request;
import dev.runnel.hub.Hub;
import dev.runnel.hub.Subscription;
import dev.runnel.io.Bytes;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.Message;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A session as blocking code sees it, on a virtual thread (JDK 21 and later) or one of a bounded
 * pool. {@link #send} may be called by several threads, {@link #receive()} by one at a time.
 */
public interface BlockingWs {
  /** The request that asked for the session. */
  Request request();

  /** The sub-protocol that was agreed on, or null. */
  @Nullable String protocol();

  /** The peer. */
  SocketAddress peerAddress();

  /** Whether messages can still be sent. */
  boolean isOpen();

  /** Why it was closed; null while it is open. */
  @Nullable CloseReason closeReason();

  /** Waits for the next message; null when the session is closed, or the peer has vanished. */
  @Nullable Message receive() throws InterruptedException;

  /**
   * Waits for the next message, but not longer than this by the loop's clock; one that comes later
   * is for the next call.
   *
   * @throws TimeoutException if none came
   */
  @Nullable Message receive(Duration limit) throws InterruptedException, TimeoutException;

  /**
   * Sends a message; blocks while 64 KiB or more wait for the peer.
   *
   * @throws dev.runnel.websocket.WsClosed if the session is closed
   */
  void send(Message message) throws InterruptedException;

  /** Sends a text; see {@link #send(Message)}. */
  default void send(String text) throws InterruptedException {
    send(Message.text(text));
  }

  /** Sends bytes; see {@link #send(Message)}. */
  default void send(Bytes bytes) throws InterruptedException {
    send(Message.binary(bytes));
  }

  /** From now on sends what the hub broadcasts; see {@link WsChannel#subscribe}. */
  Subscription subscribe(Hub<?> hub) throws InterruptedException;

  /** Sends a message only if that can be done at once. */
  SendResult trySend(Message message) throws InterruptedException;

  /**
   * Says Close, drops what still comes, and waits until the peer has answered or its time is over.
   *
   * @param reason text for a person; cut to 123 bytes of UTF-8
   * @throws IllegalArgumentException if the code cannot be sent
   */
  CloseReason close(int code, String reason) throws InterruptedException;
}
