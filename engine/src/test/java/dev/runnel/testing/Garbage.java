package dev.runnel.testing;

import java.lang.ref.Cleaner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The collector, for tests of what happens to forgotten objects. */
public final class Garbage {
  private static final Cleaner CLEANER = Cleaner.create();

  private Garbage() {}

  /**
   * Asks for a collection, and waits until its news is told: who asks again and again without a
   * pause leaves the threads that tell no time to run.
   */
  public static void collect() {
    CountDownLatch told = new CountDownLatch(1);
    register(told);
    System.gc();
    try {
      // Not for ever: the collector promises nothing, and who asked looks again anyway.
      boolean unused = told.await(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /** In a method of its own: no local variable may hold on to the object. */
  private static void register(CountDownLatch told) {
    CLEANER.register(new Object(), told::countDown);
  }
}
