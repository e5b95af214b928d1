package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.netty.AddressRace.Connector;
import dev.runnel.engine.internal.netty.AddressRace.Result;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Makes the connections of one loop. A connection reads nothing until it is told to. */
final class SocketConnector implements Connector<Channel> {
  private final ClientKit kit;
  private final EventLoop loop;

  SocketConnector(ClientKit kit, EventLoop loop) {
    this.kit = kit;
    this.loop = loop;
  }

  @Override
  public Runnable connect(SocketAddress to, Result<Channel> result) {
    SocketAddress place = kit.place(to);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(kit.factory(place))
            .disableResolver()
            .handler(new Silent())
            .option(ChannelOption.AUTO_READ, false)
            // The dial has its own time, by the loop's clock.
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(NettyLink.HIGH_WATER / 2, NettyLink.HIGH_WATER));
    if (kit.hasHalves(to)) {
      bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }
    if (kit.isSocket() && !(to instanceof UnixDomainSocketAddress)) {
      bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, false);
    }
    return begin(bootstrap, place, result);
  }

  private static Runnable begin(Bootstrap bootstrap, SocketAddress to, Result<Channel> result) {
    ChannelFuture connecting = bootstrap.connect(to);
    Attempt attempt = new Attempt(connecting.channel());
    connecting.addListener(
        done -> {
          if (attempt.abandoned) {
            connecting.channel().close();
          } else if (done.isSuccess()) {
            result.connected(connecting.channel());
          } else {
            result.failed(done.cause());
          }
        });
    return attempt;
  }

  /** Of the loop, like all here. */
  private static final class Attempt implements Runnable {
    private final Channel channel;
    boolean abandoned;

    Attempt(Channel channel) {
      this.channel = channel;
    }

    @Override
    public void run() {
      abandoned = true;
      channel.close();
    }
  }

  /** Holds a pipeline's place, which must have a handler. */
  @ChannelHandler.Sharable
  private static final class Silent extends ChannelInboundHandlerAdapter {}
}
