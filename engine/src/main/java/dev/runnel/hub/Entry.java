package dev.runnel.hub;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A place in the course of a hub: a broadcast, or a loop that came or went. It names the loops that
 * have to pass it, and is done when all of them did.
 */
final class Entry<T> {
  /** Those who pass it; those that came later, or went before, do not. */
  List<LoopGroup<T>> groups = List.of();

  /** Counts up by one from entry to entry. */
  long number;

  volatile @Nullable Entry<T> next;
  private @Nullable Entry<T> previous;
  // Forgotten when done: the last entry lives as long as the hub, its message need not.
  private @Nullable Broadcast<T> broadcast;
  private final AtomicInteger open = new AtomicInteger();

  Entry(@Nullable Broadcast<T> broadcast) {
    this.broadcast = broadcast;
  }

  /** Puts it behind another, before anybody else sees it. */
  void follow(Entry<T> last, List<LoopGroup<T>> passing) {
    previous = last;
    number = last.number + 1;
    groups = passing;
    open.set(passing.size());
  }

  /** The message; none if a loop came or went, or when done. */
  @Nullable Broadcast<T> broadcast() {
    return broadcast;
  }

  /** Keeps it from being done until one more {@link #pass}; for whoever holds it open anyway. */
  void hold() {
    open.incrementAndGet();
  }

  /** One of those it waits for is through with it. The last one completes the broadcast's stage. */
  void pass() {
    if (open.decrementAndGet() == 0) {
      done();
    }
  }

  void done() {
    Entry<T> before = previous;
    previous = null;
    if (before != null) {
      // All have passed to here. An old entry that is garbage must not keep all that follow: once
      // the collector moved it to its old space, each of them would end up there too.
      before.next = null;
    }
    Broadcast<T> finished = broadcast;
    broadcast = null;
    if (finished != null) {
      finished.finish();
    }
  }
}
