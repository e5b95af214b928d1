package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PROXY protocol header (versions 1 and 2) in front of everything else on a connection. Without
 * a valid one the connection is closed: whoever gets past the balancer must not be believed.
 */
final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  private final ConnectionSetup setup;
  private final Duration patience;
  // What stands behind the header in the same read, until the protocol is there to take it.
  private final List<Object> behind = new ArrayList<>(1);
  private @Nullable HAProxyMessage header;
  private @Nullable Future<?> deadline;

  ProxyHeader(ConnectionSetup setup, Duration patience) {
    this.setup = setup;
    this.patience = patience;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    ctx.pipeline().addBefore(ctx.name(), null, new HAProxyMessageDecoder());
    if (!patience.isZero()) {
      deadline =
          ctx.channel()
              .eventLoop()
              .schedule(
                  () -> refuse(ctx, "no header within " + patience),
                  patience.toNanos(),
                  TimeUnit.NANOSECONDS);
    }
    ctx.channel().config().setAutoRead(true);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HAProxyMessage found) {
      header = found;
    } else {
      behind.add(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    HAProxyMessage found = header;
    if (found == null) {
      return;
    }
    header = null;
    stopWaiting();
    ctx.channel().config().setAutoRead(false);
    try {
      SocketAddress remote = ConnectionSetup.orNobody(ctx.channel().remoteAddress());
      SocketAddress local = ConnectionSetup.orNobody(ctx.channel().localAddress());
      // LOCAL and UNKNOWN carry no address: the balancer speaks for itself (a health check).
      if (namesHosts(found)) {
        remote = address(found.sourceAddress(), found.sourcePort(), remote);
        local = address(found.destinationAddress(), found.destinationPort(), local);
      }
      setup.connect(ctx.channel(), remote, local);
    } catch (UnknownHostException e) {
      refuse(ctx, e.getMessage());
      return;
    } finally {
      found.release();
    }
    for (Object message : behind) {
      ctx.fireChannelRead(message);
    }
    behind.clear();
    ctx.fireChannelReadComplete();
    ctx.pipeline().remove(this);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      refuse(ctx, "the peer left");
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private static boolean namesHosts(HAProxyMessage header) {
    // A path of a Unix domain socket could look like a host name, which would be looked up.
    return switch (header.proxiedProtocol().addressFamily()) {
      case AF_IPv4, AF_IPv6 -> true;
      case AF_UNIX, AF_UNSPEC -> false;
    };
  }

  private static SocketAddress address(@Nullable String host, int port, SocketAddress otherwise)
      throws UnknownHostException {
    // The decoder has checked that it is a literal, so nothing is looked up.
    return host == null ? otherwise : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refuse(ctx, cause.getMessage());
  }

  private static void refuse(ChannelHandlerContext ctx, @Nullable String why) {
    LOG.debug("connection from {} closed, PROXY header: {}", ctx.channel().remoteAddress(), why);
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopWaiting();
    for (Object message : behind) {
      ((ByteBuf) message).release();
    }
    if (header != null) {
      header.release();
    }
  }

  private void stopWaiting() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
