package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.ServerStartException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueueDatagramChannel;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a transport brings to a client.
 *
 * @param transport its loops
 * @param tcp the channel for host and port
 * @param unix the channel for Unix domain sockets, or null where there is none
 * @param dns the channels to name servers, or null where nobody can be asked
 * @param ownLoops whether the loops end with the client
 * @param places where an address really is: in memory none is where it says
 * @param memory the network in memory, or null where there are sockets
 */
record ClientKit(
    TransportKit transport,
    Class<? extends Channel> tcp,
    @Nullable Class<? extends Channel> unix,
    @Nullable Dns dns,
    boolean ownLoops,
    UnaryOperator<SocketAddress> places,
    @Nullable InMemory memory) {
  /**
   * Where connections are made that are no sockets.
   *
   * @param blocking what else would be done on threads
   */
  record InMemory(MemoryNetty network, Blocking blocking) {}

  /** UDP, and TCP for answers that UDP cuts off. */
  record Dns(Class<? extends DatagramChannel> udp, Class<? extends SocketChannel> tcp) {}

  /**
   * With loops of its own.
   *
   * @throws IllegalArgumentException if what should move the bytes does not load here
   */
  static ClientKit of(Transport wanted, int loops) {
    TransportKit transport;
    try {
      transport = TransportKit.of(wanted, loops, "runnel-client");
    } catch (ServerStartException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return switch (transport.name()) {
      case "epoll" ->
          kit(
              transport,
              EpollSocketChannel.class,
              EpollDomainSocketChannel.class,
              EpollDatagramChannel.class);
      case "kqueue" ->
          kit(
              transport,
              KQueueSocketChannel.class,
              KQueueDomainSocketChannel.class,
              KQueueDatagramChannel.class);
      case "io_uring" ->
          kit(transport, IoUringSocketChannel.class, null, IoUringDatagramChannel.class);
      default ->
          kit(
              transport,
              NioSocketChannel.class,
              NioDomainSocketChannel.class,
              NioDatagramChannel.class);
    };
  }

  private static ClientKit kit(
      TransportKit transport,
      Class<? extends SocketChannel> tcp,
      @Nullable Class<? extends Channel> unix,
      Class<? extends DatagramChannel> udp) {
    return new ClientKit(
        transport, tcp, unix, new Dns(udp, tcp), true, UnaryOperator.identity(), null);
  }

  /** The address as the transport's channels take it. */
  SocketAddress place(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress file
        ? UnixSocketFile.nettyAddress(file, transport)
        : places.apply(address);
  }

  /** Makes what connects to an address, like {@link #channel}. */
  ChannelFactory<? extends Channel> factory(SocketAddress to) {
    return memory != null
        ? () -> new MemoryChannel(memory.network())
        : new ReflectiveChannelFactory<>(channel(to));
  }

  /**
   * What connects to an address.
   *
   * @throws IllegalArgumentException if the transport has nothing that does
   */
  Class<? extends Channel> channel(SocketAddress to) {
    if (!isUnix(to)) {
      return tcp;
    }
    if (unix == null) {
      throw new IllegalArgumentException(
          "transport " + transport.name() + " has no Unix domain sockets: use nio or epoll");
    }
    return unix;
  }

  private static boolean isUnix(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress || address instanceof DomainSocketAddress;
  }

  /** Whether these are sockets of the system, which have its options. */
  boolean isSocket() {
    return SocketChannel.class.isAssignableFrom(tcp);
  }

  /** Whether a connection has two halves that close each for itself; java.nio's to files do not. */
  boolean hasHalves(SocketAddress to) {
    return memory != null
        || (isSocket() && (transport.isNative() || !(to instanceof UnixDomainSocketAddress)));
  }
}
