package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineSweepTest {
  private static final long TICK = 1_000;

  private final FakeLoop loop = new FakeLoop(0);
  private final List<String> fired = new ArrayList<>();
  private final DeadlineSweep ticking = new DeadlineSweep(loop, Duration.ofNanos(TICK));
  private final DeadlineSweep exact = new DeadlineSweep(loop, Duration.ZERO);

  private Deadline named(String name) {
    return new Deadline(() -> fired.add(name + "@" + loop.nanoTime()));
  }

  @Test
  void theOnlyDeadlineIsMetExactly() {
    ticking.arm(named("a"), 500);
    loop.advance(499);
    assertThat(fired).isEmpty();
    loop.advance(1);
    assertThat(fired).containsExactly("a@500");
    loop.advance(10 * TICK);
    assertThat(fired).hasSize(1);
    assertThat(loop.waiting()).isZero();
  }

  @Test
  void deadlinesOfOneTickShareASweep() {
    ticking.arm(named("a"), 100);
    ticking.arm(named("b"), 101);
    ticking.arm(named("c"), 100 + TICK);
    loop.advance(99 + TICK);
    // b was due at 101, but the sweep of a makes it wait for the next one.
    assertThat(fired).containsExactly("a@100");
    loop.advance(1);
    assertThat(fired).containsExactly("a@100", "b@1100", "c@1100");
  }

  @Test
  void tickZeroMeetsEachDeadlineExactly() {
    exact.arm(named("c"), 300);
    exact.arm(named("a"), 100);
    exact.arm(named("b"), 101);
    loop.advance(1_000);
    assertThat(fired).containsExactly("a@100", "b@101", "c@300");
  }

  @Test
  void aDeadlineThatIsAlreadyDueFiresWithoutTimePassingButNotWithinArm() {
    exact.arm(named("now"), 0);
    exact.arm(named("past"), -5);
    assertThat(fired).isEmpty();
    loop.advance(0);
    assertThat(fired).containsExactlyInAnyOrder("now@0", "past@0");
  }

  @Test
  void movingADeadlineBackOrForthCountsFromNow() {
    Deadline later = named("later");
    Deadline sooner = named("sooner");
    exact.arm(later, 100);
    exact.arm(sooner, 1_000);
    loop.advance(50);
    exact.arm(later, 100);
    exact.arm(sooner, 10);
    loop.advance(2_000);
    assertThat(fired).containsExactly("sooner@60", "later@150");
  }

  @Test
  void aDisarmedDeadlineNeverFiresAndCanBeArmedAgain() {
    Deadline a = named("a");
    exact.arm(a, 100);
    exact.disarm(a);
    loop.advance(200);
    assertThat(fired).isEmpty();
    exact.arm(a, 100);
    loop.advance(200);
    assertThat(fired).containsExactly("a@300");
  }

  @Test
  void disarmingWhatWasNeverArmedDoesNothing() {
    Deadline a = named("a");
    exact.disarm(a);
    exact.remove(a);
    exact.remove(a);
    loop.advance(100);
    assertThat(fired).isEmpty();
  }

  @Test
  void aRemovedDeadlineNeverFiresItsNeighboursDoAndItCanBeArmedAgain() {
    Deadline b = named("b");
    exact.arm(named("a"), 100);
    exact.arm(b, 100);
    exact.arm(named("c"), 100);
    exact.remove(b);
    loop.advance(100);
    assertThat(fired).containsExactlyInAnyOrder("a@100", "c@100");
    exact.arm(b, 5);
    loop.advance(5);
    assertThat(fired).endsWith("b@105").hasSize(3);
  }

  @Test
  void anExpiryMayArmItselfAgain() {
    Deadline[] self = new Deadline[1];
    self[0] =
        new Deadline(
            () -> {
              fired.add("@" + loop.nanoTime());
              exact.arm(self[0], 100);
            });
    exact.arm(self[0], 100);
    loop.advance(350);
    assertThat(fired).containsExactly("@100", "@200", "@300");
  }

  @Test
  void anExpiryMayArmItselfForAtOnceWithoutStarvingOthers() {
    Deadline[] self = new Deadline[1];
    int[] left = {3};
    self[0] =
        new Deadline(
            () -> {
              fired.add("self");
              if (left[0]-- > 0) {
                exact.arm(self[0], 0);
              }
            });
    exact.arm(self[0], 10);
    exact.arm(named("other"), 10);
    loop.advance(10);
    assertThat(fired).containsExactly("self", "other@10", "self", "self", "self");
  }

  @Test
  void anExpiryDisarmsAnotherOfTheSameSweep() {
    Deadline b = named("b");
    exact.arm(new Deadline(() -> exact.disarm(b)), 100);
    exact.arm(b, 100);
    loop.advance(1_000);
    assertThat(fired).isEmpty();
  }

  @Test
  void anExpiryRemovesAnotherOfTheSameSweep() {
    Deadline b = named("b");
    exact.arm(new Deadline(() -> exact.remove(b)), 100);
    exact.arm(b, 100);
    exact.arm(named("c"), 100);
    loop.advance(1_000);
    assertThat(fired).containsExactly("c@100");
  }

  @Test
  void anExpiryMovesAnotherOfTheSameSweep() {
    Deadline b = named("b");
    exact.arm(new Deadline(() -> exact.arm(b, 50)), 100);
    exact.arm(b, 100);
    loop.advance(1_000);
    assertThat(fired).containsExactly("b@150");
  }

  @Test
  void anExpiryMovesAndThenDropsAnotherOfTheSameSweep() {
    Deadline b = named("b");
    exact.arm(
        new Deadline(
            () -> {
              exact.arm(b, 50);
              exact.disarm(b);
            }),
        100);
    exact.arm(b, 100);
    loop.advance(1_000);
    assertThat(fired).isEmpty();
  }

  private static void failWith(String kind) {
    switch (kind) {
      case "exception" -> throw new IllegalStateException("meant to fail");
      case "assertion" -> throw new AssertionError("meant to fail");
      case "stack" -> throw new StackOverflowError("meant to fail");
      default -> throw new OutOfMemoryError("meant to fail");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exception", "assertion", "stack", "memory"})
  void oneThatThrowsDoesNotStopTheOthers(String kind) {
    exact.arm(named("a"), 100);
    exact.arm(new Deadline(() -> failWith(kind)), 100);
    exact.arm(named("b"), 100);
    exact.arm(named("c"), 200);
    loop.advance(1_000);
    assertThat(fired).containsExactly("a@100", "b@100", "c@200");
  }

  @ParameterizedTest
  // System.nanoTime may start anywhere and overflow; only differences mean anything.
  @ValueSource(longs = {Long.MIN_VALUE, -50, Long.MAX_VALUE - 50, Long.MAX_VALUE - 2_050})
  void theClockMayStartAnywhere(long start) {
    FakeLoop odd = new FakeLoop(start);
    DeadlineSweep sweep = new DeadlineSweep(odd, Duration.ofNanos(TICK));
    List<Long> at = new ArrayList<>();
    sweep.arm(new Deadline(() -> at.add(odd.nanoTime() - start)), 40);
    sweep.arm(new Deadline(() -> at.add(odd.nanoTime() - start)), 3_000);
    sweep.arm(new Deadline(() -> at.add(odd.nanoTime() - start)), 60);
    odd.advance(39);
    assertThat(at).isEmpty();
    odd.advance(10_000);
    assertThat(at).hasSize(3);
    assertThat(at.get(0)).isEqualTo(40);
    assertThat(at.get(1)).isBetween(60L, 60 + TICK);
    assertThat(at.get(2)).isBetween(3_000L, 3_000 + TICK);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, 100})
  void tenThousandMovingDeadlinesFireLikeTheNaiveModel(long tick) {
    DeadlineSweep sweep = new DeadlineSweep(loop, Duration.ofNanos(tick));
    Random random = new Random(20_240_601);
    int count = 10_000;
    // The model: when each one is due, and nothing else.
    long[] due = new long[count];
    Arrays.fill(due, DeadlineSweep.NEVER);
    int[] fires = new int[1];
    List<String> wrong = new ArrayList<>();
    Deadline[] deadlines = new Deadline[count];
    for (int i = 0; i < count; i++) {
      int index = i;
      deadlines[i] =
          new Deadline(
              () -> {
                fires[0]++;
                long late = loop.nanoTime() - due[index];
                if (due[index] == DeadlineSweep.NEVER || late < 0 || late > tick) {
                  wrong.add(index + " due " + due[index] + " fired " + loop.nanoTime());
                }
                due[index] = DeadlineSweep.NEVER;
              });
    }
    for (int step = 0; step < 300; step++) {
      for (int moves = 0; moves < 200; moves++) {
        int index = random.nextInt(count);
        int what = random.nextInt(10);
        if (what == 0) {
          sweep.disarm(deadlines[index]);
          due[index] = DeadlineSweep.NEVER;
        } else if (what == 1) {
          sweep.remove(deadlines[index]);
          due[index] = DeadlineSweep.NEVER;
        } else {
          long after = random.nextInt(2_000);
          sweep.arm(deadlines[index], after);
          due[index] = loop.nanoTime() + after;
        }
      }
      loop.advance(random.nextInt(60));
      // None may be left that should have fired by now.
      for (int i = 0; i < count; i++) {
        if (due[i] != DeadlineSweep.NEVER && due[i] + tick < loop.nanoTime()) {
          wrong.add(i + " due " + due[i] + " missed at " + loop.nanoTime());
        }
      }
      assertThat(wrong).isEmpty();
    }
    loop.advance(10_000);
    assertThat(wrong).isEmpty();
    assertThat(due).containsOnly(DeadlineSweep.NEVER);
    assertThat(fires[0]).isGreaterThan(count);
  }

  @Test
  void manyDeadlinesNeedOneTimer() {
    for (int i = 0; i < 100; i++) {
      ticking.arm(named("d" + i), 10_000 - i);
    }
    assertThat(loop.waiting()).isEqualTo(1);
  }

  /** A loop whose clock only the test moves, and that runs on the thread of the test. */
  static final class FakeLoop implements Loop {
    private final List<FakeTimer> timers = new ArrayList<>();
    private long now;

    FakeLoop(long start) {
      now = start;
    }

    /** Lets time pass, stopping wherever a timer is due. */
    void advance(long nanos) {
      long left = nanos;
      for (FakeTimer next = next(); next != null && next.at - now <= left; next = next()) {
        long step = Math.max(0, next.at - now);
        now += step;
        left -= step;
        timers.remove(next);
        next.task.run();
      }
      now += left;
    }

    int waiting() {
      return timers.size();
    }

    private FakeTimer next() {
      FakeTimer earliest = null;
      for (FakeTimer timer : timers) {
        if (earliest == null || timer.at - earliest.at < 0) {
          earliest = timer;
        }
      }
      return earliest;
    }

    @Override
    public void execute(Runnable task) {
      schedule(task, Duration.ZERO);
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public Timer schedule(Runnable task, Duration delay) {
      FakeTimer timer = new FakeTimer(now + delay.toNanos(), task);
      timers.add(timer);
      return () -> timers.remove(timer);
    }

    @Override
    public long nanoTime() {
      return now;
    }
  }

  // Compared by identity on purpose: two tasks may wait for the same time.
  private static final class FakeTimer {
    private final long at;
    private final Runnable task;

    FakeTimer(long at, Runnable task) {
      this.at = at;
      this.task = task;
    }
  }
}
