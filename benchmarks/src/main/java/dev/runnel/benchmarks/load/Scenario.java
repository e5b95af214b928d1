package dev.runnel.benchmarks.load;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** What the connections do. All but {@link #ready} runs on the one loop. */
interface Scenario {
  /** One of the many connections. */
  Connection connection();

  /** A connection beside the many, or null. */
  default @Nullable Connection extra() {
    return null;
  }

  /** All are open. Not on the loop: it may wait for what comes before the measurement. */
  default void ready(EventLoop loop) throws Exception {}

  /** The load begins, and with it what it needs to get warm. */
  void begin();

  /** The measurement begins: what was counted before does not count. */
  default void mark() {}

  Tally tally();
}
