package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runnel.engine.Exchange;
import dev.runnel.server.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class DetachedWorkTest {
  private final DetachedWork work = new DetachedWork();
  private final List<String> cancelled = new ArrayList<>();

  private Exchange.Hold begin(String name) {
    return work.begin(() -> cancelled.add(name));
  }

  @Test
  void countsWhatRunsAndWhatHasEnded() {
    assertThat(work.active()).isZero();
    assertThat(work.finished()).isZero();
    Exchange.Hold a = begin("a");
    Exchange.Hold b = begin("b");
    assertThat(work.active()).isEqualTo(2);
    a.release();
    assertThat(work.active()).isEqualTo(1);
    assertThat(work.finished()).isEqualTo(1);
    b.release();
    assertThat(work.active()).isZero();
    assertThat(work.finished()).isEqualTo(2);
    assertThat(cancelled).isEmpty();
  }

  @Test
  void releasingTwiceCountsOnce() {
    Exchange.Hold a = begin("a");
    begin("b");
    a.release();
    a.release();
    assertThat(work.active()).isEqualTo(1);
    assertThat(work.finished()).isEqualTo(1);
  }

  @Test
  void oneCancelForManyIsCountedForEach() {
    Runnable same = () -> cancelled.add("same");
    Exchange.Hold first = work.begin(same);
    work.begin(same);
    assertThat(work.active()).isEqualTo(2);
    first.release();
    assertThat(work.active()).isEqualTo(1);
    assertThat(work.cancelAll()).isEqualTo(1);
    assertThat(cancelled).containsExactly("same");
  }

  @Test
  void cancelAllCancelsWhatStillRunsInOrderAndSaysHowMany() {
    begin("a");
    begin("b").release();
    begin("c");
    assertThat(work.cancelAll()).isEqualTo(2);
    assertThat(cancelled).containsExactly("a", "c");
  }

  @Test
  void cancelledWorkRunsUntilItIsReleased() {
    Exchange.Hold a = begin("a");
    work.cancelAll();
    assertThat(work.active()).isEqualTo(1);
    assertThat(work.finished()).isZero();
    a.release();
    a.release();
    assertThat(work.active()).isZero();
    assertThat(work.finished()).isEqualTo(1);
  }

  @Test
  void nothingIsCancelledTwice() {
    begin("a");
    assertThat(work.cancelAll()).isEqualTo(1);
    assertThat(work.cancelAll()).isZero();
    assertThat(cancelled).containsExactly("a");
  }

  @Test
  void beginAfterCancelAllThrows() {
    assertThat(work.cancelAll()).isZero();
    assertThatIllegalStateException()
        .isThrownBy(() -> begin("late"))
        .withMessageContaining("stopped");
    assertThat(work.active()).isZero();
    assertThat(cancelled).isEmpty();
  }

  @Test
  void aCancelThatThrowsDoesNotStopTheOthers() {
    begin("a");
    work.begin(
        () -> {
          throw new IllegalStateException("meant to fail");
        });
    work.begin(
        () -> {
          throw new AssertionError("meant to fail");
        });
    begin("b");
    assertThat(work.cancelAll()).isEqualTo(4);
    assertThat(cancelled).containsExactly("a", "b");
  }

  @Test
  void aCancelMayReleaseAtOnce() {
    Exchange.Hold[] own = new Exchange.Hold[1];
    own[0] = work.begin(() -> own[0].release());
    begin("b");
    assertThat(work.cancelAll()).isEqualTo(2);
    assertThat(work.active()).isEqualTo(1);
    assertThat(work.finished()).isEqualTo(1);
  }

  @Test
  void aCancelMayWaitForAnotherThreadThatReleases() throws Exception {
    // Cancels run outside of the lock: else this would wait for ever.
    CountDownLatch released = new CountDownLatch(1);
    Exchange.Hold other = begin("other");
    work.begin(
        () -> {
          Thread thread =
              new Thread(
                  () -> {
                    other.release();
                    released.countDown();
                  });
          thread.start();
          try {
            thread.join(Eventually.PATIENCE.toMillis());
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    work.cancelAll();
    assertThat(released.getCount()).isZero();
    assertThat(work.finished()).isEqualTo(1);
  }

  @Test
  void manyThreadsBeginAndReleaseAndNoneIsLost() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < 1_000; n++) {
                  work.begin(() -> {}).release();
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(work.active()).isZero();
    assertThat(work.finished()).isEqualTo(8_000);
  }
}
