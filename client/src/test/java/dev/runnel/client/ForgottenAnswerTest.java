package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.testing.Garbage;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Answers that nobody holds any more, and whose body was neither read nor discarded. */
class ForgottenAnswerTest extends PlayedServers {
  private boolean isGivenUp() {
    Garbage.collect();
    transport.loop.run();
    return call().cancelled != null;
  }

  /** In a method of its own: no local variable may hold on to the answer. */
  private void forget() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().answer(200);
    call().body("some");
    assertThat(answer).isCompleted();
  }

  @Test
  void theCallIsGivenUpOnceTheAnswerIsCollected() {
    forget();
    assertThat(client.stats().calls()).isEqualTo(1);
    Eventually.until(this::isGivenUp, "the call to be given up");
    assertThat(client.stats().calls()).isZero();
  }

  @Test
  void anAnswerThatIsHeldIsLeftAlone() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().answer(200);
    for (int i = 0; i < 5; i++) {
      assertThat(isGivenUp()).isFalse();
    }
    call().body("late");
    call().finish();
    assertThat(text(answer.join())).isEqualTo("late");
  }
}
