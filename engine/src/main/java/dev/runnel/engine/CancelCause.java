package dev.runnel.engine;

/**
 * Why a call was cancelled; the recorded cause is the only truth about it, not the type of some
 * exception.
 */
public enum CancelCause {
  /** The client left: TCP reset or FIN, HTTP/2 RST_STREAM, connection lost. */
  CLIENT_GONE,
  /**
   * The server left, in a session that a client opened: its connection was lost, or it says nothing
   * any more.
   */
  SERVER_GONE,
  /** The drain's deadline passed. */
  SERVER_STOPPING,
  /** The client took no byte for the write stall limit. */
  WRITE_STALLED,
  /** The client took some bytes of a stream of events, but too few for too long. */
  SLOW_CONSUMER,
  /** The client sent no byte of the body for the body stall limit after the answer had begun. */
  BODY_STALLED,
  /** The client broke the protocol within the body. */
  PROTOCOL_ERROR,
  /**
   * Received bytes that no handler takes were too many for the connection or the server, and this
   * call had to give way.
   */
  OVER_BUDGET,
  /**
   * The time that a request-timeout filter gave the handler is over; seen behind that filter only.
   */
  TIMEOUT,
  /** The call failed after its answer was committed. */
  FAILED
}
