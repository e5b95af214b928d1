package dev.runnel.testing;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.netty.MemoryTransport;
import dev.runnel.engine.internal.netty.NettyServer;
import dev.runnel.transport.TransportOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;

/**
 * A server in memory under virtual time. Closing it is the leak check: no call and no connection
 * may be left.
 */
public final class MemoryServer implements AutoCloseable {
  private final MemoryTransport memory = new MemoryTransport();
  private final BlockingThreads blocking;
  private final NettyServer server;

  private MemoryServer(Handler handler, Tls tls, Consumer<ServerOptions.Builder> set) {
    ServerOptions.Builder builder = memory.options();
    set.accept(builder);
    ServerOptions options = builder.build();
    blocking = new BlockingThreads(options.limits().blockingCalls());
    server = memory.start(new ServerState(options, handler, blocking), tls);
  }

  /** A server with default options. */
  public static MemoryServer start(Handler handler) {
    return new MemoryServer(handler, null, options -> {});
  }

  /** A server with these options. */
  public static MemoryServer start(Handler handler, Consumer<ServerOptions.Builder> set) {
    return new MemoryServer(handler, null, set);
  }

  /** A server that speaks TLS. */
  public static MemoryServer start(Handler handler, Tls tls, Consumer<ServerOptions.Builder> set) {
    return new MemoryServer(handler, tls, set);
  }

  /** A new connection, in clear. */
  public MemoryPeer connect() {
    return new MemoryPeer(this, memory, null);
  }

  /** A new connection with TLS; the handshake goes as far as it can. */
  public MemoryPeer connect(SSLEngine tls) {
    return new MemoryPeer(this, memory, tls);
  }

  /** A client on the same loop, whose every connection goes here. */
  public MemoryClient client(TransportOptions options) {
    return new MemoryClient(this, memory, options);
  }

  /** Runs all that is ready. */
  public void run() {
    memory.run();
  }

  /** Lets virtual time pass. */
  public void advance(Duration duration) {
    memory.advance(duration);
  }

  /** The virtual time in nanoseconds. */
  public long now() {
    return memory.now();
  }

  /**
   * Runs until this holds; waits for foreign threads by the wall clock, because they have no other.
   */
  public void until(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + Peer.PATIENCE.toNanos();
    run();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain for " + what);
      }
      Thread.onSpinWait();
      run();
    }
  }

  /** How many timers are set on the loop, of whatever side. */
  public int timers() {
    return memory.timers();
  }

  /** How many calls are not over. */
  public int calls() {
    return server.calls();
  }

  /** How many connections are open. */
  public int connections() {
    return server.connections();
  }

  /** What all loops share. */
  public ServerState state() {
    return server.state();
  }

  /** Asks the server to stop, and lets it do nothing about it yet. */
  public CompletableFuture<DrainReport> askToStop(Duration drain) {
    return server.stop(drain);
  }

  /** Whether the server was told to stop. */
  public boolean isStopping() {
    return server.isStopping();
  }

  /** Stops the server; the report comes as virtual time passes. */
  public CompletableFuture<DrainReport> stop(Duration drain) {
    CompletableFuture<DrainReport> report = askToStop(drain);
    run();
    return report;
  }

  @Override
  public void close() {
    CompletableFuture<DrainReport> report = stop(Duration.ZERO);
    advance(Duration.ofSeconds(5));
    if (!report.isDone() || calls() != 0 || connections() != 0) {
      throw new AssertionError(
          "left behind: "
              + calls()
              + " calls, "
              + connections()
              + " connections, report "
              + report);
    }
    blocking.close();
  }
}
