package dev.runnel.client;

import java.util.concurrent.CompletableFuture;

/** What is made of a call: cancelling it cancels the call. */
final class DerivedFuture<T> extends CompletableFuture<T> {
  private final CompletableFuture<?> call;

  DerivedFuture(CompletableFuture<?> call) {
    this.call = call;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean first = super.cancel(mayInterruptIfRunning);
    call.cancel(mayInterruptIfRunning);
    return first;
  }
}
