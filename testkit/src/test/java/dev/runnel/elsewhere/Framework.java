package dev.runnel.elsewhere;

import java.util.concurrent.atomic.AtomicBoolean;

/** Stands in for code of the framework that runs on a blocking thread: it is not the testkit's. */
public final class Framework {
  private Framework() {}

  /** Computes until it is let go. */
  public static void computeUntil(AtomicBoolean goOn) {
    while (!goOn.get()) {
      Thread.onSpinWait();
    }
  }
}
