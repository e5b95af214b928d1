package dev.runnel.hub;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a hub, written by its loops. */
final class HubCounters {
  final AtomicInteger subscribers = new AtomicInteger();
  final LongAdder broadcasts = new LongAdder();
  final LongAdder delivered = new LongAdder();
  final LongAdder dropped = new LongAdder();
  final LongAdder closedSlow = new LongAdder();

  HubStats read() {
    return new HubStats(
        subscribers.get(), broadcasts.sum(), delivered.sum(), dropped.sum(), closedSlow.sum());
  }
}
