package dev.runnel.engine.internal.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.Handler;
import dev.runnel.engine.Limits;
import dev.runnel.engine.ServerOptions;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.ServerState;
import dev.runnel.engine.internal.h1.Http1Client;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientConnection.Listener;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection in memory under virtual time: a client's machine on the real link at one end, a
 * script of raw bytes at the other. Closing it is the leak check.
 */
public final class MemoryWire implements AutoCloseable {
  private static final SocketAddress NOWHERE = InetSocketAddress.createUnresolved("memory", 1);

  private final LocalTransport memory = new LocalTransport();
  private final LoopServices services;
  private final Channel listening;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private @Nullable Channel server;
  private @Nullable Channel clientChannel;
  private @Nullable Http1Client client;
  private @Nullable Runnable answering;
  private int flushes;

  /** Holds answers to these limits. */
  public MemoryWire(Limits limits) {
    services =
        new LoopServices(memory.loop(), new ClientEnd(limits, Timeouts.DEFAULT), Duration.ZERO);
    listening =
        new ServerBootstrap()
            .group(memory.loop())
            .channel(LocalServerChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    server = made;
                    made.pipeline().addLast(new Script());
                  }
                })
            .bind(new LocalAddress(MemoryWire.class))
            .channel();
    run();
  }

  /** Connects to the script, and gives the client's end. */
  public Http1Client connect(Listener keeper) {
    return connect(listening.localAddress(), keeper);
  }

  /** Connects to a server of ours that it starts, and gives the client's end. */
  public Http1Client connectTo(Handler handler, Listener keeper) {
    ServerOptions options = memory.options().build();
    memory.start(new ServerState(options, handler, new BlockingThreads(1)));
    return connect(memory.address(), keeper);
  }

  private Http1Client connect(SocketAddress to, Listener keeper) {
    new Bootstrap()
        .group(memory.loop())
        .channel(LocalChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .option(
            ChannelOption.WRITE_BUFFER_WATER_MARK,
            new WriteBufferWaterMark(NettyLink.HIGH_WATER / 2, NettyLink.HIGH_WATER))
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel made) {
                clientChannel = made;
                made.pipeline().addLast(link(made, keeper));
              }
            })
        .connect(to);
    run();
    if (client == null) {
      throw new AssertionError("no connection");
    }
    return client;
  }

  private NettyLink link(Channel made, Listener keeper) {
    ConnectionContext context = new ConnectionContext(services.context, NOWHERE, NOWHERE, false);
    return new NettyLink(
        made,
        services,
        context,
        false,
        (socket, shared) -> {
          Http1Client machine = new Http1Client(socket, context, shared.http1);
          machine.keptBy(keeper);
          client = machine;
          return machine;
        });
  }

  /** The client's loop, which is the server's. */
  public Loop loop() {
    return services.loop();
  }

  /** Runs all that is ready. */
  public void run() {
    memory.run();
  }

  /** Lets virtual time pass. */
  public void advance(Duration duration) {
    memory.advance(duration);
  }

  /** What the client sent so far. */
  public String sent() {
    return received.toString(ISO_8859_1);
  }

  /** What the client sent since the last such question. */
  public String take() {
    String text = sent();
    received.reset();
    return text;
  }

  /** In how many pieces what it sent arrived. */
  public int pieces() {
    return flushes;
  }

  /** Runs this when bytes of the client come, on the very stack that brings them. */
  public void onBytes(Runnable script) {
    answering = script;
  }

  /** Sends this to the client. */
  public void send(String text) {
    sendNow(text.getBytes(ISO_8859_1));
    run();
  }

  /** Sends this within what the loop does now. */
  public void sendNow(byte[] bytes) {
    serverEnd().writeAndFlush(Unpooled.copiedBuffer(bytes));
  }

  /** The server takes bytes, or takes none. */
  public void serverReads(boolean on) {
    serverEnd().config().setAutoRead(on);
    run();
  }

  /** The server closes. */
  public void closeServer() {
    serverEnd().close();
    run();
  }

  /** The server closes its half only; local channels have none, so the event is made. */
  public void fin() {
    clientEnd().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    run();
  }

  /** The connection is reset. */
  public void reset() {
    clientEnd().pipeline().fireExceptionCaught(new IOException("connection reset"));
    run();
  }

  /** Whether the client's end reads. */
  public boolean isReading() {
    return clientEnd().config().isAutoRead();
  }

  private Channel clientEnd() {
    if (clientChannel == null) {
      throw new AssertionError("nobody connected");
    }
    return clientChannel;
  }

  /** Whether the server sees the connection closed. */
  public boolean isClosed() {
    return !serverEnd().isActive();
  }

  private Channel serverEnd() {
    if (server == null) {
      throw new AssertionError("nobody connected");
    }
    return server;
  }

  /** How many connections of the client are open. */
  public int connections() {
    return services.connections();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    listening.close();
    run();
    if (connections() != 0) {
      throw new AssertionError("left behind: " + connections() + " connections");
    }
  }

  private final class Script extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      byte[] bytes = new byte[in.readableBytes()];
      in.readBytes(bytes);
      in.release();
      received.writeBytes(bytes);
      flushes++;
      if (answering != null) {
        answering.run();
      }
    }
  }
}
