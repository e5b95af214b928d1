package dev.runnel.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Others run by themselves; to wait is all that is left. */
final class WallDriver implements Driver {
  private static final long LOOK_NANOS = 1_000_000;

  @Override
  public void run() {
    // the server has threads
  }

  @Override
  public void advance(Duration time) {
    boolean unused = until(() -> false, time);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public boolean until(BooleanSupplier condition, Duration limit) {
    long deadline = nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (nanoTime() - deadline > 0) {
        return condition.getAsBoolean(); // this thread may have stood still since it asked
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }
}
