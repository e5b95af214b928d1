package dev.runnel.testkit;

import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.client.ProxyChoice;
import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.memory.MemoryClock;
import dev.runnel.memory.WireFaults;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.TransportOptions;
import dev.runnel.transport.memory.MemoryNetwork;
import dev.runnel.transport.memory.MemoryServer;
import dev.runnel.websocket.SeededKeys;
import java.net.ConnectException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server on a network in memory. */
final class MemoryGround implements Ground {
  /** How long blocking code may compute, or wait for what is not ours, by the wall clock. */
  static final Duration COMPUTING = Duration.ofSeconds(10);

  /** How long after its end the timers of a test may last. */
  private static final Duration RUN_OUT = Duration.ofMinutes(10);

  private final TestOptions options;
  private final Driver driver;
  private final Outliving clock;
  private final SeededKeys keys;
  private final MemoryNetwork network;
  private final SteppedBlocking blocking;
  private final InstantSource date;
  private final Observations seen;
  private final MemoryServer server;
  private final List<ClientTransport> transports = new ArrayList<>();

  /**
   * @param clock of the network
   * @param makeDriver who lets time pass on it
   */
  MemoryGround(Handler handler, TestOptions options, MemoryClock clock, DriverOf makeDriver) {
    this.options = options;
    this.clock = new Outliving(clock);
    this.keys = SeededKeys.onThisThread(options.seed());
    this.network =
        new MemoryNetwork(this.clock, options.seed(), options.shuffled(), options.faults());
    long begun = clock.nanoTime();
    this.date = () -> options.begin().plusNanos(clock.nanoTime() - begun);
    this.seen = new Observations(clock::nanoTime);
    ServerOptions.Builder set =
        ServerOptions.builder().watchdog(Duration.ZERO).wallClock(date).observer(seen);
    options.server().accept(set);
    ServerOptions built = set.build();
    this.blocking = new SteppedBlocking(built.limits().blockingCalls(), COMPUTING);
    this.driver = makeDriver.of(this);
    this.server =
        network.serve(
            built, handler, blocking, options.protocol().isSecure() ? TestTls.server() : null);
  }

  /** The clock of the test, which goes on for us when the test is over. */
  private static final class Outliving implements MemoryClock {
    private final MemoryClock clock;
    private volatile long after;

    Outliving(MemoryClock clock) {
      this.clock = clock;
    }

    /** By the thread of the test only. */
    void goOn(long nanos) {
      long before = after;
      after = before + nanos;
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime() + after;
    }

    @Override
    public void wake() {
      clock.wake();
    }

    @Override
    public void alarm(long nanoTime) {
      clock.alarm(nanoTime);
    }
  }

  /** Makes the driver of a ground. */
  @FunctionalInterface
  interface DriverOf {
    Driver of(MemoryGround ground);
  }

  /**
   * Runs all that is ready, blocking code too.
   *
   * @return whether there was something
   */
  boolean run() {
    boolean ran = false;
    blocking.settle();
    while (network.run(blocking::settle) > 0) {
      ran = true;
      blocking.settle();
    }
    return ran;
  }

  long nextTimer() {
    return network.nextTimer();
  }

  /**
   * Whether there is still something to come at this time: of blocking code that computes, waits
   * for what is not ours, or has just ended. Waits a moment for it.
   */
  boolean timeStands() {
    return blocking.isToSayMore();
  }

  /** Where blocking code is for which {@link #timeStands} has waited too long; null for nowhere. */
  @Nullable String waitedInVain() {
    return blocking.waitedInVain();
  }

  @Override
  public Driver driver() {
    return driver;
  }

  @Override
  public Client client(UnaryOperator<ClientBuilder> edit) {
    ClientBuilder set =
        Client.builder()
            .proxies(ProxyChoice.NONE)
            .wallClock(date)
            .tls(TestTls.client())
            .protocol(options.protocol().isHttp2() ? Protocol.HTTP_2 : Protocol.HTTP_1_1);
    ClientTransport transport = network.client(TransportOptions.DEFAULT, new InlineBlocking());
    transports.add(transport);
    return edit.apply(set.transport(transport)).build();
  }

  @Override
  public RawLink connect(@Nullable WireFaults faults) {
    try {
      return new MemoryLink(
          network.connect(MemoryNetwork.PORT, faults == null ? options.faults().get() : faults));
    } catch (ConnectException e) {
      throw new AssertionError("the server does not listen any more", e);
    }
  }

  @Override
  public String url(String path) {
    return (options.protocol().isSecure() ? "https://localhost" : "http://localhost") + path;
  }

  @Override
  public int calls() {
    return server.calls();
  }

  @Override
  public int connections() {
    return server.connections();
  }

  @Override
  public Observations seen() {
    return seen;
  }

  @Override
  public CompletableFuture<DrainReport> stop(Duration drain) {
    return server.stop(drain);
  }

  @Override
  public void pause() {
    server.pause();
  }

  @Override
  public void resume() {
    server.resume();
  }

  @Override
  public String trace() {
    return TraceText.of(network.trace());
  }

  @Override
  public long checksum() {
    return network.trace().checksum();
  }

  @Override
  public List<Throwable> left() {
    List<Throwable> left = new ArrayList<>();
    for (ObservedCall call : seen.calls()) {
      if (!call.ended()) {
        left.add(new AssertionError("a call: " + call));
      }
    }
    if (server.connections() > 0) {
      left.add(new AssertionError(server.connections() + " connections of the server"));
    }
    if (server.detached() > 0) {
      left.add(new AssertionError(server.detached() + " detached tasks"));
    }
    blocking.left().forEach(text -> left.add(new AssertionError(text)));
    if (left.isEmpty() && network.timers() > 0) {
      left.add(new AssertionError(network.timers() + " timers"));
    }
    left.addAll(network.buffersLeft());
    return left;
  }

  @Override
  public void end() {
    for (ClientTransport transport : transports) {
      CompletableFuture<Void> closed = transport.closeAsync();
      if (!driver.until(closed::isDone, options.patience())) {
        throw new AssertionError("a client's transport does not close");
      }
    }
    runOut();
    network.close();
    keys.close();
  }

  /** Timers that nobody needs any more come to nothing when they are due. */
  private void runOut() {
    long limit = clock.nanoTime() + RUN_OUT.toNanos();
    for (long next = nextTimer(); next <= limit && network.timers() > 0; next = nextTimer()) {
      clock.goOn(Math.max(0, next - clock.nanoTime()));
      boolean unused = run();
    }
  }
}
