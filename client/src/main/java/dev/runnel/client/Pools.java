package dev.runnel.client;

import dev.runnel.engine.LoopLife;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All connections of a client, by where they go. Safe from any thread. */
final class Pools {
  private final ClientTransport transport;
  private final PoolOptions options;
  private final Loop clock;
  private final Map<Destination, Pool> pools = new ConcurrentHashMap<>();
  // Of what took a connection over: that has no end of its own, and has to hear of ours.
  private final Set<LoopLife> upgraded = ConcurrentHashMap.newKeySet();
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

  /** A connection of this loop speaks another protocol now; its life hears of the stop. */
  LoopLife begin(Loop loop) {
    LoopLife life = new LoopLife(loop);
    upgraded.add(life);
    if (closed) {
      life.stop(); // begun behind the back of close()
    }
    return life;
  }

  /** That is over. */
  void end(LoopLife life) {
    upgraded.remove(life);
  }

  void close() {
    closed = true;
    upgraded.forEach(life -> life.loop().execute(life::stop));
    pools.values().forEach(Pool::close);
  }

  /** Gives up what is still under way. */
  void closeNow() {
    pools.values().forEach(Pool::closeNow);
    pools.clear();
  }
}
