package dev.runnel.engine.internal.netty;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.ServerStartException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueIoHandler;
import io.netty.channel.kqueue.KQueueServerDomainSocketChannel;
import io.netty.channel.kqueue.KQueueServerSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a transport brings: loops, channel types, and who waits while a server stops.
 *
 * @param name for the start-up line
 * @param loops the event loops, owned by the server
 * @param tcp the listening channel for host and port, or null where there is none
 * @param unix the listening channel for Unix domain sockets, or null where there is none
 * @param coordinator runs the stop; not one of the loops where those may be held by handlers
 * @param tick the least time between two looks at the deadlines
 */
record TransportKit(
    String name,
    EventLoopGroup loops,
    @Nullable Class<? extends ServerChannel> tcp,
    @Nullable Class<? extends ServerChannel> unix,
    EventExecutor coordinator,
    Duration tick) {
  /** Deadlines are seconds; a tenth of one late is nothing, and looking more often costs. */
  private static final Duration TICK = Duration.ofMillis(100);

  // Connected channels whose transport can send a file by itself. io_uring copies instead.
  private static final Set<Class<? extends Channel>> SENDFILE =
      Set.of(
          NioSocketChannel.class,
          EpollSocketChannel.class,
          EpollDomainSocketChannel.class,
          KQueueSocketChannel.class,
          KQueueDomainSocketChannel.class);

  static boolean takesFiles(Channel channel) {
    return SENDFILE.contains(channel.getClass());
  }

  /**
   * A transport with new loops.
   *
   * @param threads what their threads are called
   */
  static TransportKit of(Transport wanted, int loops, String threads) {
    Function<IoHandlerFactory, EventLoopGroup> group =
        handlers -> new LoopGroup(loops, threads, handlers);
    return switch (wanted) {
      case AUTO ->
          Epoll.isAvailable() ? epoll(group) : KQueue.isAvailable() ? kqueue(group) : nio(group);
      case NIO -> nio(group);
      case EPOLL -> epoll(group);
      case IO_URING -> uring(group);
      case KQUEUE -> kqueue(group);
    };
  }

  private static TransportKit nio(Function<IoHandlerFactory, EventLoopGroup> group) {
    return kit(
        "nio",
        group.apply(NioIoHandler.newFactory()),
        NioServerSocketChannel.class,
        NioServerDomainSocketChannel.class);
  }

  private static TransportKit epoll(Function<IoHandlerFactory, EventLoopGroup> group) {
    require("epoll", Epoll.unavailabilityCause());
    return kit(
        "epoll",
        group.apply(LastingEpoll.newFactory()),
        EpollServerSocketChannel.class,
        EpollServerDomainSocketChannel.class);
  }

  private static TransportKit uring(Function<IoHandlerFactory, EventLoopGroup> group) {
    pollByState(); // before Netty's class is loaded
    require("io_uring", IoUring.unavailabilityCause());
    return kit(
        "io_uring",
        group.apply(IoUringIoHandler.newFactory()),
        IoUringServerSocketChannel.class,
        null);
  }

  private static TransportKit kqueue(Function<IoHandlerFactory, EventLoopGroup> group) {
    require("kqueue", KQueue.unavailabilityCause());
    return kit(
        "kqueue",
        group.apply(KQueueIoHandler.newFactory()),
        KQueueServerSocketChannel.class,
        KQueueServerDomainSocketChannel.class);
  }

  private static TransportKit kit(
      String name,
      EventLoopGroup group,
      Class<? extends ServerChannel> tcp,
      @Nullable Class<? extends ServerChannel> unix) {
    return new TransportKit(name, group, tcp, unix, GlobalEventExecutor.INSTANCE, TICK);
  }

  private static void require(String name, @Nullable Throwable unavailable) {
    if (unavailable != null) {
      throw new ServerStartException(
          "transport "
              + name
              + " does not load here ("
              + unavailable.getMessage()
              + "): use another one, or AUTO",
          unavailable);
    }
  }

  /**
   * Netty 4.2.18 polls for reads with one lasting (multishot) request, which tells of changes only:
   * a reset that came before the first look is never told, and its call waits for ever (tried: 350
   * of 4,000 clients that reset at once). Single polls look at the state and see it.
   */
  private static void pollByState() {
    String multishot = "io.netty.iouring.pollAddMultishotEnabled";
    if (System.getProperty(multishot) == null) {
      System.setProperty(multishot, "false");
    }
  }

  /** The option that lets several servers listen on one port. */
  ChannelOption<Boolean> reusePort() {
    return isNative()
        ? UnixChannelOption.SO_REUSEPORT
        : NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);
  }

  boolean isNative() {
    return tcp != NioServerSocketChannel.class;
  }

  Class<? extends ServerChannel> listeningChannel(SocketAddress address) {
    if (!(address instanceof UnixDomainSocketAddress)) {
      return tcp;
    }
    if (unix == null) {
      throw new IllegalArgumentException(
          "transport " + name + " has no Unix domain sockets: use nio or epoll for " + address);
    }
    return unix;
  }
}
