package dev.runnel.hub;

/** A subscriber's place in a hub. */
public interface Subscription {
  /**
   * Ends it. Messages that wait in the subscriber's queue are still sent; those that wait for a
   * place in it ({@link Overflow#SUSPEND}) are not. Takes effect at once on the subscriber's loop;
   * from another thread, when that loop comes to it. Does nothing if it is over.
   */
  void leave();

  /**
   * Whether it ended: by {@link #leave}, because of slowness, or with the subscriber. Any thread.
   */
  boolean isOver();
}
