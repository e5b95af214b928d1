package dev.runnel.transport.memory;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.internal.netty.NettyServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A server on a network in memory. */
public final class MemoryServer {
  private final NettyServer server;

  MemoryServer(NettyServer server) {
    this.server = server;
  }

  /** How many calls are not over. */
  public int calls() {
    return server.calls();
  }

  /** How many connections are open. */
  public int connections() {
    return server.connections();
  }

  /** How much work runs that no call waits for. */
  public int detached() {
    return server.state().detachedWork().active();
  }

  /** Bytes of bodies that are held for slow peers. */
  public long held() {
    return server.state().held();
  }

  /** Whether it was told to stop. */
  public boolean isStopping() {
    return server.isStopping();
  }

  /**
   * Stops in order; the report comes as time passes.
   *
   * @param drain how long calls may take to finish
   */
  public CompletableFuture<DrainReport> stop(Duration drain) {
    return server.stop(drain).copy();
  }

  /** Accepts no more connections until {@link #resume()}. */
  public void pause() {
    server.pause();
  }

  /** Accepts connections again. */
  public void resume() {
    server.resume();
  }
}
