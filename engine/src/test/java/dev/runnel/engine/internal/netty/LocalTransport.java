package dev.runnel.engine.internal.netty;

import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.transport.TransportOptions;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.lang.reflect.Field;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.TimeUnit;

/**
 * Channels in memory under virtual time: Netty's own local ones, without halves, on a loop that
 * runs only when the test says so, by a clock that only the test moves.
 */
public final class LocalTransport {
  /** More turns than this without an end is a loop that feeds itself. */
  private static final int MAX_TURNS = 1_000_000;

  private final MockTicker ticker = Ticker.newMockTicker();
  private final Loop loop = new Loop(ticker);
  private final LocalAddress address = new LocalAddress(LocalTransport.class);

  /** Starts a server in this memory. */
  public NettyServer start(ServerState state) {
    return start(state, null);
  }

  /** Starts a server in this memory, with TLS unless it is null. */
  public NettyServer start(ServerState state, Tls tls) {
    TransportKit kit =
        new TransportKit("memory", loop, LocalServerChannel.class, null, loop, Duration.ZERO);
    NettyServer server =
        NettyServer.start(
            state, kit, LocalServerChannel::new, Collections.singletonMap(address, tls), false);
    run();
    return server;
  }

  /** A client in this memory: whatever it dials is the server here. */
  public NettyClient client(TransportOptions options) {
    return client(options, ClientMachines.HTTP);
  }

  NettyClient client(TransportOptions options, ClientMachines machines) {
    TransportKit kit =
        new TransportKit("memory", loop, LocalServerChannel.class, null, loop, Duration.ZERO);
    return NettyClient.open(
        options,
        new ClientKit(
            kit,
            LocalChannel.class,
            null,
            null,
            false,
            place -> place instanceof LocalAddress ? place : address,
            null),
        machines);
  }

  /** Options that have the same clock as the loop. */
  public ServerOptions.Builder options() {
    return ServerOptions.builder()
        .watchdog(Duration.ZERO)
        .wallClock(() -> java.time.Instant.EPOCH.plusNanos(ticker.nanoTime()));
  }

  /** Where the server listens. */
  public SocketAddress address() {
    return address;
  }

  /** The loop, for client channels. */
  public ManualIoEventLoop loop() {
    return loop;
  }

  /** Runs all that is ready. */
  public void run() {
    for (int turn = 0; loop.runNow() > 0; turn++) {
      if (turn > MAX_TURNS) {
        throw new AssertionError("the loop does not come to rest");
      }
    }
  }

  /** Lets time pass, stopping wherever a timer is due. */
  public void advance(Duration duration) {
    long left = duration.toNanos();
    run();
    while (left > 0) {
      long step = Math.min(left, Math.max(1, loop.untilNextTimer()));
      ticker.advance(step, TimeUnit.NANOSECONDS);
      left -= step;
      run();
    }
  }

  /** The virtual time in nanoseconds. */
  public long now() {
    return ticker.nanoTime();
  }

  /** How many timers are set that were not cancelled. */
  public int timers() {
    return loop.timers();
  }

  private static final class Loop extends ManualIoEventLoop {
    Loop(Ticker ticker) {
      super(null, Thread.currentThread(), PromptShutdown.of(LocalIoHandler.newFactory()), ticker);
    }

    /** Netty keeps the queue to its own package. */
    int timers() {
      try {
        Field queue = AbstractScheduledEventExecutor.class.getDeclaredField("scheduledTaskQueue");
        queue.setAccessible(true);
        Collection<?> timers = (Collection<?>) queue.get(this);
        return timers == null ? 0 : timers.size();
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("Netty keeps its timers elsewhere now", e);
      }
    }

    long untilNextTimer() {
      long nanos = nextScheduledTaskNano();
      return nanos < 0 ? Long.MAX_VALUE : nanos;
    }
  }
}
