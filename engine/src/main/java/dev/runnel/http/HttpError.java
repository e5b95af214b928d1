package dev.runnel.http;

import org.jspecify.annotations.Nullable;

/**
 * An answer thrown: ends the handler with this status and problem. Its message is meant for the
 * client; what must stay secret belongs into the cause.
 */
public class HttpError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient Headers headers;

  /** An answer with this status and a sentence for the client. */
  public HttpError(int status, String detail) {
    this(Problem.of(Status.of(status), detail), Headers.EMPTY, null);
  }

  /** An answer with this problem, further header fields and the cause for the log. */
  public HttpError(Problem problem, Headers headers, @Nullable Throwable cause) {
    super(message(problem), cause);
    this.problem = problem;
    this.headers = headers;
  }

  private static String message(Problem problem) {
    String detail = problem.detail();
    return detail == null ? problem.status().toString() : problem.status() + ": " + detail;
  }

  /** 400 with a sentence for the client. */
  public static HttpError badRequest(String detail) {
    return new HttpError(400, detail);
  }

  /** The status of the answer. */
  public final Status status() {
    return problem.status();
  }

  /** What the answer says. */
  public final Problem problem() {
    return problem;
  }

  /** Header fields of the answer besides its Content-Type. */
  public final Headers headers() {
    return headers;
  }

  /** The answer. A subclass may give one of its own, which then is sent instead of the problem. */
  public Response toResponse() {
    Response response = problem.toResponse();
    return response.headers(response.headers().plus(headers));
  }
}
