package dev.runnel.engine.internal.netty;

import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.WireFaults;
import dev.runnel.transport.TransportOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;

/**
 * A server in memory under virtual time: real codecs on a loop that runs only when the test says
 * so, by a clock that only the test moves.
 */
public final class MemoryTransport {
  private static final int PORT = 80;

  private final Clock clock = new Clock();
  private final MemoryNetty network = new MemoryNetty(clock, 0, false, () -> WireFaults.NONE);

  private static final class Clock implements MemoryClock {
    private volatile long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void wake() {
      // the test says when it runs
    }

    @Override
    public void alarm(long nanoTime) {
      // the test moves the clock, and asks where to stop
    }
  }

  /** Starts a server in this memory, with TLS unless it is null. */
  public NettyServer start(ServerState state, Tls tls) {
    return network.serve(state, Collections.singletonMap(PORT, tls));
  }

  /** A client in this memory: whatever it dials is the server here. */
  public NettyClient client(TransportOptions options) {
    return network.client(options, new BlockingThreads(64));
  }

  /** Options that have the same clock as the loop. */
  public ServerOptions.Builder options() {
    return ServerOptions.builder()
        .watchdog(Duration.ZERO)
        .wallClock(() -> Instant.EPOCH.plusNanos(clock.now));
  }

  /** Where the server listens. */
  public SocketAddress address() {
    return new MemoryAddress(network, PORT);
  }

  /** What makes the channels of raw clients. */
  public ChannelFactory<Channel> channels() {
    return () -> new MemoryChannel(network);
  }

  /** The loop, for client channels. */
  public EventLoop loop() {
    return ((NettyLoop) network.loop()).eventLoop();
  }

  /** Runs all that is ready. */
  public void run() {
    network.run();
  }

  /** Lets time pass, stopping wherever a timer is due. */
  public void advance(Duration duration) {
    long until = clock.now + duration.toNanos();
    run();
    while (clock.now < until) {
      clock.now = Math.min(until, Math.max(clock.now + 1, network.nextTimer()));
      run();
    }
  }

  /** The virtual time in nanoseconds. */
  public long now() {
    return clock.now;
  }

  /** How many timers are set that were not cancelled. */
  public int timers() {
    return network.timers();
  }
}
