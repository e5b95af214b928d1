package dev.runnel.sse;

import dev.runnel.engine.ServerContext;
import dev.runnel.http.Request;
import java.util.concurrent.atomic.LongAdder;

/** Counts of all streams of events of a server. Safe from any thread. */
public final class SseStats {
  private static final Request.Key<SseStats> KEY = Request.Key.of("streams of events");

  private final LongAdder opened = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder slow = new LongAdder();

  private SseStats() {}

  /** The counts of this server, from its start on. */
  public static SseStats of(ServerContext server) {
    return server.shared(KEY, SseStats::new);
  }

  /** Streams that have begun. */
  public long opened() {
    return opened.sum();
  }

  /** Streams that run now. */
  public long active() {
    return opened.sum() - ended.sum();
  }

  /** Events that were dropped because their clients were slow. */
  public long dropped() {
    return dropped.sum();
  }

  /** Streams that were cancelled because their clients were slow. */
  public long slowConsumers() {
    return slow.sum();
  }

  void begin() {
    opened.increment();
  }

  void end() {
    ended.increment();
  }

  void drop() {
    dropped.increment();
  }

  void slow() {
    slow.increment();
  }
}
