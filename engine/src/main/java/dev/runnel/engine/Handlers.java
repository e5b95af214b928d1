package dev.runnel.engine;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** Turns the Java faces of a handler into the one the engine runs. */
public final class Handlers {
  private Handlers() {}

  /**
   * Runs blocking code on {@link ServerContext#blocking()}; a cancelled call discards its answer.
   */
  public static Handler blocking(BlockingHandler handler) {
    return exchange -> {
      Request request = exchange.request();
      // The thread counts until it returns, also when nobody waits for its answer any more.
      Exchange.Hold hold = exchange.hold();
      try {
        exchange
            .server()
            .blocking()
            .run(
                () -> runBlocking(handler, request),
                (response, error) -> finishOnLoop(exchange, hold, response, error));
      } catch (RejectedExecutionException e) {
        hold.release();
        throw overloaded(e);
      } catch (RuntimeException | Error e) { // no thread to be had
        hold.release();
        throw e;
      }
    };
  }

  private static Response runBlocking(BlockingHandler handler, Request request) throws Exception {
    Map<String, String> before = LogContext.install(LogContext.of(request));
    try {
      return handler.handle(request);
    } finally {
      LogContext.restore(before);
    }
  }

  private static void finishOnLoop(
      Exchange exchange, Exchange.Hold hold, Response response, Throwable error) {
    exchange
        .loop()
        .execute(
            () -> {
              try {
                finish(exchange, response, error);
              } finally {
                hold.release();
              }
            });
  }

  /** The error that a full {@link Blocking} is answered with. */
  public static HttpError overloaded(RejectedExecutionException cause) {
    return new HttpError(
        Problem.of(Status.SERVICE_UNAVAILABLE, "too many blocking calls at a time"),
        Headers.of(HeaderNames.RETRY_AFTER, "1"),
        cause);
  }

  /** Answers when the stage completes, on whatever thread that happens. */
  public static Handler async(AsyncHandler handler) {
    return exchange -> {
      CompletionStage<Response> stage = handler.handle(exchange.request());
      if (stage == null) {
        throw new NullPointerException("the handler returned null instead of a CompletionStage");
      }
      if (stage instanceof CompletableFuture<Response> future) {
        if (future.isDone() && !future.isCompletedExceptionally()) {
          respond(exchange, future.join()); // nobody is waited for: about 100 bytes less
          return;
        }
        exchange.onCancel(cause -> future.cancel(false));
      }
      stage.whenComplete((response, error) -> onLoop(exchange, response, error));
    };
  }

  private static void onLoop(Exchange exchange, Response response, Throwable error) {
    if (exchange.loop().inLoop()) {
      finish(exchange, response, error);
    } else {
      exchange.loop().execute(() -> finish(exchange, response, error));
    }
  }

  private static void finish(Exchange exchange, Response response, Throwable error) {
    if (error == null) {
      respond(exchange, response);
    } else {
      Throwable cause = error.getCause();
      exchange.fail(error instanceof CompletionException && cause != null ? cause : error);
    }
  }

  private static void respond(Exchange exchange, Response response) {
    if (response == null) {
      exchange.fail(new NullPointerException("the handler returned null instead of a Response"));
      return;
    }
    exchange.respond(response);
  }
}
