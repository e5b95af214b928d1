package dev.runnel.testing.websocket;

/**
 * A Close frame of the server.
 *
 * @param code 1005 if it has none (RFC 6455 7.1.5)
 * @param reason empty if it has none
 */
public record WsClosing(int code, String reason) {
  /** What the code of a Close frame without one is said to be. */
  public static final int NO_CODE = 1005;
}
