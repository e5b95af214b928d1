package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.runnel.engine.Blocking;
import dev.runnel.server.Eventually;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingThreadsTest {
  private final CountDownLatch gate = new CountDownLatch(1);
  private BlockingThreads threads = new BlockingThreads(4);

  private void limit(int limit) {
    threads.close();
    threads = new BlockingThreads(limit);
  }

  @AfterEach
  void nothingIsLeft() {
    gate.countDown();
    Eventually.until(() -> threads.active() == 0, "the threads");
    threads.close();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return Eventually.get(future, "what a thread makes of it");
  }

  private void await() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void runsElsewhere() throws Exception {
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    threads.run(() -> ran.complete(Thread.currentThread()));
    Thread thread = get(ran);
    assertThat(thread).isNotSameAs(Thread.currentThread());
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("runnel-blocking");
  }

  @Test
  void threadsAreVirtualWhereTheJdkHasThem() throws Exception {
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    threads.run(() -> ran.complete(Thread.currentThread()));
    Thread thread = get(ran);
    boolean virtual = false;
    if (Runtime.version().feature() >= 21) {
      // JDK 17 has no such method to compile against.
      virtual = (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }
    assertThat(virtual).isEqualTo(Runtime.version().feature() >= 21);
  }

  @Test
  void moreThanTheLimitIsRejectedAndNotCounted() {
    limit(3);
    for (int i = 0; i < 3; i++) {
      threads.run(this::await);
    }
    for (int i = 0; i < 5; i++) {
      assertThatExceptionOfType(RejectedExecutionException.class)
          .isThrownBy(() -> threads.run(() -> {}))
          .withMessageContaining("3");
      assertThat(threads.active()).isEqualTo(3);
    }
    gate.countDown();
    Eventually.until(() -> threads.active() == 0, "the threads");
  }

  @Test
  void aFreePlaceCanBeTakenAtOnce() {
    // What active() says is what run() goes by: a place that was given back must not be refused.
    limit(1);
    for (int i = 0; i < 20_000; i++) {
      threads.run(() -> {});
      while (threads.active() != 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void thePlaceIsFreeBeforeTheEndIsHeardOf() throws Exception {
    limit(1);
    CompletableFuture<Integer> heard = new CompletableFuture<>();
    threads.run(() -> "done", (result, error) -> heard.complete(threads.active()));
    assertThat(get(heard)).isZero();
    CompletableFuture<Integer> heardOfFailure = new CompletableFuture<>();
    threads.run(
        () -> {
          throw new IOException("meant to fail");
        },
        (result, error) -> {
          assertThat(error).hasMessage("meant to fail");
          heardOfFailure.complete(threads.active());
        });
    assertThat(get(heardOfFailure)).isZero();
  }

  @Test
  void aTaskThatThrowsFreesItsPlace() throws Exception {
    limit(8);
    CompletableFuture<Void> thrown = new CompletableFuture<>();
    threads.run(
        () -> {
          // Quiet: the default handler would print what is meant to happen.
          Thread.currentThread().setUncaughtExceptionHandler((t, e) -> thrown.complete(null));
          throw new IllegalStateException("meant to fail");
        });
    get(thrown);
    Eventually.until(() -> threads.active() == 0, "the threads");
    CompletableFuture<Boolean> next = new CompletableFuture<>();
    threads.run(() -> next.complete(Thread.currentThread().isInterrupted()));
    assertThat(get(next)).isFalse();
  }

  @Test
  void interruptsTheThreadOfARunningTask() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Blocking.Task task =
        threads.run(
            () -> {
              running.countDown();
              try {
                gate.await();
                interrupted.complete(false);
              } catch (InterruptedException e) {
                interrupted.complete(true);
              }
            });
    Eventually.opens(running, "the task to run");
    task.interrupt();
    assertThat(get(interrupted)).isTrue();
  }

  @Test
  void interruptsOnlyTheTaskThatWasAskedFor() throws Exception {
    CompletableFuture<Boolean> other = new CompletableFuture<>();
    threads.run(
        () -> {
          await();
          other.complete(Thread.currentThread().isInterrupted());
        });
    CompletableFuture<Boolean> asked = new CompletableFuture<>();
    threads
        .run(
            () -> {
              try {
                gate.await();
                asked.complete(false);
              } catch (InterruptedException e) {
                asked.complete(true);
              }
            })
        .interrupt();
    assertThat(get(asked)).isTrue();
    gate.countDown();
    assertThat(get(other)).isFalse();
  }

  @Test
  void anInterruptBeforeTheTaskBeginsIsNotLost() throws Exception {
    // Nobody can hold a thread back before its first step, so the race is run many times.
    for (int i = 0; i < 2_000; i++) {
      CompletableFuture<Boolean> seen = new CompletableFuture<>();
      Blocking.Task task =
          threads.run(
              () -> {
                try {
                  seen.complete(!gate.await(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                  seen.complete(true);
                }
              });
      task.interrupt();
      assertThat(get(seen)).isTrue();
      Eventually.until(() -> threads.active() < 3, "the threads");
    }
  }

  @Test
  void theFlagNeverReachesTheNextTaskOfTheThread() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      CompletableFuture<Void> over = new CompletableFuture<>();
      // Takes no notice of its interrupt, so that the flag still stands when it returns.
      Blocking.Task task = threads.run(() -> over.complete(null));
      task.interrupt();
      get(over);
      Eventually.until(() -> threads.active() == 0, "the threads");
      CompletableFuture<Boolean> next = new CompletableFuture<>();
      threads.run(() -> next.complete(Thread.currentThread().isInterrupted()));
      task.interrupt(); // too late: it is over, and its thread may be with the next one
      assertThat(get(next)).isFalse();
      Eventually.until(() -> threads.active() == 0, "the threads");
    }
  }

  @Test
  void anInterruptOfWhatIsOverDoesNothing() throws Exception {
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    Blocking.Task task = threads.run(() -> ran.complete(Thread.currentThread()));
    Thread thread = get(ran);
    Eventually.until(() -> threads.active() == 0, "the threads");
    task.interrupt();
    task.interrupt();
    assertThat(thread.isInterrupted()).isFalse();
  }

  @Test
  void closingLeavesRunningTasksAlone() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    threads.run(
        () -> {
          await();
          interrupted.complete(Thread.currentThread().isInterrupted());
        });
    threads.close();
    assertThat(threads.active()).isEqualTo(1);
    gate.countDown();
    assertThat(get(interrupted)).isFalse();
  }

  @Test
  void whatALoopHandsOverBeginsAtTheEndOfItsTurn() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "the pool begins at once");
    limit(3);
    List<Runnable> endOfTurn = new ArrayList<>();
    List<CompletableFuture<Boolean>> interrupted =
        List.of(new CompletableFuture<>(), new CompletableFuture<>(), new CompletableFuture<>());
    CompletableFuture<Void> turn = new CompletableFuture<>();
    Thread loop =
        new Thread(
            () -> {
              TurnStarts.collectOnThisThread(endOfTurn::add);
              for (CompletableFuture<Boolean> one : interrupted) {
                Blocking.Task task =
                    threads.run(() -> one.complete(Thread.currentThread().isInterrupted()));
                if (one == interrupted.get(1)) {
                  task.interrupt();
                }
              }
              assertThatExceptionOfType(RejectedExecutionException.class)
                  .isThrownBy(() -> threads.run(() -> {}));
              turn.complete(null);
            });
    loop.setUncaughtExceptionHandler((thread, error) -> turn.completeExceptionally(error));
    loop.start();
    get(turn);
    assertThat(interrupted).noneMatch(CompletableFuture::isDone);
    assertThat(threads.active()).isEqualTo(3);
    assertThat(endOfTurn).hasSize(1);
    endOfTurn.get(0).run();
    assertThat(get(interrupted.get(0))).isFalse();
    assertThat(get(interrupted.get(1))).isTrue();
    assertThat(get(interrupted.get(2))).isFalse();
  }
}
