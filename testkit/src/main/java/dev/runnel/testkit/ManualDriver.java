package dev.runnel.testkit;

import dev.runnel.memory.MemoryClock;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A clock that only the test moves, on the thread of the test. */
final class ManualDriver implements Driver, MemoryClock {
  private volatile long now;
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
    // the ground knows, and is asked when it is needed
  }

  @Override
  public void alarm(long nanoTime) {
    // the ground is asked when it is needed
  }

  @Override
  public void run() {
    boolean unused = ground().run();
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
      boolean stands = ground().timeStands();
      // Behind that: what waited for others may have come back and be waiting for the loop by now.
      if (ground().run() || stands) {
        continue;
      }
      failIfInVain();
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

  private void failIfInVain() {
    String waits = ground().waitedInVain();
    if (waits != null) {
      throw new AssertionError(
          "blocking code waits since "
              + MemoryGround.COMPUTING
              + " of the wall clock, for nothing of ours"
              + waits);
    }
  }
}
