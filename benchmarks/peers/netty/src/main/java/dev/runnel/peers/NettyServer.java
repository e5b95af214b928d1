package dev.runnel.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Netty without a framework on it: what its codecs cost, with routes by hand. It sends neither Date
 * nor Server. One thread accepts, and two event loops for each processor serve, on native epoll.
 * TLS is that of the JDK, as no native library is on the class path. HTTP/2 has /plaintext only.
 */
public final class NettyServer {
  private NettyServer() {}

  public static void main(String[] args) throws Exception {
    EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(EpollIoHandler.newFactory());
    ServerBootstrap bootstrap =
        new ServerBootstrap().group(acceptor, loops).channel(EpollServerSocketChannel.class);

    bootstrap.clone().childHandler(new Clear()).bind("127.0.0.1", port("bench.port")).sync();
    if (System.getProperty("bench.tlsPort") != null) {
      bootstrap
          .clone()
          .childHandler(new Tls(tls()))
          .bind("127.0.0.1", port("bench.tlsPort"))
          .sync();
    }
  }

  private static int port(String property) {
    return Integer.getInteger(property);
  }

  private static SslContext tls() throws SSLException {
    File certificate = new File(System.getProperty("bench.cert"));
    File key = new File(System.getProperty("bench.key"));
    return SslContextBuilder.forServer(certificate, key)
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2,
                ApplicationProtocolNames.HTTP_1_1))
        .build();
  }

  private static void http1(ChannelPipeline pipeline) {
    pipeline.addLast(new HttpServerCodec(), new NettyHttp1Handler());
  }

  private static void http2(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer().build(), new Http2MultiplexHandler(Stream.INSTANCE));
  }

  private static final class Clear extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new Preface());
    }
  }

  /** Tells HTTP/2 by prior knowledge from HTTP/1.1: no method of the latter begins like that. */
  private static final class Preface extends ByteToMessageDecoder {
    private static final int PRI = 0x505249;

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < Integer.BYTES - 1) {
        return;
      }
      if (in.getUnsignedMedium(in.readerIndex()) == PRI) {
        http2(ctx.pipeline());
      } else {
        http1(ctx.pipeline());
      }
      ctx.pipeline().remove(this);
    }
  }

  private static final class Tls extends ChannelInitializer<Channel> {
    private final SslContext context;

    Tls(SslContext context) {
      this.context = context;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(context.newHandler(channel.alloc()), new Negotiation());
    }
  }

  private static final class Negotiation extends ApplicationProtocolNegotiationHandler {
    Negotiation() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
      if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
        http2(ctx.pipeline());
      } else {
        http1(ctx.pipeline());
      }
    }
  }

  /** One stream of HTTP/2. */
  @Sharable
  private static final class Stream extends ChannelInboundHandlerAdapter {
    static final Stream INSTANCE = new Stream();

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof Http2HeadersFrame head && head.isEndStream()) {
          respond(ctx, head);
        } else if (message instanceof Http2DataFrame data && data.isEndStream()) {
          notFound(ctx, data);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private static void respond(ChannelHandlerContext ctx, Http2HeadersFrame request) {
      if (!"/plaintext".contentEquals(request.headers().path())) {
        notFound(ctx, request);
        return;
      }
      Http2Headers headers =
          new DefaultHttp2Headers()
              .status(HttpResponseStatus.OK.codeAsText())
              .set(HttpHeaderNames.CONTENT_TYPE, "text/plain")
              .setInt(HttpHeaderNames.CONTENT_LENGTH, NettyHttp1Handler.HELLO.length);
      ctx.write(new DefaultHttp2HeadersFrame(headers).stream(request.stream()));
      ByteBuf body = Unpooled.wrappedBuffer(NettyHttp1Handler.HELLO);
      ctx.write(new DefaultHttp2DataFrame(body, true).stream(request.stream()));
    }

    private static void notFound(ChannelHandlerContext ctx, Http2StreamFrame request) {
      Http2Headers headers =
          new DefaultHttp2Headers().status(HttpResponseStatus.NOT_FOUND.codeAsText());
      ctx.write(new DefaultHttp2HeadersFrame(headers, true).stream(request.stream()));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      ctx.flush();
    }
  }
}
