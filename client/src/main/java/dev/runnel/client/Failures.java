package dev.runnel.client;

import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.concurrent.CompletionException;

/** How calls fail. */
final class Failures {
  private Failures() {}

  static ClientException closed() {
    return new ClientException(Reason.CLOSED, "the client is closed", true, null);
  }

  static ClientException cancelled() {
    return new ClientException(Reason.CANCELLED, "the call was cancelled");
  }

  /** What a stage really failed with. */
  static Throwable cause(Throwable error) {
    Throwable cause = error;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
