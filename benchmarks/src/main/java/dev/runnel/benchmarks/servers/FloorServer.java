package dev.runnel.benchmarks.servers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * No server: what the transport costs before anybody looks at a request. Takes it that all requests
 * have the length of the first one, which those of a load generator have, and answers each with the
 * same bytes, in one write per read.
 */
public final class FloorServer extends ChannelInboundHandlerAdapter {
  private static final byte[] ANSWER =
      ("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 13\r\n"
              + "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\nHello, World!")
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONE =
      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private byte[] answer = NONE;
  private int requestLength;
  private int unanswered; // bytes of a request that has not come whole

  /** For one connection. */
  public FloorServer() {}

  public static void main(String[] args) throws InterruptedException {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    new ServerBootstrap()
        .group(group)
        .channel(EpollServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new FloorServer());
              }
            })
        .bind("127.0.0.1", Integer.getInteger("bench.port"))
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    if (requestLength == 0) {
      learn(in.toString(StandardCharsets.US_ASCII));
    }
    unanswered += in.readableBytes();
    in.release();
    int count = unanswered / requestLength;
    unanswered -= count * requestLength;
    if (count > 0) {
      ByteBuf out = ctx.alloc().ioBuffer(count * answer.length);
      for (int i = 0; i < count; i++) {
        out.writeBytes(answer);
      }
      ctx.writeAndFlush(out, ctx.voidPromise());
    }
  }

  private void learn(String requests) {
    requestLength = requests.indexOf("\r\n\r\n") + 4;
    if (requests.startsWith("GET /plaintext ")) {
      answer = ANSWER;
    }
  }
}
