package dev.runnel.client;

import java.io.Serial;

/** What was sent is not what its content coding promises. */
final class CodingException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  CodingException(String message) {
    super(message);
  }

  CodingException(String message, Throwable cause) {
    super(message, cause);
  }
}
