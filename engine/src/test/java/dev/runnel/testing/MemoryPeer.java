package dev.runnel.testing;

import dev.runnel.engine.internal.netty.MemoryTransport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/** A client in memory. */
public final class MemoryPeer extends Peer {
  private final MemoryServer server;
  private final ChannelFuture connected;
  private final Channel channel;
  private final ReceivedBytes received = new ReceivedBytes();
  private boolean delivering;
  private boolean closeNotify;
  private Throwable failure;

  /**
   * Connects.
   *
   * @param tls the client's side of TLS, or null
   */
  MemoryPeer(MemoryServer server, MemoryTransport memory, SSLEngine tls) {
    this.server = server;
    this.connected =
        new Bootstrap()
            .group(memory.loop())
            .channelFactory(memory.channels())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WriteBufferWaterMark.DEFAULT)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    if (tls != null) {
                      made.pipeline().addLast(new SslHandler(tls));
                    }
                    made.pipeline().addLast(new Receiver());
                  }
                })
            .connect(memory.address());
    this.channel = connected.channel();
    server.run();
  }

  @Override
  public void send(byte[] bytes) {
    if (delivering) {
      // We are called from within the flush of the server's end, which would not notice what it
      // answers on this stack. Sockets have no such stacks.
      channel.eventLoop().execute(() -> write(bytes));
    } else {
      write(bytes);
      server.run();
    }
  }

  /** A connection that the server does not accept yet takes bytes all the same. */
  private void write(byte[] bytes) {
    // Of the allocator, not wrapped: only such are watched for leaks, and it is the server that has
    // to release them.
    connected.addListener(
        done -> channel.writeAndFlush(channel.alloc().buffer(bytes.length).writeBytes(bytes)));
  }

  @Override
  public String all() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  protected byte[] received(int from) {
    return received.from(from);
  }

  @Override
  public boolean isEnded() {
    return !channel.isActive();
  }

  @Override
  public void await(Predicate<Peer> condition, String what) {
    try {
      server.until(() -> condition.test(this), what);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; so far: " + soFar(), e);
    }
  }

  @Override
  public void reading(boolean on) {
    channel.config().setAutoRead(on);
    server.run();
  }

  @Override
  public void halfClose() {
    ((DuplexChannel) channel).shutdownOutput();
    server.run();
  }

  @Override
  public void vanish() {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    close();
  }

  @Override
  public void close() {
    channel.close();
    server.run();
  }

  /** What went wrong on the client's side, or null. */
  public Throwable failure() {
    return failure;
  }

  /** The end of TLS as the server tells it, if it did. */
  public boolean sawCloseNotify() {
    return closeNotify;
  }

  /** What TLS agreed on. */
  public SSLSession session() {
    return channel.pipeline().get(SslHandler.class).engine().getSession();
  }

  private final class Receiver extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      byte[] bytes = new byte[in.readableBytes()];
      in.readBytes(bytes);
      in.release();
      received.writeBytes(bytes);
      delivering = true;
      try {
        arrived();
      } finally {
        delivering = false;
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      closeNotify |= event instanceof SslCloseCompletionEvent end && end.isSuccess();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failure = cause;
    }
  }
}
