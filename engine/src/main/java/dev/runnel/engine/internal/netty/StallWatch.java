package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Watches a peer that owes us room: if it takes no byte for a while it is gone, for all we know.
 */
final class StallWatch {
  /** How often such a peer is looked at: progress is noticed so late at most. */
  private static final long SAMPLE_NANOS = 1_000_000_000L;

  /** What Netty counts for an entry of its queue on top of the bytes. */
  private static final long ENTRY_OVERHEAD = 96;

  private final Channel channel;
  private final LoopServices services;
  private final LongSupplier passed;
  private final long limit;
  private final Runnable stalled;
  private final Deadline sample = new Deadline(this::look);
  private boolean watching;
  private long mark;
  private long since;

  /**
   * @param passed how many bytes were ever written to the channel
   * @param limit how long it may take nothing; ZERO is for ever
   * @param stalled told when it has
   */
  StallWatch(
      Channel channel,
      LoopServices services,
      LongSupplier passed,
      Duration limit,
      Runnable stalled) {
    this.channel = channel;
    this.services = services;
    this.passed = passed;
    this.limit = limit.toNanos();
    this.stalled = stalled;
  }

  static boolean hasUnsent(Channel channel) {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return unsent != null && unsent.size() > 0;
  }

  /** Something is unsent. */
  void begin() {
    if (!watching && limit > 0) {
      watching = true;
      mark = taken();
      since = services.loop().nanoTime();
      services.context.deadlines().arm(sample, Math.min(SAMPLE_NANOS, limit));
    }
  }

  private void look() {
    if (!hasUnsent(channel)) {
      watching = false;
      return;
    }
    long now = services.loop().nanoTime();
    long taken = taken();
    if (taken > mark) {
      since = now;
    }
    mark = taken;
    long left = limit - (now - since);
    if (left > 0) {
      services.context.deadlines().arm(sample, Math.min(SAMPLE_NANOS, left));
    } else {
      stalled.run();
    }
  }

  /**
   * Grows with what the peer takes, and with nothing else: the state of the queue alone is the same
   * again when as much was written as was taken, and is another when there was only written. Under
   * TLS what waits is a little more than was passed, and less is seen of what is taken.
   */
  private long taken() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    if (unsent == null) {
      return passed.getAsLong();
    }
    long waits = unsent.totalPendingWriteBytes() - ENTRY_OVERHEAD * unsent.size();
    return passed.getAsLong() - waits + unsent.currentProgress();
  }

  void end() {
    services.context.deadlines().remove(sample);
  }
}
