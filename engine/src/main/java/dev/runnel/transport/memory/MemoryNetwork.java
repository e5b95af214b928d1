package dev.runnel.transport.memory;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.netty.MemoryNetty;
import dev.runnel.io.Loop;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.Trace;
import dev.runnel.memory.WireEnd;
import dev.runnel.memory.WireFaults;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Resolver;
import dev.runnel.transport.TransportOptions;
import java.net.ConnectException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory: the real codecs of server and client on one loop, under a clock that
 * somebody else moves, with faults on its wires. Everything runs on the thread that calls {@link
 * #run()}; what comes from other threads, or from outside of a run, waits for the next one.
 */
public final class MemoryNetwork {
  /** Where servers here speak in clear. */
  public static final int PORT = 80;

  /** Where servers here speak TLS, if they do. */
  public static final int TLS_PORT = 443;

  private final MemoryNetty network;
  private final long seed;

  /**
   * A network without anybody in it.
   *
   * @param seed of all that is random: pieces, turns, ids of calls
   * @param shuffled whether connections that are ready at the same time take turns at random
   * @param faults asked what happens to each connection that a client makes
   */
  public MemoryNetwork(
      MemoryClock clock, long seed, boolean shuffled, Supplier<WireFaults> faults) {
    this.seed = seed;
    this.network = new MemoryNetty(clock, seed, shuffled, faults);
  }

  /**
   * Starts a server on port 80, and with TLS on port 443 too.
   *
   * @param options its clock should be that of this network, and its watchdog off
   * @param blocking where its blocking code runs
   */
  public MemoryServer serve(
      ServerOptions options, Handler handler, Blocking blocking, @Nullable Tls tls) {
    Map<Integer, @Nullable Tls> ports = new HashMap<>();
    ports.put(PORT, null);
    if (tls != null) {
      ports.put(TLS_PORT, tls);
    }
    return new MemoryServer(
        network.serve(new ServerState(options, handler, blocking, Long.hashCode(seed)), ports));
  }

  /**
   * A client's transport. Every host is here, and the port says where: without a resolver of the
   * options', no name is looked up.
   *
   * @param blocking where files of certificates are read
   */
  public ClientTransport client(TransportOptions options, Blocking blocking) {
    Resolver chosen = options.resolver();
    List<InetAddress> here = List.of(InetAddress.getLoopbackAddress());
    return network.client(
        chosen != null
            ? options
            : options.withResolver(host -> CompletableFuture.completedFuture(here)),
        blocking);
  }

  /**
   * A connection of raw bytes. On the loop.
   *
   * @throws ConnectException if nobody listens on the port
   */
  public WireEnd connect(int port, WireFaults faults) throws ConnectException {
    WireEnd end = network.dial(port, faults);
    if (end == null) {
      throw new ConnectException("nobody listens on port " + port + " in memory");
    }
    return end;
  }

  /** The loop of all who are here. */
  public Loop loop() {
    return network.loop();
  }

  /** Runs all that is ready at this time, and what that brings; says how many tasks it was. */
  public int run() {
    return network.run();
  }

  /**
   * Like {@link #run()}, for who has threads that must keep step with the tasks.
   *
   * @param afterEach runs after each task, on the same thread
   */
  public int run(Runnable afterEach) {
    return network.run(afterEach);
  }

  /** When the next timer is due, by the clock; {@link Long#MAX_VALUE} for never. */
  public long nextTimer() {
    return network.nextTimer();
  }

  /** How many timers wait. */
  public int timers() {
    return network.timers();
  }

  /** What arrived on the wires. */
  public Trace trace() {
    return network.carrier().trace();
  }

  /** Where the buffers were made that nobody has released. */
  public List<Throwable> buffersLeft() {
    return network.buffersLeft();
  }

  /**
   * The network is gone: no task is taken any more. Servers and clients are to be closed before.
   */
  public void close() {
    network.close();
  }
}
