package dev.runnel.engine;

import dev.runnel.http.Request;
import dev.runnel.http.Status;
import java.net.SocketAddress;

/**
 * Sees what happens on a server, for metrics and tracing. Called on the loop, so it must neither
 * block nor throw; what it throws is logged and goes no further. Costs nothing when absent.
 */
public interface ServerObserver {
  /** A connection was accepted. */
  default void connectionOpened(SocketAddress remote) {}

  /** A connection is gone, with all bytes that went through it, framing included. */
  default void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {}

  /** The head of a request is there; its handler is about to run. */
  default void requestStarted(Request request) {}

  /** The head of the final answer was committed. */
  default void responseStarted(Request request, Status status) {}

  /** The call ended. */
  default void requestEnded(Request request, Outcome outcome) {}

  /** Bytes that were no request were refused before any handler ran. */
  default void requestRejected(SocketAddress remote, Status status, String reason) {}
}
