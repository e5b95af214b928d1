package dev.runnel.testkit;

import dev.runnel.engine.CancelCause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call as the server saw it.
 *
 * @param status the status sent; 499 if it was cancelled before; 0 while it runs
 * @param begun when it began, since the test did
 * @param time how long it took; null while it runs
 * @param cancelled why it was cancelled, or null
 * @param error what its handler failed with, or null
 */
public record ObservedCall(
    String method,
    String path,
    int status,
    Duration begun,
    @Nullable Duration time,
    @Nullable CancelCause cancelled,
    @Nullable Throwable error) {
  /** Whether it is over. */
  public boolean ended() {
    return time != null;
  }

  @Override
  public String toString() {
    return method
        + " "
        + path
        + ", begun at "
        + begun
        + (ended() ? ": " + status + " after " + time : ", not over")
        + (cancelled == null ? "" : ", " + cancelled)
        + (error == null ? "" : ", " + error);
  }
}
