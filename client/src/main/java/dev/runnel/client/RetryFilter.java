package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tries again, as its policy says. */
final class RetryFilter implements ClientFilter {
  private final RetryPolicy policy;
  private final InstantSource wallClock;

  RetryFilter(RetryPolicy policy, InstantSource wallClock) {
    this.policy = policy;
    this.wallClock = wallClock;
  }

  @Override
  public CompletionStage<Response> apply(Request request, Next next) {
    CompletableFuture<Response> result = new CompletableFuture<>();
    attempt(request, next, 1, result);
    return result;
  }

  private void attempt(Request request, Next next, int number, CompletableFuture<Response> result) {
    try {
      next.send(request)
          .handle(
              (response, error) -> {
                judge(request, next, number, response, error, result);
                return result;
              })
          .exceptionally(
              thrown -> {
                failed(result, thrown);
                return result;
              });
    } catch (RuntimeException e) {
      failed(result, e);
    }
  }

  /** Of what a filter or a clock throws at a later try nobody else hears. */
  private static void failed(CompletableFuture<Response> result, Throwable thrown) {
    result.completeExceptionally(Failures.cause(thrown));
  }

  private void judge(
      Request request,
      Next next,
      int number,
      @Nullable Response response,
      @Nullable Throwable error,
      CompletableFuture<Response> result) {
    Duration delay = delay(request, number, response, error);
    if (delay != null) {
      if (response != null) {
        UnwantedAnswer.start(response.body());
      }
      Pause.of(CallScope.of(request), delay)
          .whenComplete(
              (done, cancelled) -> {
                if (cancelled == null) {
                  attempt(request, next, number + 1, result);
                } else {
                  failed(result, cancelled);
                }
              });
    } else if (error != null) {
      failed(result, error);
    } else {
      result.complete(response);
    }
  }

  private @Nullable Duration delay(
      Request request, int number, @Nullable Response response, @Nullable Throwable error) {
    Body body = request.body().toBody();
    if (body.length() != 0 && !RepeatableBody.isRepeatable(body)) {
      return null;
    }
    if (response != null) {
      return policy.afterAnswer(
          number,
          request.method(),
          response.status(),
          response.headers(),
          wallClock.instant(),
          RetryFilter::random);
    }
    return error != null && Failures.cause(error) instanceof ClientException failure
        ? policy.afterFailure(number, request.method(), failure, RetryFilter::random)
        : null;
  }

  private static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }

  /** A wait that ends early when the call is cancelled. */
  private static final class Pause {
    private Pause() {}

    static CompletableFuture<Void> of(CallScope scope, Duration delay) {
      CompletableFuture<Void> over = new CompletableFuture<>();
      Consumer<ClientException> stop = over::completeExceptionally;
      if (!scope.begin(stop)) {
        ClientException why = scope.cancelled();
        over.completeExceptionally(why == null ? Failures.cancelled() : why);
        return over;
      }
      var timer = scope.loop().schedule(() -> over.complete(null), delay);
      return over.whenComplete(
          (done, error) -> {
            timer.cancel();
            scope.end(stop);
          });
    }
  }
}
