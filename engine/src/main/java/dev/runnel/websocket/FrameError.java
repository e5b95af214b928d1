package dev.runnel.websocket;

/** What the peer sent ends the session with this code. A jump, without a stack. */
final class FrameError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /**
   * @param code the close code
   * @param message the reason that the peer is told
   */
  FrameError(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static FrameError protocol(String message) {
    return new FrameError(CloseReason.PROTOCOL_ERROR, message);
  }

  CloseReason reason() {
    return new CloseReason(code, getMessage());
  }
}
