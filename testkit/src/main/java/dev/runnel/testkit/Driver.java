package dev.runnel.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Who lets time pass while a test waits. */
interface Driver {
  /** Runs all that is ready now. */
  void run();

  /** Lets this much time pass. */
  void advance(Duration time);

  /** The time in nanoseconds. */
  long nanoTime();

  /**
   * Lets things happen until this holds, and says whether it does; not longer than this time.
   *
   * @throws AssertionError if nothing can happen any more
   */
  boolean until(BooleanSupplier condition, Duration limit);
}
