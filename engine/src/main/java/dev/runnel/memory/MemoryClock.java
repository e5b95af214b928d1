package dev.runnel.memory;

/** The time of a network in memory, and whoever runs its loop. */
public interface MemoryClock {
  /** The time in nanoseconds. Only differences mean anything; it never goes back. */
  long nanoTime();

  /** Something is to be done: the loop wants to run at the time that it is now. Any thread. */
  void wake();

  /**
   * The loop wants to run at this time, or later if the clock is coarser. Replaces what it said
   * before; {@link Long#MAX_VALUE} says that nothing waits. Told when the loop comes to rest.
   */
  void alarm(long nanoTime);
}
