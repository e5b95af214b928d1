package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;

/**
 * Watches a peer that owes us room: if it takes no byte for a while it is gone, for all we know.
 */
final class StallWatch {
  /** How often such a peer is looked at: progress is noticed so late at most. */
  private static final long SAMPLE_NANOS = 1_000_000_000L;

  private final Channel channel;
  private final LoopServices services;
  private final long limit;
  private final Runnable stalled;
  private final Deadline sample = new Deadline(this::look);
  private boolean watching;
  private long mark;
  private long since;

  /**
   * @param limit how long it may take nothing; ZERO is for ever
   * @param stalled told when it has
   */
  StallWatch(Channel channel, LoopServices services, Duration limit, Runnable stalled) {
    this.channel = channel;
    this.services = services;
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
      progressed(services.loop().nanoTime());
      services.context.deadlines().arm(sample, Math.min(SAMPLE_NANOS, limit));
    }
  }

  private void look() {
    if (!hasUnsent(channel)) {
      watching = false;
      return;
    }
    long now = services.loop().nanoTime();
    if (progress() != mark) {
      progressed(now);
    }
    long left = limit - (now - since);
    if (left > 0) {
      services.context.deadlines().arm(sample, Math.min(SAMPLE_NANOS, left));
    } else {
      stalled.run();
    }
  }

  private void progressed(long now) {
    mark = progress();
    since = now;
  }

  /** Changes with every byte that the peer takes. */
  private long progress() {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    return unsent == null
        ? 0
        : unsent.currentProgress() + 31 * (unsent.totalPendingWriteBytes() + 31L * unsent.size());
  }

  void end() {
    services.context.deadlines().remove(sample);
  }
}
