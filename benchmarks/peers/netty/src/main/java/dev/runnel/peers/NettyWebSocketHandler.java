package dev.runnel.peers;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;

/** Sends each message to all who are in the room, or back where there is none. */
final class NettyWebSocketHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
  private final ChannelGroup room;

  NettyWebSocketHandler(ChannelGroup room) {
    this.room = room;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof HandshakeComplete && room != null) {
      room.add(ctx.channel());
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
    if (room == null) {
      ctx.write(frame.retain());
    } else {
      room.writeAndFlush(frame.retain(), ChannelMatchers.all(), true);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
