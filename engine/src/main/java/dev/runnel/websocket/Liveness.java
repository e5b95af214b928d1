package dev.runnel.websocket;

import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether the peer is still there: asked with a ping when nothing was read for a while, given up
 * when nothing comes then. Anything received is a sign of life. One timer, set when it fires.
 */
final class Liveness {
  private static final long SECOND = 1_000_000_000L;

  private final Loop loop;
  private final FrameOptions options;
  private final BooleanSupplier reads;
  private final Runnable ping;
  private final Runnable gone;
  private Loop.@Nullable Timer timer;
  private long receivedAt;
  private boolean asks;
  private boolean asked;
  private boolean over;
  private long pingsSince;
  private int pings;

  /**
   * @param ping sends a ping, and calls {@link #asked()} when that was done
   * @param reads whether what the peer sends is read, and not held back for a slow consumer
   */
  Liveness(Loop loop, FrameOptions options, BooleanSupplier reads, Runnable ping, Runnable gone) {
    this.loop = loop;
    this.options = options;
    this.reads = reads;
    this.ping = ping;
    this.gone = gone;
  }

  void start() {
    if (over) {
      return; // closed as soon as it was open
    }
    received();
    pingsSince = receivedAt;
    if (!options.pingAfter().isZero()) {
      wait(options.pingAfter());
    }
  }

  void stop() {
    over = true;
    cancelTimer();
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** A ping is on its way: from now on the peer has its time. */
  void asked() {
    asks = false;
    asked = true;
    cancelTimer();
    wait(options.pongWithin());
  }

  /** Something came, or could not have come because we did not read. */
  void received() {
    receivedAt = loop.nanoTime();
    asked = false;
  }

  /** The peer sent a ping. */
  void pinged() {
    long now = loop.nanoTime();
    if (now - pingsSince >= SECOND) {
      pingsSince = now;
      pings = 0;
    }
    if (++pings > options.maxPings() && options.maxPings() > 0) {
      throw new FrameError(
          CloseReason.POLICY_VIOLATION, "more than " + options.maxPings() + " pings a second");
    }
  }

  private void wait(Duration time) {
    timer = loop.schedule(this::look, time);
  }

  private void look() {
    timer = null;
    if (!reads.getAsBoolean()) {
      received(); // its answer may wait behind what we do not read
    }
    Duration silent = Duration.ofNanos(loop.nanoTime() - receivedAt);
    if (asked) {
      gone.run();
    } else if (asks) {
      wait(options.pongWithin()); // it takes nothing: that has limits of its own
    } else if (silent.compareTo(options.pingAfter()) >= 0) {
      asks = true;
      wait(options.pongWithin());
      ping.run();
    } else {
      wait(options.pingAfter().minus(silent));
    }
  }
}
