package dev.runnel.engine.internal.tls;

import org.jspecify.annotations.Nullable;

/** What is wrong with a file, as the second half of a sentence that begins with its name. */
final class UnusableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnusableException(String message) {
    this(message, null);
  }

  UnusableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
