package dev.runnel.testkit;

import java.util.List;
import java.util.function.IntSupplier;

/** The calls of a test server. */
public final class Calls {
  private final IntSupplier active;
  private final Observations seen;

  Calls(IntSupplier active, Observations seen) {
    this.active = active;
    this.seen = seen;
  }

  /** How many are not over: their handlers run, or their answers are being sent. */
  public int active() {
    return active.getAsInt();
  }

  /** How many began. */
  public int begun() {
    return seen.calls().size();
  }

  /** All of them, in the order in which they began. */
  public List<ObservedCall> all() {
    return seen.calls();
  }

  /** The one that began last. */
  public ObservedCall last() {
    List<ObservedCall> all = seen.calls();
    if (all.isEmpty()) {
      throw new AssertionError("no call began yet");
    }
    return all.get(all.size() - 1);
  }
}
