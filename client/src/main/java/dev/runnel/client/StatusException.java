package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Problem;
import dev.runnel.http.Status;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An answer of a status that is no success, where only a success would do. */
public final class StatusException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Status status;
  private final transient Headers headers;
  private final transient @Nullable Problem problem;

  /**
   * An answer that is no success.
   *
   * @param call what was asked, for the message: a method and a URL without secrets
   * @param problem what the server said about it; null where it did not say it as RFC 9457 has it
   */
  public StatusException(String call, Status status, Headers headers, @Nullable Problem problem) {
    super(message(call, status, problem));
    this.status = status;
    this.headers = headers;
    this.problem = problem;
  }

  private static String message(String call, Status status, @Nullable Problem problem) {
    String answered = call + " was answered " + status;
    if (problem == null) {
      return answered;
    }
    return answered + ": " + (problem.detail() == null ? problem.title() : problem.detail());
  }

  /** The status of the answer. */
  public Status status() {
    return status;
  }

  /** The header section of the answer. */
  public Headers headers() {
    return headers;
  }

  /** The problem document that the answer carried, or null. */
  public @Nullable Problem problem() {
    return problem;
  }
}
