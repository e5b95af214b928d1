package dev.runnel.engine;

/**
 * A server that could not start; the message is one line that says what, where and how to mend it.
 */
public final class ServerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what went wrong. */
  public ServerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
