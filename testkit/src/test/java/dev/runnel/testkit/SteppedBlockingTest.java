package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SteppedBlockingTest {
  @Test
  void codeThatWasWokenIsWaitedFor() {
    SteppedBlocking blocking = new SteppedBlocking(10, Duration.ofSeconds(10));
    for (int i = 0; i < 500; i++) {
      CompletableFuture<String> awaited = new CompletableFuture<>();
      List<String> results = new ArrayList<>();
      var unused = blocking.run(awaited::join, (result, error) -> results.add(result));
      blocking.settle();
      assertThat(results).isEmpty();
      assertThat(awaited.complete("done")).isTrue();
      blocking.settle();
      assertThat(results).as("run %d", i).containsExactly("done");
    }
  }
}
