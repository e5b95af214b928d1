package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.Response;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a user gets for a call: cancelling it cancels the call. */
final class CallFuture extends CompletableFuture<Response> {
  private final CallScope scope;

  CallFuture(CallScope scope) {
    this.scope = scope;
  }

  /** The call came to this. */
  void settle(@Nullable Response response, @Nullable Throwable error) {
    scope.answered(response != null && response.body() instanceof Body.Upgrade);
    if (response == null) {
      completeExceptionally(error == null ? noAnswer() : Failures.cause(error));
    } else if (!complete(response)) {
      Body.discard(response.body()); // cancelled a moment ago
    }
  }

  private static IllegalStateException noAnswer() {
    return new IllegalStateException("a filter of the client completed a call with null");
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean first = super.cancel(mayInterruptIfRunning);
    if (first) {
      scope.cancel(Failures.cancelled());
    }
    return first;
  }
}
