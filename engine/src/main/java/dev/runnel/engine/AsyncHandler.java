package dev.runnel.engine;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.util.concurrent.CompletionStage;

/**
 * Answers a call with a value that comes later, from any thread. Called on the loop; never blocks.
 */
@FunctionalInterface
public interface AsyncHandler {
  /**
   * Begins the answer. If the stage is a {@link java.util.concurrent.CompletableFuture} it is
   * cancelled when the call is.
   */
  CompletionStage<Response> handle(Request request) throws Exception;
}
