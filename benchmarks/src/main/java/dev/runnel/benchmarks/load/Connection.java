package dev.runnel.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends a request, waits for a head of the expected status, and then hands over
 * whatever comes.
 */
abstract class Connection extends ChannelInboundHandlerAdapter {
  private final byte[] request;
  private final String status;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private @Nullable StringBuilder head = new StringBuilder();
  private @Nullable ChannelHandlerContext context;
  private boolean lost;

  /**
   * @param status that the answer must have; empty if the connection counts as open before it
   */
  Connection(String request, String status) {
    this.request = request.getBytes(StandardCharsets.US_ASCII);
    this.status = status.isEmpty() ? "" : "HTTP/1.1 " + status;
  }

  static String webSocket(String path) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  /** Bytes that came after the head; the buffer is released by the caller. */
  abstract void received(ByteBuf bytes);

  CompletableFuture<Void> opened() {
    return opened;
  }

  boolean isLost() {
    return lost;
  }

  void send(byte[] bytes) {
    if (context != null) {
      context.writeAndFlush(Unpooled.wrappedBuffer(bytes), context.voidPromise());
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    send(request);
    if (status.isEmpty()) {
      opened.complete(null);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (head != null) {
        readHead(head, bytes);
      }
      if (bytes.isReadable()) {
        received(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void readHead(StringBuilder so, ByteBuf bytes) {
    while (bytes.isReadable()) {
      so.append((char) bytes.readByte());
      int length = so.length();
      if (length > 3 && so.charAt(length - 1) == '\n' && so.charAt(length - 3) == '\n') {
        head = null;
        check(so.toString());
        return;
      }
    }
  }

  private void check(String whole) {
    if (whole.startsWith(status)) {
      opened.complete(null);
    } else {
      opened.completeExceptionally(new IOException("an answer that was not asked for: " + whole));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost = true;
    opened.completeExceptionally(new IOException("closed before it was open"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    System.err.println("lost a connection: " + cause);
    ctx.close();
  }
}
