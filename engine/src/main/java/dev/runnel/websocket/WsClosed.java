package dev.runnel.websocket;

/** The session is closed, so nothing can be sent any more. */
public final class WsClosed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CloseReason reason;

  /** Closed for this reason. */
  public WsClosed(CloseReason reason) {
    super("the session is closed: " + reason);
    this.reason = reason;
  }

  /** The close code. */
  public int code() {
    return reason.code();
  }

  /** Why it was closed. */
  public CloseReason reason() {
    return reason;
  }
}
