package dev.runnel.testkit;

import dev.runnel.memory.MemoryClock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A clock that only the test moves, on the thread of the test. */
final class ManualDriver implements Driver, MemoryClock {
  /** How long what is not ours may take, by the wall clock. */
  private static final Duration FOREIGN = Duration.ofSeconds(10);

  private static final long LOOK_NANOS = 100_000;

  private volatile long now;
  private volatile boolean woken;
  private @Nullable MemoryGround ground;

  Driver on(MemoryGround made) {
    ground = made;
    return this;
  }

  private MemoryGround ground() {
    MemoryGround made = ground;
    if (made == null) {
      throw new IllegalStateException("not on a ground yet");
    }
    return made;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void wake() {
    woken = true;
  }

  @Override
  public void alarm(long nanoTime) {
    // the ground is asked when it is needed
  }

  @Override
  public void run() {
    woken = false;
    ground().run();
  }

  @Override
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time does not go back by " + time);
    }
    long until = now + time.toNanos();
    run();
    while (now < until) {
      now = Math.min(until, Math.max(now, ground().nextTimer()));
      run();
    }
  }

  @Override
  public boolean until(BooleanSupplier condition, Duration limit) {
    long until = now + limit.toNanos();
    run();
    while (!condition.getAsBoolean()) {
      awaitForeign(condition);
      if (condition.getAsBoolean()) {
        break;
      }
      long next = ground().nextTimer();
      if (next > until) {
        now = Math.max(now, until);
        run();
        return condition.getAsBoolean();
      }
      now = Math.max(now, next);
      run();
    }
    return true;
  }

  /** Virtual time stands still while blocking code waits for something else. */
  private void awaitForeign(BooleanSupplier condition) {
    long deadline = System.nanoTime() + FOREIGN.toNanos();
    String waits = ground().foreignWait();
    while (waits != null && !condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(
            "blocking code waits since "
                + FOREIGN
                + " of the wall clock, for nothing of ours"
                + waits);
      }
      LockSupport.parkNanos(LOOK_NANOS);
      if (woken) {
        run();
      }
      waits = ground().foreignWait();
    }
    if (woken) {
      run();
    }
  }
}
