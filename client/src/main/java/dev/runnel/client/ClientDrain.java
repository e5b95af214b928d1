package dev.runnel.client;

import dev.runnel.io.Loop;
import dev.runnel.transport.ClientTransport;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The end of a client: calls under way have their time, then everything is closed. */
final class ClientDrain {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Pools pools;
  private final Loop loop;
  private final long until;
  private final CompletableFuture<Void> quiet = new CompletableFuture<>();

  private ClientDrain(Pools pools, Loop loop, Duration drain) {
    this.pools = pools;
    this.loop = loop;
    this.until = loop.nanoTime() + drain.toNanos();
  }

  static CompletableFuture<Void> start(
      Pools pools, ClientTransport transport, boolean closesTransport, Duration drain) {
    ClientDrain waiting = new ClientDrain(pools, transport.loop(), drain);
    waiting.look();
    return waiting.quiet.thenCompose(
        done -> {
          pools.closeNow();
          return closesTransport ? transport.closeAsync() : CompletableFuture.completedFuture(null);
        });
  }

  private void look() {
    if (pools.stats().calls() == 0 || loop.nanoTime() - until >= 0) {
      quiet.complete(null);
    } else {
      loop.schedule(this::look, LOOK);
    }
  }
}
