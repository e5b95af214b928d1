package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Handler;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.h1.Http1Connection;
import dev.runnel.engine.internal.h2.Http2Connection;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.tls.TlsContexts;
import dev.runnel.http.TlsInfo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a connection of an accepted channel: PROXY header first where it is asked for, then the
 * protocol. The only class that names both versions.
 */
final class ConnectionSetup extends ChannelInitializer<Channel> {
  private static final String HTTP_2 = "h2";

  /** The ALPN protocols that {@link #machine} has a machine for. */
  static final Set<String> SPOKEN = Set.of(HTTP_2, "http/1.1");

  /** Stands for a peer without an address, as those of Unix domain sockets are. */
  private static final SocketAddress NOBODY = InetSocketAddress.createUnresolved("local", 0);

  private final ServerState server;
  private final IdentityHashMap<EventLoop, LoopServices> loops;
  private final AtomicLong ids;
  private final Place place;

  /**
   * @param ids numbers the connections of the whole server
   */
  ConnectionSetup(
      ServerState server,
      IdentityHashMap<EventLoop, LoopServices> loops,
      AtomicLong ids,
      Place place) {
    this.server = server;
    this.loops = loops;
    this.ids = ids;
    this.place = place;
  }

  /**
   * What is particular to one place that the server listens on.
   *
   * @param tls what is spoken there, or null for bytes in clear
   * @param handler what answers there
   */
  record Place(@Nullable TlsContexts tls, Handler handler) {}

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
    boolean secure = place.tls != null;
    ServerConnection connection =
        new ServerConnection(
            server, services.context, ids.incrementAndGet(), remote, local, secure);
    connection.answeredBy(place.handler);
    NettyLink link =
        new NettyLink(
            channel,
            services,
            connection,
            !secure && TransportKit.takesFiles(channel),
            (socket, shared) ->
                secure
                    ? new Handshaking(socket, tls -> machine(socket, connection, tls))
                    : machine(socket, connection, null));
    if (place.tls != null) {
      channel.pipeline().addLast(new TlsDoor(place.tls, link, connection));
    }
    channel.pipeline().addLast(link);
  }

  /** The machine of the protocol: ALPN says which one (RFC 7301), without it the first bytes. */
  private static Machine machine(
      NettyLink link, ServerConnection connection, @Nullable TlsInfo tls) {
    LoopServices shared = link.services();
    Supplier<Machine> http1 = () -> new Http1Connection(link, connection, shared.http1);
    Supplier<Machine> http2 = () -> Http2Connection.ofServer(link, connection, shared.http2);
    if (tls == null) {
      return new Sniffing(link, http1, http2);
    }
    return HTTP_2.equals(tls.alpn()) ? http2.get() : http1.get();
  }
}
