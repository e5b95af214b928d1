package dev.runnel.engine.internal.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runnel.benchmarks.servers.FloorServer;
import dev.runnel.benchmarks.servers.RunnelJavaServer;
import dev.runnel.benchmarks.servers.RunnelKotlinServer;
import dev.runnel.engine.Handler;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.netty.ConnectionSetup.Place;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a plain request costs without the system's part: the whole way from the bytes of a read to
 * the bytes of a write, on an ordinary loop, over channels that have no socket. The time is that of
 * one read, so with 16 requests at once it is that of 16. Of the floor, which knows nothing of
 * HTTP, it is what a channel takes.
 *
 * <p>Where other programs disturb, many short iterations tell more than a few long ones: the lower
 * bound is what counts ({@code -i 500 -r 20ms -v EXTRA}).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ConnectionBenchmark {
  private static final int CONNECTIONS = 64;
  private static final int TURNS = 32; // of the loop for each time that we wait for it
  private static final byte[] REQUEST =
      "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n".getBytes(US_ASCII);

  /** What answers. */
  @Param({"floor", "java", "kotlin"})
  public String face;

  /** Requests in each read. */
  @Param({"1", "16"})
  public int atOnce;

  private MultiThreadIoEventLoopGroup group;
  private SingleThreadEventLoop loop;
  private final List<Channel> channels = new ArrayList<>();
  private byte[] requests;

  /** Opens the connections. */
  @Setup
  public void setUp() throws Exception {
    group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    loop = (SingleThreadEventLoop) group.next();
    requests = new byte[REQUEST.length * atOnce];
    for (int i = 0; i < atOnce; i++) {
      System.arraycopy(REQUEST, 0, requests, i * REQUEST.length, REQUEST.length);
    }
    ChannelHandler setup = face.equals("floor") ? null : connections(face.equals("java"));
    for (int i = 0; i < CONNECTIONS; i++) {
      SocketlessChannel channel = new SocketlessChannel();
      channel.pipeline().addLast(setup == null ? new FloorServer() : setup);
      loop.register(channel).sync();
      channels.add(channel);
    }
    long before = written();
    allConnections();
    if (written() - before < (long) TURNS * CONNECTIONS * atOnce * REQUEST.length) {
      throw new IllegalStateException("only " + (written() - before) + " bytes were answered");
    }
  }

  private ChannelHandler connections(boolean java) {
    Routes routes = java ? RunnelJavaServer.service() : RunnelKotlinServer.service();
    Handler handler = Router.of(routes);
    ServerState state = new ServerState(ServerOptions.DEFAULT, handler, new BlockingThreads(1));
    IdentityHashMap<EventLoop, LoopServices> loops = new IdentityHashMap<>();
    loops.put(loop, new LoopServices(loop, state, Duration.ofMillis(50)));
    return new ConnectionSetup(state, loops, new AtomicLong(), new Place(null, handler));
  }

  private long written() {
    return channels.stream().mapToLong(channel -> ((SocketlessChannel) channel).written()).sum();
  }

  /** Each connection reads once in each turn of the loop. */
  @Benchmark
  @OperationsPerInvocation(CONNECTIONS * TURNS)
  public void allConnections() throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> turn(TURNS, done));
    done.get();
  }

  private void turn(int left, CompletableFuture<Void> done) {
    for (Channel channel : channels) {
      ByteBuf in = channel.alloc().ioBuffer(2 << 10);
      in.writeBytes(requests);
      channel.pipeline().fireChannelRead(in);
      channel.pipeline().fireChannelReadComplete();
    }
    // Not as the next task, which would belong to the same turn.
    loop.executeAfterEventLoopIteration(
        left == 1 ? () -> done.complete(null) : () -> loop.execute(() -> turn(left - 1, done)));
  }

  /** Lets the loop go. */
  @TearDown
  public void tearDown() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
