package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.Response;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** What filters do with answers. */
final class Answered {
  private Answered() {}

  /** The answer after this step; one that the step fails for is given up, with its connection. */
  static CompletionStage<Response> then(
      CompletionStage<Response> answer, UnaryOperator<Response> step) {
    return answer.thenApply(
        response -> {
          try {
            return step.apply(response);
          } catch (RuntimeException e) {
            Body.discard(response.body());
            throw e;
          }
        });
  }
}
