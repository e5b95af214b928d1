package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.http.HttpError;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The only table from errors to answers, for every version and face. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");
  private static final int STACK_LINES = 40;

  private Failures() {}

  /** The answer to an error, and one line in the log where the fault is ours. */
  static Response toResponse(Throwable error, Request request, boolean devMode) {
    if (error instanceof HttpError http) {
      return answer(http, request);
    }
    LOG.error("{} failed: {} {}", request.id(), request.method(), request.rawPath(), error);
    // The client learns nothing but the id: a message or a class name may give secrets away.
    Problem problem =
        Problem.of(Status.INTERNAL_SERVER_ERROR, null).with("requestId", request.id());
    return (devMode ? explained(problem, error) : problem).toResponse();
  }

  private static Response answer(HttpError error, Request request) {
    if (error.status().code() >= 500 && error.getCause() != null) {
      LOG.warn("{} answered {}", request.id(), error.status(), error);
    } else {
      LOG.debug("{} answered {}", request.id(), error.getMessage());
    }
    try {
      return error.toResponse();
    } catch (RuntimeException e) {
      LOG.error("{}: {} cannot say what to answer", request.id(), error.getClass(), e);
      return error.problem().toResponse();
    }
  }

  private static Problem explained(Problem problem, Throwable error) {
    List<String> stack =
        Arrays.stream(error.getStackTrace())
            .limit(STACK_LINES)
            .map(StackTraceElement::toString)
            .toList();
    return problem
        .with("exception", error.getClass().getName())
        .with("message", error.getMessage())
        .with("stack", stack);
  }

  /**
   * An error after the head was sent: all that is left is to say so here and to break off there.
   */
  static void logAborted(Throwable error, Request request, CancelCause reason) {
    if (reason != CancelCause.FAILED || error instanceof CallCancelledException) {
      LOG.debug("{} broken off: {}", request.id(), error.getMessage());
    } else {
      LOG.error(
          "{} failed after its answer was begun, response broken off: {} {}",
          request.id(),
          request.method(),
          request.rawPath(),
          error);
    }
  }

  /** What failed, without the wrapping that stages of a CompletableFuture put around it. */
  static Throwable unwrapped(Throwable error) {
    Throwable cause = error.getCause();
    return error instanceof CompletionException && cause != null ? cause : error;
  }

  /** An error of a call that was cancelled: most often only how its handler took the news. */
  static void logCancelled(Throwable error, Request request) {
    LOG.debug("{} ended, cancelled: {}", request.id(), error.toString());
  }

  /** An error that came when the call was over: nobody can be told but the log. */
  static void logLate(Throwable error, Request request) {
    if (error instanceof CallCancelledException
        || error.getCause() instanceof CallCancelledException) {
      return; // the handler was told that the call is over, and says so
    }
    LOG.warn("{} failed after its end", request.id(), error);
  }
}
