package dev.runnel.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The routes, for HTTP/1.1. A connection gets the aggregator, the handler of chunks and those of
 * WebSocket with the first request that needs them. Blocking is done on virtual threads. Answers to
 * pipelined requests are in order only where all of them are written at once.
 */
final class NettyHttp1Handler extends ChannelInboundHandlerAdapter {
  static final byte[] HELLO = "Hello, World!".getBytes(CharsetUtil.US_ASCII);

  private static final int MIB = 1024 * 1024;
  private static final int ROUTES = 50;
  private static final byte[] BYTES = new byte[10 * MIB];
  private static final byte[] EVENT =
      ("data: " + "x".repeat(100) + "\n\n").getBytes(CharsetUtil.US_ASCII);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ExecutorService BLOCKING = Executors.newVirtualThreadPerTaskExecutor();
  private static final ChannelGroup SUBSCRIBERS =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private static final ChannelGroup ROOM = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  private record Message(String message) {}

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof HttpRequest request && isWebSocket(request)) {
      webSocket(ctx, request);
      return;
    }
    try {
      if (message instanceof HttpRequest request) {
        serve(ctx, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
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

  private static void serve(ChannelHandlerContext ctx, HttpRequest request) throws IOException {
    if (request.method().equals(HttpMethod.POST)) {
      post(ctx, request);
      return;
    }
    switch (request.uri()) {
      case "/plaintext" -> hello(ctx, request);
      case "/json" -> json(ctx, request);
      case "/download/bytes" ->
          NettyResponses.send(ctx, request, "application/octet-stream", BYTES);
      case "/download/file" -> file(ctx, request);
      case "/download/stream" -> stream(ctx, request);
      case "/delay" ->
          ctx.executor().schedule(() -> helloNow(ctx, request), 1, TimeUnit.MILLISECONDS);
      case "/block" -> BLOCKING.execute(() -> block(ctx, request));
      case "/events" -> events(ctx);
      default -> parameter(ctx, request);
    }
  }

  private static void parameter(ChannelHandlerContext ctx, HttpRequest request) {
    String path = request.uri();
    int end = path.indexOf('/', 1);
    if (path.startsWith("/r") && end > 2 && isRoute(path.substring(2, end))) {
      NettyResponses.send(
          ctx, request, "text/plain", path.substring(end + 1).getBytes(CharsetUtil.UTF_8));
    } else {
      NettyResponses.status(ctx, request, HttpResponseStatus.NOT_FOUND);
    }
  }

  private static boolean isRoute(String number) {
    return number.length() <= 2
        && number.chars().allMatch(Character::isDigit)
        && Integer.parseInt(number) < ROUTES;
  }

  private static void post(ChannelHandlerContext ctx, HttpRequest request) {
    String path = request.uri();
    if (!(request instanceof FullHttpRequest full)) {
      aggregate(ctx, request);
    } else if (path.equals("/echo")) {
      NettyResponses.send(ctx, request, "application/octet-stream", full.content().retain());
    } else if (path.startsWith("/publish/")) {
      publish(Integer.parseInt(path.substring("/publish/".length())));
      NettyResponses.status(ctx, request, HttpResponseStatus.OK);
    } else {
      NettyResponses.status(ctx, request, HttpResponseStatus.NOT_FOUND);
    }
  }

  private static void aggregate(ChannelHandlerContext ctx, HttpRequest request) {
    ctx.pipeline().addBefore(ctx.name(), null, new HttpObjectAggregator(MIB));
    ctx.pipeline().context(HttpServerCodec.class).fireChannelRead(request);
  }

  private static void hello(ChannelHandlerContext ctx, HttpRequest request) {
    NettyResponses.send(ctx, request, "text/plain", HELLO);
  }

  private static void json(ChannelHandlerContext ctx, HttpRequest request) throws IOException {
    byte[] body = JSON.writeValueAsBytes(new Message("Hello, World!"));
    NettyResponses.send(ctx, request, "application/json", body);
  }

  private static void helloNow(ChannelHandlerContext ctx, HttpRequest request) {
    hello(ctx, request);
    ctx.flush();
  }

  private static void block(ChannelHandlerContext ctx, HttpRequest request) {
    try {
      Thread.sleep(1);
      ctx.executor().execute(() -> helloNow(ctx, request));
    } catch (InterruptedException e) {
      ctx.close();
    }
  }

  private static void file(ChannelHandlerContext ctx, HttpRequest request) throws IOException {
    File file = new File(System.getProperty("bench.file"));
    HttpResponse head = NettyResponses.head(request, "application/octet-stream");
    HttpUtil.setContentLength(head, file.length());
    ctx.write(head);
    if (ctx.pipeline().get(SslHandler.class) == null) {
      ctx.write(new DefaultFileRegion(file, 0, file.length()));
      NettyResponses.end(request, ctx.write(LastHttpContent.EMPTY_LAST_CONTENT));
    } else {
      chunks(ctx, request, new HttpChunkedInput(new ChunkedFile(file)));
    }
  }

  private static void stream(ChannelHandlerContext ctx, HttpRequest request) {
    HttpResponse head = NettyResponses.head(request, "application/octet-stream");
    HttpUtil.setTransferEncodingChunked(head, true);
    ctx.write(head);
    chunks(ctx, request, new HttpChunkedInput(new NettyPieces()));
  }

  private static void chunks(
      ChannelHandlerContext ctx, HttpRequest request, HttpChunkedInput input) {
    if (ctx.pipeline().get(ChunkedWriteHandler.class) == null) {
      ctx.pipeline().addBefore(ctx.name(), null, new ChunkedWriteHandler());
    }
    NettyResponses.end(request, ctx.write(input));
  }

  private static void events(ChannelHandlerContext ctx) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
    HttpUtil.setTransferEncodingChunked(head, true);
    ctx.write(head);
    SUBSCRIBERS.add(ctx.channel());
  }

  private static void publish(int count) {
    for (int i = 0; i < count; i++) {
      DefaultHttpContent event = new DefaultHttpContent(Unpooled.wrappedBuffer(EVENT));
      SUBSCRIBERS.writeAndFlush(event, ChannelMatchers.all(), true);
    }
  }

  private static boolean isWebSocket(HttpRequest request) {
    return request.uri().startsWith("/ws/")
        && request.headers().contains(HttpHeaderNames.UPGRADE, "websocket", true);
  }

  /** The handlers of WebSocket take this one's place, and get the request again. */
  private void webSocket(ChannelHandlerContext ctx, HttpRequest request) {
    boolean room = request.uri().equals("/ws/room");
    ctx.pipeline()
        .addLast(
            new WebSocketServerProtocolHandler(room ? "/ws/room" : "/ws/echo"),
            new WebSocketFrameAggregator(MIB),
            new NettyWebSocketHandler(room ? ROOM : null));
    ctx.fireChannelRead(request);
    ctx.pipeline().remove(this);
  }
}
