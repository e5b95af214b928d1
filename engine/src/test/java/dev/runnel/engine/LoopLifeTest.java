package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.VirtualLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoopLifeTest {
  private final VirtualLoop loop = new VirtualLoop();
  private final List<String> told = new ArrayList<>();
  private final LoopLife life = new LoopLife(loop, () -> told.add("over"));

  @Test
  void cancellingTellsAllInOrderAndOnce() {
    life.onCancel(cause -> told.add("first " + cause));
    life.onCancel(cause -> told.add("second " + cause));
    life.cancel(CancelCause.SERVER_GONE);
    life.cancel(CancelCause.TIMEOUT);
    assertThat(told).containsExactly("first SERVER_GONE", "second SERVER_GONE");
    assertThat(life.cancelled()).isEqualTo(CancelCause.SERVER_GONE);
    life.onCancel(cause -> told.add("late " + cause));
    assertThat(told).endsWith("late SERVER_GONE");
  }

  @Test
  void aStopIsToldOnceAndToThoseWhoComeLate() {
    life.onStop(() -> told.add("stop"));
    life.stop();
    life.stop();
    life.onStop(() -> told.add("late stop"));
    assertThat(told).containsExactly("stop", "late stop");
    assertThat(life.cancelled()).isNull();
  }

  @Test
  void itIsOverWithItsLastHold() {
    CallLife.Hold one = life.hold();
    CallLife.Hold other = life.hold();
    one.release();
    one.release();
    assertThat(told).isEmpty();
    other.release();
    assertThat(told).containsExactly("over");
    life.onCancel(cause -> told.add("cancelled"));
    life.cancel(CancelCause.SERVER_GONE);
    assertThat(told).containsExactly("over");
    assertThat(life.cancelled()).isNull();
  }

  @Test
  void aHoldMayBeReleasedFromElsewhere() throws InterruptedException {
    CallLife.Hold hold = life.hold();
    Thread elsewhere = new Thread(hold::release);
    elsewhere.start();
    elsewhere.join();
    assertThat(told).isEmpty();
    loop.run();
    assertThat(told).containsExactly("over");
  }
}
