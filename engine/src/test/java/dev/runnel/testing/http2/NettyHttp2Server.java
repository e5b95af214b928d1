package dev.runnel.testing.http2;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server by Netty's own HTTP/2 codec, so that a client of ours is proved by somebody else. */
final class NettyHttp2Server implements AutoCloseable {
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel channel;

  NettyHttp2Server(Http2Settings settings) {
    channel =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer().initialSettings(settings).build(),
                            new Http2MultiplexHandler(new Stream()));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** Answers by the path; what it echoes is the body, piece by piece. */
  @ChannelHandler.Sharable
  private static final class Stream extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext stream, Object message) {
      if (message instanceof Http2HeadersFrame frame && frame.headers().method() != null) {
        begin(stream, frame);
      } else if (message instanceof Http2HeadersFrame trailers) {
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(trailers.headers(), true));
      } else if (message instanceof Http2DataFrame data) {
        stream.writeAndFlush(
            new DefaultHttp2DataFrame(data.content().retain(), data.isEndStream()));
        data.release();
      } else if (message instanceof Http2ResetFrame) {
        stream.close();
      }
    }

    private static void begin(ChannelHandlerContext stream, Http2HeadersFrame request) {
      String path = String.valueOf(request.headers().path());
      if (path.equals("null")) { // CONNECT
        head(stream, "200", Map.of(), false);
      } else if (path.startsWith("/bytes/")) {
        int count = Integer.parseInt(path.substring(7));
        head(stream, "200", Map.of("content-length", "" + count), false);
        send(stream, "0".repeat(count));
      } else if (path.equals("/hints")) {
        head(stream, "103", Map.of("link", "</a.css>"), false);
        head(stream, "204", Map.of(), true);
      } else if (path.equals("/reset")) {
        head(stream, "200", Map.of(), false);
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
      } else if (path.equals("/fields")) {
        send(head(stream, "200", Map.of(), false), request.headers().toString());
      } else {
        head(stream, "200", Map.of(), request.isEndStream());
      }
    }

    private static ChannelHandlerContext head(
        ChannelHandlerContext stream, String status, Map<String, String> fields, boolean end) {
      Http2Headers headers = new DefaultHttp2Headers().status(status);
      fields.forEach(headers::set);
      stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers, end));
      return stream;
    }

    private static void send(ChannelHandlerContext stream, String text) {
      ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
      stream.writeAndFlush(new DefaultHttp2DataFrame(bytes, true));
    }
  }
}
