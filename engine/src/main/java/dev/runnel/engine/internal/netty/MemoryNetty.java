package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.Tls;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.io.Loop;
import dev.runnel.memory.Carrier;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.Wire;
import dev.runnel.memory.WireEnd;
import dev.runnel.memory.WireFaults;
import dev.runnel.transport.TransportOptions;
import io.netty.buffer.ByteBufAllocator;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory under the real codecs: servers, clients and raw ends on one loop. Of the
 * thread that runs the loop, unless said otherwise.
 */
public final class MemoryNetty {
  private static final int CLIENT_PORTS = 40_000;
  private static final InetAddress HERE = loopback();

  private final MemoryLoop loop;
  private final Loop ours;
  private final Carrier carrier;
  private final MemoryBuffers buffers = new MemoryBuffers();
  private final Map<Integer, MemoryListener> listeners = new HashMap<>();
  private final Set<Integer> secured = new HashSet<>();
  private final Supplier<WireFaults> faults;

  /**
   * A network without anybody in it.
   *
   * @param faults what happens to the next connection that a client makes
   */
  public MemoryNetty(MemoryClock clock, long seed, boolean shuffled, Supplier<WireFaults> faults) {
    this.loop = new MemoryLoop(clock);
    this.ours = new NettyLoop(loop);
    this.carrier = new Carrier(ours, seed, shuffled);
    this.faults = faults;
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  static InetSocketAddress clientAddress(Wire wire) {
    return new InetSocketAddress(HERE, CLIENT_PORTS + wire.number() % 20_000);
  }

  static InetSocketAddress serverAddress(int port) {
    return new InetSocketAddress(HERE, port);
  }

  /** The loop of all who are here. */
  public Loop loop() {
    return ours;
  }

  /** What carries the bytes. */
  public Carrier carrier() {
    return carrier;
  }

  /** Runs all that is ready, and what that brings; says how much it was. */
  public int run() {
    return run(() -> {});
  }

  /** Like {@link #run()}, with what runs after each task. */
  public int run(Runnable afterEach) {
    return loop.runReady(afterEach);
  }

  /** When the next timer is due, by the clock; {@link Long#MAX_VALUE} for never. */
  public long nextTimer() {
    return loop.nextTimer();
  }

  /** How many timers wait. */
  public int timers() {
    return loop.timers();
  }

  /** Where the buffers were made that nobody has released. Any thread. */
  public List<Throwable> buffersLeft() {
    return buffers.left();
  }

  /** Takes no more tasks. */
  public void close() {
    loop.end();
  }

  ByteBufAllocator buffers() {
    return buffers.allocator();
  }

  /**
   * Starts a server on ports of this network.
   *
   * @param ports where it listens, and with which TLS, null for none
   */
  public NettyServer serve(ServerState state, Map<Integer, @Nullable Tls> ports) {
    Map<SocketAddress, @Nullable Tls> places = new LinkedHashMap<>();
    ports.forEach((port, tls) -> places.put(new MemoryAddress(this, port), tls));
    ports.forEach(
        (port, tls) -> {
          if (tls != null) {
            secured.add(port);
          }
        });
    NettyServer server =
        NettyServer.start(state, kit(), () -> new MemoryListener(this), places, true);
    run();
    return server;
  }

  /** A client whose every connection is made here, whatever its address. */
  public NettyClient client(TransportOptions options, Blocking blocking) {
    return NettyClient.open(
        options,
        new ClientKit(
            kit(),
            MemoryChannel.class,
            null,
            null,
            false,
            place -> place(place),
            new ClientKit.InMemory(this, blocking)),
        ClientMachines.HTTP);
  }

  private SocketAddress place(SocketAddress address) {
    return new MemoryAddress(this, address instanceof InetSocketAddress inet ? inet.getPort() : 0);
  }

  private TransportKit kit() {
    return new TransportKit("memory", loop, null, null, loop, Duration.ZERO);
  }

  // --- ports ---

  void listen(int port, MemoryListener listener) throws BindException {
    if (listeners.putIfAbsent(port, listener) != null) {
      throw new BindException("somebody listens on port " + port + " in memory already");
    }
  }

  void unlisten(int port) {
    listeners.remove(port);
  }

  /** A connection as a client makes it; null if nobody listens. On the loop. */
  @Nullable WireEnd dial(int port) {
    return dial(port, faults.get());
  }

  /** A connection with these faults; null if nobody listens. On the loop. */
  public @Nullable WireEnd dial(int port, WireFaults with) {
    if (secured.contains(port) && with.lookAtFrames()) {
      throw new IllegalArgumentException(
          "frames of HTTP/2 are not seen under TLS: take HTTP/2 in clear with the faults " + with);
    }
    MemoryListener listener = listeners.get(port);
    if (listener == null && listeners.size() == 1) {
      listener = listeners.values().iterator().next(); // whatever the port: there is no other place
    }
    if (listener == null) {
      return null;
    }
    for (int i = 0; i < with.companions(); i++) {
      listener.arrived(carrier.connect(WireFaults.NONE).server());
    }
    Wire wire = carrier.connect(with);
    listener.arrived(wire.server());
    return wire.client();
  }
}
