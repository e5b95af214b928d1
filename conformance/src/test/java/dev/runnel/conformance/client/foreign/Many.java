package dev.runnel.conformance.client.foreign;

import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Many calls, some at a time. */
final class Many {
  private Many() {}

  /**
   * Makes calls, and gives what went wrong.
   *
   * @param width how many at a time
   * @param call makes one, given its number, and ends when its answer is read
   */
  static List<String> calls(
      int count, int width, IntFunction<? extends CompletionStage<String>> call) {
    return calls(count, width, 0, call);
  }

  /**
   * The same, with pauses in each row of calls that come up to so many milliseconds, all lengths in
   * turn.
   */
  static List<String> calls(
      int count, int width, int pause, IntFunction<? extends CompletionStage<String>> call) {
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    AtomicInteger next = new AtomicInteger();
    CompletableFuture<?>[] rows = new CompletableFuture<?>[width];
    for (int i = 0; i < width; i++) {
      rows[i] = row(next, count, pause, call, wrong);
    }
    await(CompletableFuture.allOf(rows), next);
    return List.copyOf(wrong);
  }

  /** As long as calls end: how many of them a loaded machine makes in a time says nothing. */
  private static void await(CompletableFuture<Void> all, AtomicInteger next) {
    int before = -1;
    while (!isDoneSoon(all)) {
      int now = next.get();
      if (now == before) {
        throw new AssertionError("no call ended for long, " + now + " were begun");
      }
      before = now;
    }
  }

  private static boolean isDoneSoon(CompletableFuture<Void> all) {
    try {
      all.get(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException slow) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static CompletableFuture<Void> row(
      AtomicInteger next,
      int count,
      int pause,
      IntFunction<? extends CompletionStage<String>> call,
      ConcurrentLinkedQueue<String> wrong) {
    int number = next.getAndIncrement();
    if (number >= count) {
      return CompletableFuture.completedFuture(null);
    }
    Executor later =
        pause == 0
            ? CompletableFuture.completedFuture(null).defaultExecutor()
            : CompletableFuture.delayedExecutor(number % (pause + 1), TimeUnit.MILLISECONDS);
    return call.apply(number)
        .handle((said, error) -> error == null ? said : "call " + number + ": " + error)
        .thenAccept(
            said -> {
              if (!said.isEmpty()) {
                wrong.add(said);
              }
            })
        .thenComposeAsync(done -> row(next, count, pause, call, wrong), later)
        .toCompletableFuture();
  }

  /** Nothing if the answer has this text, else what it is. */
  static CompletionStage<String> expect(CompletableFuture<Response> answer, String text) {
    return answer.thenCompose(
        response ->
            response
                .content()
                .textAsync()
                .thenApply(
                    got -> got.equals(text) ? "" : "got " + response.status() + " '" + got + "'"));
  }
}
