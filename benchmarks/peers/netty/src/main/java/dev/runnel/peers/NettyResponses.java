package dev.runnel.peers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** Whole answers and heads of answers of HTTP/1.1, persistent where the request is. */
final class NettyResponses {
  private NettyResponses() {}

  static void send(ChannelHandlerContext ctx, HttpRequest request, String type, byte[] body) {
    send(ctx, request, type, Unpooled.wrappedBuffer(body));
  }

  static void send(ChannelHandlerContext ctx, HttpRequest request, String type, ByteBuf body) {
    HttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    HttpUtil.setContentLength(response, body.readableBytes());
    persistence(request, response);
    end(request, ctx.write(response));
  }

  static void status(ChannelHandlerContext ctx, HttpRequest request, HttpResponseStatus status) {
    HttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    HttpUtil.setContentLength(response, 0);
    persistence(request, response);
    end(request, ctx.write(response));
  }

  static HttpResponse head(HttpRequest request, String type) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    persistence(request, head);
    return head;
  }

  private static void persistence(HttpRequest request, HttpResponse response) {
    HttpUtil.setKeepAlive(
        response.headers(), request.protocolVersion(), HttpUtil.isKeepAlive(request));
  }

  static void end(HttpRequest request, ChannelFuture written) {
    if (!HttpUtil.isKeepAlive(request)) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}
