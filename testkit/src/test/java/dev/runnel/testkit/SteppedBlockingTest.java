package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.elsewhere.Framework;
import dev.runnel.engine.Blocking.Then;
import dev.runnel.server.Eventually;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SteppedBlockingTest {
  /** A thread that was woken takes some microseconds to run: often enough, somebody is faster. */
  private static final int ROUNDS = 2_000;

  private final SteppedBlocking blocking = new SteppedBlocking(1, Duration.ofSeconds(10));

  @Test
  void whatWasWokenIsWaitedFor() {
    for (int i = 0; i < ROUNDS; i++) {
      CompletableFuture<String> comes = new CompletableFuture<>();
      AtomicReference<String> told = new AtomicReference<>();
      blocking.run(comes::join, (result, error) -> told.set(result));
      blocking.settle();
      assertThat(told).as("round %s, before it came", i).hasValue(null);
      comes.complete("it");
      blocking.settle();
      assertThat(told).as("round %s, when it had come", i).hasValue("it");
    }
  }

  @Test
  void nothingBeginsInTheMiddleOfATask() {
    for (int i = 0; i < ROUNDS; i++) {
      AtomicBoolean begun = new AtomicBoolean();
      blocking.run(() -> begun.getAndSet(true), (result, error) -> {});
      for (int spin = 0; spin < 1_000; spin++) {
        Thread.onSpinWait();
      }
      assertThat(begun).as("round %s, before the task is over", i).isFalse();
      blocking.settle();
      assertThat(begun).as("round %s, after it", i).isTrue();
    }
  }

  @Test
  void whatIsInterruptedIsWaitedFor() {
    for (int i = 0; i < ROUNDS; i++) {
      AtomicBoolean interrupted = new AtomicBoolean();
      var task =
          blocking.run(
              () -> new CompletableFuture<String>().get(),
              (result, error) -> interrupted.set(error instanceof InterruptedException));
      blocking.settle();
      task.interrupt();
      blocking.settle();
      assertThat(interrupted).as("round %s", i).isTrue();
    }
  }

  @Test
  void theEndIsToldBeforeAnythingGoesOn() {
    for (int i = 0; i < ROUNDS; i++) {
      AtomicBoolean told = new AtomicBoolean();
      AtomicReference<Integer> active = new AtomicReference<>();
      blocking.run(
          () -> "at once",
          (result, error) -> {
            active.set(blocking.active());
            for (int spin = 0; spin < 1_000; spin++) {
              Thread.onSpinWait();
            }
            told.set(true);
          });
      blocking.settle();
      assertThat(told).as("round %s", i).isTrue();
      assertThat(active).as("its place is free by then").hasValue(0);
    }
  }

  @RepeatedTest(200)
  void whatWasWokenByOthersHoldsTimeUntilItsEndWasTold() {
    CompletableFuture<String> fromOthers = new CompletableFuture<>();
    AtomicBoolean woken = new AtomicBoolean();
    AtomicBoolean goOn = new AtomicBoolean();
    Then<String> slowly =
        (result, error) -> {
          woken.set(true);
          Framework.computeUntil(goOn);
        };
    blocking.run(fromOthers::join, slowly);
    blocking.settle();
    assertThat(blocking.isToSayMore()).as("it waits for others").isTrue();
    fromOthers.complete("it");
    Framework.computeUntil(woken);
    assertThat(blocking.isToSayMore()).as("on its way to say so").isTrue();
    goOn.set(true);
    assertThat(blocking.isToSayMore()).as("ended or not, nobody has looked since").isTrue();
    blocking.settle();
    blocking.settle(); // its end may have come behind the beginning of the first
    assertThat(blocking.isToSayMore()).as("when all was heard").isFalse();
  }

  @Test
  void eachPieceHasAPatienceOfItsOwn() {
    SteppedBlocking brief = new SteppedBlocking(1, Duration.ofSeconds(2));
    CompletableFuture<String> fromOthers = new CompletableFuture<>();
    brief.run(fromOthers::join, (result, error) -> {});
    brief.settle();
    Eventually.until(() -> !brief.isToSayMore(), "the patience with the first piece to end");
    assertThat(brief.waitedInVain()).contains("CompletableFuture.join");
    fromOthers.complete("it");
    brief.settle();
    brief.settle();
    assertThat(brief.isToSayMore()).isFalse();
    assertThat(brief.waitedInVain()).isNull();
    brief.run(new CompletableFuture<String>()::join, (result, error) -> {});
    brief.settle();
    assertThat(brief.isToSayMore()).as("the second has just begun to wait").isTrue();
  }
}
