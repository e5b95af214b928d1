package dev.runnel.ws;

import dev.runnel.websocket.CloseReason;

/** Thrown by a handler to close its session with this code. */
public final class WsClose extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CloseReason reason;

  /**
   * Closes with this code.
   *
   * @param reason text for a person; cut to 123 bytes of UTF-8
   * @throws IllegalArgumentException if the code cannot be sent: 1005, 1006, 1015 and those that
   *     mean nothing
   */
  public WsClose(int code, String reason) {
    super("close with " + code + " " + reason, null, false, false); // a jump, not a fault
    this.reason = new CloseReason(code, reason).requireSendable();
  }

  /** Closes with this code and no words. */
  public WsClose(int code) {
    this(code, "");
  }

  /** What the peer is told. */
  public CloseReason reason() {
    return reason;
  }
}
