package dev.runnel.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Load that neither wrk nor h2load makes: WebSocket, streams of events, connections that do
 * nothing. One thread, as it has one core; it knows of answers only what it must count, so that it
 * stays ahead of the servers.
 */
public final class LoadClient {
  /** What it prints when all are connected and the measurement begins. */
  public static final char BEGUN = ':';

  /** So many connections are being made at a time: a server's backlog must not overflow. */
  private static final int MAKING = 100;

  /** How long it runs before it counts: it has to be compiled as well as the server. */
  private static final int WARM_UP_SECONDS = 1;

  private final EventLoop loop;
  private final int port;

  private LoadClient(EventLoop loop, int port) {
    this.loop = loop;
    this.port = port;
  }

  /**
   * @param args mode ({@code ws-echo}, {@code ws-room}, {@code sse}, {@code idle}), port,
   *     connections, seconds
   */
  public static void main(String[] args) {
    int status = 1;
    try {
      run(args);
      status = 0;
    } catch (Exception e) {
      System.err.println("the load failed: " + e);
    } finally {
      // With it the connections: the server sees 1,000 clients vanish, which is its daily bread.
      Runtime.getRuntime().halt(status);
    }
  }

  private static void run(String[] args) throws Exception {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    LoadClient client = new LoadClient(group.next(), Integer.parseInt(args[1]));
    int connections = Integer.parseInt(args[2]);
    Scenario scenario =
        switch (args[0]) {
          case "ws-echo" -> new EchoScenario();
          case "ws-room" -> new RoomScenario(connections);
          case "sse" -> new EventsScenario(connections);
          case "idle" -> new IdleScenario();
          default -> throw new IllegalArgumentException("no such mode: " + args[0]);
        };
    client.connect(connections, scenario::connection);
    Connection extra = scenario.extra();
    if (extra != null) {
      client.connect(1, () -> extra);
    }
    scenario.ready(client.loop);
    client.measure(scenario, Integer.parseInt(args[3]));
  }

  private void connect(int count, Supplier<Connection> made) throws Exception {
    CompletableFuture<?>[] opened = new CompletableFuture<?>[count];
    Bootstrap bootstrap = new Bootstrap().group(loop).channel(EpollSocketChannel.class);
    for (int i = 0; i < count; i++) {
      Connection connection = made.get();
      opened[i] = connection.opened();
      bootstrap.clone().handler(connection).connect("127.0.0.1", port).sync();
      if (i >= MAKING) {
        opened[i - MAKING].get(30, TimeUnit.SECONDS);
      }
    }
    CompletableFuture.allOf(opened).get(60, TimeUnit.SECONDS);
  }

  private void measure(Scenario scenario, int seconds) throws Exception {
    loop.submit(scenario::begin).sync();
    TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
    loop.submit(scenario::mark).sync();
    long begun = System.nanoTime();
    System.out.print(BEGUN);
    System.out.flush();
    TimeUnit.SECONDS.sleep(seconds);
    Tally tally = loop.submit(scenario::tally).get();
    long micros = (System.nanoTime() - begun) / 1_000;
    System.out.printf(
        Locale.ROOT,
        "{\"count\":%d,\"bytes\":%d,\"micros\":%d,\"errors\":%d,\"p50\":%d,\"p99\":%d,\"p999\":%d}%n",
        tally.count(),
        tally.bytes(),
        micros,
        tally.errors(),
        tally.p50(),
        tally.p99(),
        tally.p999());
    System.out.flush();
    // Until who started it has looked at the server: connections that vanish are not measured.
    int unused = System.in.read();
  }
}
