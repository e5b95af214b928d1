package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.tls.ClientContexts;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.Resolver;
import dev.runnel.transport.TransportOptions;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client on Netty's transports: its loops, and what its dials share. Safe from any thread. */
public final class NettyClient implements ClientTransport {
  /**
   * Files of certificates and names that the JDK has to look up; each waits for a disk or a server.
   */
  private static final int BLOCKING_TASKS = 64;

  /** How long a loop that somebody holds may keep its thread. */
  private static final int LOOP_PATIENCE_SECONDS = 10;

  private final TransportOptions options;
  private final ClientKit kit;
  private final ClientMachines machines;
  private final Blocking blocking;
  private final @Nullable BlockingThreads threads;
  private final ClientContexts contexts;
  private final List<ClientLoop> loops = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final SystemNames systemNames;
  private final HostNames names;
  private volatile @Nullable CompletableFuture<Void> closed;

  private NettyClient(TransportOptions options, ClientKit kit, ClientMachines machines) {
    this.options = options;
    this.kit = kit;
    this.machines = machines;
    ClientKit.InMemory memory = kit.memory();
    this.threads = memory == null ? new BlockingThreads(BLOCKING_TASKS) : null;
    this.blocking = memory == null ? Objects.requireNonNull(threads) : memory.blocking();
    this.contexts = new ClientContexts(blocking);
    ClientEndpoint endpoint = new ClientEndpoint(options);
    for (EventExecutor executor : kit.transport().loops()) {
      EventLoop loop = (EventLoop) executor;
      LoopServices services = new LoopServices(loop, endpoint, kit.transport().tick());
      loops.add(new ClientLoop(this, services, new SocketConnector(kit, loop)));
    }
    this.systemNames = new SystemNames(kit.dns(), loops.get(0).eventLoop(), blocking);
    Resolver chosen = options.resolver();
    this.names = new HostNames(chosen == null ? systemNames : chosen);
  }

  /**
   * With loops of its own.
   *
   * @throws IllegalArgumentException if what should move the bytes does not load here
   */
  public static NettyClient open(TransportOptions options) {
    return open(options, ClientKit.of(options.transport(), options.loops()), ClientMachines.HTTP);
  }

  /** With the loops of a kit, and other machines than those of HTTP. */
  static NettyClient open(TransportOptions options, ClientKit kit, ClientMachines machines) {
    return new NettyClient(options, kit, machines);
  }

  HostNames names() {
    return names;
  }

  ClientContexts contexts() {
    return contexts;
  }

  ClientMachines machines() {
    return machines;
  }

  /** How many connections there are, those on their way through TLS or a proxy too. */
  public int connections() {
    return loops.stream().mapToInt(loop -> loop.services().connections()).sum();
  }

  @Override
  public Loop loop() {
    for (ClientLoop loop : loops) {
      if (loop.loop().inLoop()) {
        return loop.loop();
      }
    }
    return loops.get(Math.floorMod(next.getAndIncrement(), loops.size())).loop();
  }

  @Override
  public boolean isLoop() {
    return loops.stream().anyMatch(loop -> loop.loop().inLoop());
  }

  @Override
  public TransportOptions options() {
    return options;
  }

  @Override
  public Dialing.Handle dial(Destination to, Loop loop, Times times, Dialing dialing) {
    Hosts.check(to);
    Dial dial = new Dial(ours(loop), to, times, dialing);
    try {
      // Behind this turn: nobody is told before who dials has the handle.
      ours(loop).eventLoop().execute(() -> begin(dial));
    } catch (RejectedExecutionException e) {
      dial.refuse(closedError());
    }
    return dial;
  }

  private ClientLoop ours(Loop loop) {
    for (ClientLoop ours : loops) {
      if (ours.loop() == loop) {
        return ours;
      }
    }
    throw new IllegalArgumentException("not a loop of this client: take one of loop()");
  }

  private void begin(Dial dial) {
    if (closed == null) {
      dial.begin();
    } else {
      dial.refuse(closedError());
    }
  }

  private static ClientException closedError() {
    return new ClientException(Reason.CLOSED, "the client is closed", true, null);
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      CompletableFuture<Void> before = closed;
      if (before != null) {
        return before.copy();
      }
      closed = done;
    }
    CompletableFuture<?>[] all =
        loops.stream().map(NettyClient::closeAll).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(all).whenComplete((nothing, error) -> closeLoops(done));
    return done.copy();
  }

  private static CompletableFuture<Void> closeAll(ClientLoop loop) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.run(() -> loop.closeAll(closedError(), () -> done.complete(null)));
    return done;
  }

  private void closeLoops(CompletableFuture<Void> done) {
    systemNames.close();
    if (threads != null) {
      threads.close();
    }
    if (kit.ownLoops()) {
      kit.transport()
          .loops()
          .shutdownGracefully(0, LOOP_PATIENCE_SECONDS, TimeUnit.SECONDS)
          .addListener(ended -> done.complete(null));
    } else {
      done.complete(null);
    }
  }

  @Override
  public void close() {
    if (isLoop()) {
      throw new IllegalStateException(
          "close() waits for this very loop to end: use closeAsync() here");
    }
    closeAsync().join();
  }
}
