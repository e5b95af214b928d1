package dev.runnel.websocket;

import dev.runnel.engine.CancelCause;

/**
 * Which end of a session we are. Both run the same machine; this is all that tells them apart (RFC
 * 6455 5.1, 7.1.1).
 */
public enum Role {
  /** We answered the handshake: we send without a mask, and close the connection first. */
  SERVER(CancelCause.CLIENT_GONE, CloseReason.INTERNAL_ERROR),
  /** We asked for the session: we mask what we send, and leave it to the server to close first. */
  CLIENT(CancelCause.SERVER_GONE, CloseReason.GOING_AWAY);

  private final CancelCause peerGone;
  private final int failure;

  Role(CancelCause peerGone, int failure) {
    this.peerGone = peerGone;
    this.failure = failure;
  }

  /** What a call is cancelled with when the peer vanishes. */
  public CancelCause peerGone() {
    return peerGone;
  }

  /**
   * The close code for the peer when code of the user's fails: 1011 from a server. From a client
   * 1001: that it fails is no condition of the server, which is what 1011 means (RFC 6455 7.4.1);
   * it leaves.
   */
  public int failure() {
    return failure;
  }
}
