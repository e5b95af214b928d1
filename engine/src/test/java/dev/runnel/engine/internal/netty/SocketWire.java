package dev.runnel.engine.internal.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.h1.Http1Client;
import dev.runnel.io.Loop;
import dev.runnel.testing.TlsFiles;
import dev.runnel.transport.ClientConnection.Listener;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;

/** A connection over loopback: a client's machine at one end, a plain socket at the other. */
public final class SocketWire implements AutoCloseable {
  private static final int PATIENCE = 10_000;

  private final MultiThreadIoEventLoopGroup group;
  private final LoopServices services;
  private final Http1Client client;
  private final Socket plain;
  private final Socket server;

  /**
   * Connects, with epoll or NIO, in clear or with TLS.
   *
   * @param writeStall how long the server may take nothing
   */
  public SocketWire(boolean epoll, boolean tls, Duration writeStall, Listener keeper)
      throws IOException {
    group =
        new MultiThreadIoEventLoopGroup(
            1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    ClientEnd end = new ClientEnd(Limits.DEFAULT, Timeouts.DEFAULT.withWriteStall(writeStall));
    services = new LoopServices(group.next(), end, Duration.ofMillis(10));
    CompletableFuture<Http1Client> made = new CompletableFuture<>();
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      new Bootstrap()
          .group(group)
          .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
          .option(ChannelOption.AUTO_READ, false)
          .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
          .handler(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                  if (tls) {
                    SSLEngine engine = TlsFiles.client().createSSLEngine("localhost", 1);
                    engine.setUseClientMode(true);
                    channel.pipeline().addLast(new SslHandler(engine));
                  }
                  channel.pipeline().addLast(new Connected(() -> link(channel, tls, keeper, made)));
                }
              })
          .connect(listening.getLocalSocketAddress())
          .syncUninterruptibly();
      plain = listening.accept();
    }
    plain.setSoTimeout(PATIENCE);
    server = tls ? secured(plain) : plain;
    client = made.join();
  }

  /** A link belongs on a connection: read from before there is one, epoll takes it for closed. */
  private static final class Connected extends ChannelInboundHandlerAdapter {
    private final Supplier<NettyLink> link;

    Connected(Supplier<NettyLink> link) {
      this.link = link;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.pipeline().replace(this, null, link.get());
    }
  }

  private NettyLink link(
      Channel channel, boolean tls, Listener keeper, CompletableFuture<Http1Client> made) {
    InetSocketAddress there = InetSocketAddress.createUnresolved("localhost", 1);
    ConnectionContext context = new ConnectionContext(services.context, there, there, tls);
    return new NettyLink(
        channel,
        services,
        context,
        false,
        (socket, shared) -> {
          Http1Client machine = new Http1Client(socket, context, shared.http1);
          machine.keptBy(keeper);
          made.complete(machine);
          return machine;
        });
  }

  private static Socket secured(Socket plain) throws IOException {
    try {
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      char[] password = TlsFiles.PASSWORD.toCharArray();
      keys.init(KeyStore.getInstance(TlsFiles.file("server.p12").toFile(), password), password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      SSLSocket secured =
          (SSLSocket) context.getSocketFactory().createSocket(plain, (InputStream) null, true);
      secured.setUseClientMode(false);
      secured.startHandshake();
      return secured;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The client's end. */
  public Http1Client client() {
    return client;
  }

  /** The client's loop. */
  public Loop loop() {
    return services.loop();
  }

  /** Reads a request head. */
  public String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = server.getInputStream().read();
      if (b < 0) {
        throw new AssertionError("the client closed after " + head);
      }
      head.append((char) b);
    }
    return head.toString();
  }

  /** Sends to the client. */
  public void send(String text) throws IOException {
    server.getOutputStream().write(text.getBytes(ISO_8859_1));
    server.getOutputStream().flush();
  }

  /** Ends what is sent as it should be: under TLS with close_notify. */
  public void end() throws IOException {
    server.shutdownOutput();
  }

  /** Sends a FIN, and under TLS nothing before it. */
  public void fin() throws IOException {
    plain.shutdownOutput();
  }

  /** Sends a reset. */
  public void reset() throws IOException {
    plain.setSoLinger(true, 0);
    plain.close();
  }

  @Override
  public void close() throws IOException {
    try (plain) {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
