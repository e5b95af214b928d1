package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DrivenLoopTest {
  private final DrivenLoop loop = new DrivenLoop(Duration.ofSeconds(10));
  private final AtomicReference<Duration> toldAt = new AtomicReference<>();

  @Test
  void aLastWordComesBeforeTheNextTimer() {
    blockingEndsWhenItIsAskedAbout();
    loop.until(() -> toldAt.get() != null);
    assertThat(toldAt).hasValue(Duration.ZERO);
  }

  @Test
  void andWhenTimePassesByHand() {
    blockingEndsWhenItIsAskedAbout();
    loop.advance(Duration.ofSeconds(5));
    assertThat(toldAt).hasValue(Duration.ZERO);
  }

  /** The worst moment for it: the loop has just looked and found no task. */
  private void blockingEndsWhenItIsAskedAbout() {
    loop.schedule(() -> {}, Duration.ofSeconds(3));
    loop.standsWhile(
        () -> {
          if (toldAt.get() == null) {
            loop.execute(() -> toldAt.compareAndSet(null, Duration.ofNanos(loop.nanoTime())));
          }
          return false;
        });
  }
}
