package dev.runnel.client;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/** Counts bytes, and tells a listener so many times a second at most. On one thread. */
final class ProgressMeter {
  private static final long SECOND = 1_000_000_000L;
  private static final long WINDOW = 5 * SECOND;
  // 20 samples over the window: the rate is off by a twentieth at most.
  private static final long SAMPLE = WINDOW / 20;

  private record Sample(long at, long bytes) {}

  private final Progress.Listener listener;
  private final LongSupplier nanoTime;
  private final long interval;
  private final long total;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long bytes;
  private long reportedAt;
  private boolean reported;
  private boolean ended;

  ProgressMeter(
      Progress.Listener listener, int perSecond, long begin, long total, LongSupplier nanoTime) {
    this.listener = listener;
    this.interval = SECOND / perSecond;
    this.bytes = begin;
    this.total = total;
    this.nanoTime = nanoTime;
    samples.add(new Sample(nanoTime.getAsLong(), begin));
  }

  void add(int count) {
    bytes += count;
    long now = nanoTime.getAsLong();
    if (now - samples.getLast().at >= SAMPLE) {
      samples.add(new Sample(now, bytes));
    }
    if (!reported || now - reportedAt >= interval) {
      report(now);
    }
  }

  /** All is done, which is always said, and once. */
  void end() {
    if (!ended) {
      ended = true;
      report(nanoTime.getAsLong());
    }
  }

  private void report(long now) {
    reported = true;
    reportedAt = now;
    listener.onProgress(new Progress(bytes, total, rate(now)));
  }

  /** From the youngest sample that is as old as the window, or the first, until now. */
  private double rate(long now) {
    while (samples.size() > 1 && now - second().at >= WINDOW) {
      samples.removeFirst();
    }
    Sample since = samples.getFirst();
    return now == since.at ? 0 : (bytes - since.bytes) * (double) SECOND / (now - since.at);
  }

  private Sample second() {
    var iterator = samples.iterator();
    iterator.next();
    return iterator.next();
  }
}
