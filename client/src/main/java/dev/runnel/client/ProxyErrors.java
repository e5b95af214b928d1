package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.HttpError;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How calls of a proxy that failed are answered. */
final class ProxyErrors {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.proxy");
  private static final String SECONDS = "1";

  private ProxyErrors() {}

  static CompletableFuture<Response> answer(Request request, Throwable error) {
    Throwable cause = Failures.cause(error);
    if (!(cause instanceof ClientException failure)) {
      return CompletableFuture.failedFuture(cause);
    }
    if (failure.reason() == Reason.REQUEST_BODY && failure.getCause() instanceof HttpError own) {
      return CompletableFuture.failedFuture(own); // the one who asked broke it, and is told so
    }
    int code = code(failure.reason());
    if (code == 0) {
      return CompletableFuture.failedFuture(cause);
    }
    LOG.warn(
        "{} was answered {}: {} {}: {}",
        request.id(),
        code,
        request.method(),
        request.rawPath(),
        failure.getMessage());
    Response answer = Problem.of(Status.of(code), detail(code)).toResponse();
    return CompletableFuture.completedFuture(
        code == 503 ? answer.header(HeaderNames.RETRY_AFTER, SECONDS) : answer);
  }

  /** The status, or 0 where nobody waits for one, or it is nothing of the server behind. */
  private static int code(Reason reason) {
    return switch (reason) {
      case CANCELLED, REQUEST_BODY -> 0;
      case POOL_FULL, POOL_TIMEOUT, CLOSED -> 503;
      case CONNECT_TIMEOUT, TLS_TIMEOUT, HEAD_TIMEOUT, BODY_TIMEOUT, WRITE_TIMEOUT, CALL_TIMEOUT ->
          504;
      default -> 502;
    };
  }

  private static String detail(int code) {
    return switch (code) {
      case 503 -> "too many requests wait for the server behind this one";
      case 504 -> "the server behind this one did not answer in time";
      default -> "the server behind this one could not be reached, or gave no valid answer";
    };
  }
}
