package dev.runnel.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RoutingHandler;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.resource.PathResourceManager;
import io.undertow.server.handlers.resource.ResourceHandler;
import io.undertow.server.handlers.resource.ResourceManager;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.xnio.Pooled;

/**
 * Undertow with its routing handler. It sends Date and Connection, but no Server. An I/O thread for
 * each processor, on NIO, and eight workers for each of those, where blocking handlers run. HTTP/2
 * is off unless asked for, as it is here.
 */
public final class UndertowServer {
  private static final int ROUTES = 50;
  private static final int PIECES = 160;
  private static final byte[] BYTES = new byte[10 * 1024 * 1024];
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final String EVENT = "x".repeat(100);
  private static final ObjectMapper JSON = new ObjectMapper();

  private UndertowServer() {}

  private record Message(String message) {}

  public static void main(String[] args) throws Exception {
    Undertow.Builder server =
        Undertow.builder()
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .addHttpListener(Integer.getInteger("bench.port"), "127.0.0.1")
            .setHandler(routes());
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort != null) {
      server.addHttpsListener(tlsPort, "127.0.0.1", tls());
    }
    server.build().start();
  }

  private static SSLContext tls() throws Exception {
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(System.getProperty("bench.keystore")))) {
      keys.load(in, password);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static RoutingHandler routes() {
    RoutingHandler routes =
        Handlers.routing()
            .get("/plaintext", UndertowServer::hello)
            .get("/json", UndertowServer::json)
            .post("/echo", UndertowServer::echo)
            .get("/download/bytes", exchange -> binary(exchange).send(ByteBuffer.wrap(BYTES)))
            .get("/download/file", file())
            .get("/download/stream", exchange -> pieces(binary(exchange), PIECES))
            .get("/delay", UndertowServer::delay)
            .get("/block", new BlockingHandler(UndertowServer::block))
            .get("/ws/echo", Handlers.websocket((exchange, channel) -> listen(channel, false)))
            .get("/ws/room", Handlers.websocket((exchange, channel) -> listen(channel, true)));
    for (int i = 0; i < ROUTES; i++) {
      routes.get(
          "/r" + i + "/{id}",
          exchange -> text(exchange, exchange.getQueryParameters().get("id").getFirst()));
    }
    ServerSentEventHandler events = Handlers.serverSentEvents();
    return routes
        .get("/events", events)
        .post("/publish/{n}", new BlockingHandler(exchange -> publish(exchange, events)));
  }

  private static void hello(HttpServerExchange exchange) {
    text(exchange, "Hello, World!");
  }

  private static void text(HttpServerExchange exchange, String body) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
    exchange.getResponseSender().send(body);
  }

  private static void json(HttpServerExchange exchange) throws IOException {
    byte[] body = JSON.writeValueAsBytes(new Message("Hello, World!"));
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseSender().send(ByteBuffer.wrap(body));
  }

  private static void echo(HttpServerExchange exchange) {
    exchange
        .getRequestReceiver()
        .receiveFullBytes((received, body) -> binary(received).send(ByteBuffer.wrap(body)));
  }

  private static Sender binary(HttpServerExchange exchange) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/octet-stream");
    return exchange.getResponseSender();
  }

  private static ResourceHandler file() {
    Path file = Path.of(System.getProperty("bench.file")).toAbsolutePath();
    ResourceManager folder = new PathResourceManager(file.getParent());
    String name = file.getFileName().toString();
    return new ResourceHandler((exchange, path) -> folder.getResource(name));
  }

  private static void pieces(Sender sender, int remaining) {
    ByteBuffer piece = ByteBuffer.wrap(PIECE);
    if (remaining == 1) {
      sender.send(piece, IoCallback.END_EXCHANGE);
      return;
    }
    sender.send(
        piece,
        new IoCallback() {
          @Override
          public void onComplete(HttpServerExchange exchange, Sender sender) {
            pieces(sender, remaining - 1);
          }

          @Override
          public void onException(HttpServerExchange exchange, Sender sender, IOException failure) {
            IoCallback.END_EXCHANGE.onException(exchange, sender, failure);
          }
        });
  }

  private static void delay(HttpServerExchange exchange) {
    exchange.dispatch(
        SameThreadExecutor.INSTANCE,
        () -> exchange.getIoThread().executeAfter(() -> hello(exchange), 1, TimeUnit.MILLISECONDS));
  }

  private static void block(HttpServerExchange exchange) throws InterruptedException {
    Thread.sleep(1);
    hello(exchange);
  }

  private static void publish(HttpServerExchange exchange, ServerSentEventHandler events) {
    int count = Integer.parseInt(exchange.getQueryParameters().get("n").getFirst());
    Set<ServerSentEventConnection> subscribers = events.getConnections();
    for (int i = 0; i < count; i++) {
      subscribers.forEach(subscriber -> subscriber.send(EVENT));
    }
  }

  private static void listen(WebSocketChannel channel, boolean room) {
    channel.getReceiveSetter().set(new Listener(room));
    channel.resumeReceives();
  }

  private static final class Listener extends AbstractReceiveListener {
    private final boolean room;

    Listener(boolean room) {
      this.room = room;
    }

    private Set<WebSocketChannel> receivers(WebSocketChannel sender) {
      return room ? sender.getPeerConnections() : Set.of(sender);
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      String text = message.getData();
      receivers(channel).forEach(receiver -> WebSockets.sendText(text, receiver, null));
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      try (Pooled<ByteBuffer[]> data = message.getData()) {
        ByteBuffer merged = WebSockets.mergeBuffers(data.getResource());
        receivers(channel)
            .forEach(receiver -> WebSockets.sendBinary(merged.duplicate(), receiver, null));
      }
    }
  }
}
