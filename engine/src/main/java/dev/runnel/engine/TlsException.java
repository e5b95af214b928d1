package dev.runnel.engine;

import org.jspecify.annotations.Nullable;

/**
 * A certificate, key or store that TLS cannot use; the message is one line that names the file and
 * the reason, and never holds a password.
 */
public final class TlsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what is wrong. */
  public TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
