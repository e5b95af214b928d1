package dev.runnel.client;

import dev.runnel.io.Loop;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All connections of a client, by where they go. Safe from any thread. */
final class Pools {
  private final ClientTransport transport;
  private final PoolOptions options;
  private final Loop clock;
  private final Map<Destination, Pool> pools = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Pools(ClientTransport transport, PoolOptions options) {
    this.transport = transport;
    this.options = options;
    this.clock = transport.loop();
  }

  /**
   * Gives the ticket a place, now or later; null if it was refused because the client is closed.
   */
  @Nullable Pool acquire(Destination to, Ticket ticket) {
    while (!closed) {
      Pool pool = pools.computeIfAbsent(to, this::open);
      if (closed) {
        pool.close(); // made behind the back of close()
      } else if (pool.acquire(ticket)) {
        return pool;
      }
      pools.remove(to, pool);
    }
    ticket.refused(Failures.closed());
    return null;
  }

  private Pool open(Destination to) {
    return new Pool(to, transport, options, clock, () -> emptied(to));
  }

  private void emptied(Destination to) {
    Pool pool = pools.get(to);
    if (pool != null && pool.retire()) {
      pools.remove(to, pool);
    }
  }

  /** The time by which connections are old. */
  long now() {
    return clock.nanoTime();
  }

  PoolStats stats() {
    PoolStats sum = PoolStats.NONE;
    for (Pool pool : pools.values()) {
      sum = pool.stats(sum);
    }
    return sum;
  }

  void close() {
    closed = true;
    pools.values().forEach(Pool::close);
  }

  /** Gives up what is still under way. */
  void closeNow() {
    pools.values().forEach(Pool::closeNow);
    pools.clear();
  }
}
