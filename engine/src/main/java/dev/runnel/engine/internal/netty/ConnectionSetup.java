package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.h1.Http1Connection;
import dev.runnel.engine.internal.h2.Http2Connection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection of an accepted channel: PROXY header first where it is asked for, then the
 * protocol. The only class that names both versions.
 */
final class ConnectionSetup extends ChannelInitializer<Channel> {
  /** Stands for a peer without an address, as those of Unix domain sockets are. */
  private static final SocketAddress NOBODY = InetSocketAddress.createUnresolved("local", 0);

  private final ServerState server;
  private final IdentityHashMap<EventLoop, LoopServices> loops;
  private final AtomicLong ids = new AtomicLong();

  ConnectionSetup(ServerState server, IdentityHashMap<EventLoop, LoopServices> loops) {
    this.server = server;
    this.loops = loops;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (server.options().proxyProtocol()) {
      channel.pipeline().addLast(new ProxyHeader(this, server.options().timeouts().requestHead()));
    } else {
      connect(channel, orNobody(channel.remoteAddress()), orNobody(channel.localAddress()));
    }
  }

  static SocketAddress orNobody(@Nullable SocketAddress address) {
    return address == null || address.toString().isEmpty()
        ? NOBODY
        : UnixSocketFile.jdkAddress(address);
  }

  /** Begins the protocol on a channel whose peer is known. */
  void connect(Channel channel, SocketAddress remote, SocketAddress local) {
    LoopServices services = loops.get(channel.eventLoop());
    if (services == null) {
      throw new IllegalStateException("the channel is on a loop of another server");
    }
    ConnectionContext connection =
        new ConnectionContext(services.context, ids.incrementAndGet(), remote, local, false);
    NettyLink link =
        new NettyLink(
            channel,
            services,
            connection,
            TransportKit.takesFiles(channel),
            (socket, shared) ->
                new Sniffing(
                    socket,
                    () -> new Http1Connection(socket, shared.http1),
                    () -> new Http2Connection(socket, shared.http2)));
    channel.pipeline().addLast(link);
  }
}
