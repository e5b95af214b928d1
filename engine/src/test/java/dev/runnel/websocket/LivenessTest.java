package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final Timers loop = new Timers();
  private final Liveness liveness =
      new Liveness(loop, FrameOptions.DEFAULT, () -> true, () -> {}, () -> {});

  @Test
  void aSessionThatIsOverBeforeItStartsLeavesNoTimer() {
    liveness.stop();
    liveness.start();
    assertThat(loop.set).isEmpty();
  }

  @Test
  void aSessionThatIsOverLeavesNoTimer() {
    liveness.start();
    assertThat(loop.set).hasSize(1);
    liveness.stop();
    assertThat(loop.set).isEmpty();
  }

  private static final class Timers implements Loop {
    private final ArrayDeque<Runnable> set = new ArrayDeque<>();

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
      set.add(task);
      return () -> set.remove(task);
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }
}
