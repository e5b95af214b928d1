package dev.runnel.peers;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * Javalin on Jetty. It sends Date, but no Server. Handlers run on Jetty's pool of up to 250
 * threads, and may block; virtual threads are an option, and off. Answers are compressed where the
 * client asks for it. HTTP/2 is a matter of Jetty's connectors.
 */
public final class JavalinServer {
  private static final int MIB = 1024 * 1024;
  private static final int ROUTES = 50;
  private static final int PIECES = 160;
  private static final byte[] BYTES = new byte[10 * MIB];
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final String EVENT = "x".repeat(100);
  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);

  private final Set<SseClient> subscribers = ConcurrentHashMap.newKeySet();
  private final Set<WsContext> room = ConcurrentHashMap.newKeySet();

  private JavalinServer() {}

  private record Message(String message) {}

  public static void main(String[] args) {
    Javalin.create(new JavalinServer()::configure).start();
  }

  private void configure(JavalinConfig config) {
    config.http.maxRequestSize = MIB;
    config.jetty.addConnector(JavalinServer::clear);
    if (System.getProperty("bench.tlsPort") != null) {
      config.jetty.addConnector(JavalinServer::tls);
    }
    routes(config.routes);
    config.routes.ws("/ws/echo", JavalinServer::echo);
    config.routes.ws("/ws/room", this::room);
  }

  private static ServerConnector clear(Server server, HttpConfiguration configuration) {
    ServerConnector connector =
        new ServerConnector(
            server,
            new HttpConnectionFactory(configuration),
            new HTTP2CServerConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.getInteger("bench.port"));
    return connector;
  }

  private static ServerConnector tls(Server server, HttpConfiguration configuration) {
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setKeyStorePath(System.getProperty("bench.keystore"));
    ssl.setKeyStorePassword("changeit");
    HttpConfiguration secure = new HttpConfiguration(configuration);
    secure.addCustomizer(new SecureRequestCustomizer(false));
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
    alpn.setDefaultProtocol("http/1.1");
    ServerConnector connector =
        new ServerConnector(
            server,
            new SslConnectionFactory(ssl, alpn.getProtocol()),
            alpn,
            new HTTP2ServerConnectionFactory(secure),
            new HttpConnectionFactory(secure));
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.getInteger("bench.tlsPort"));
    return connector;
  }

  private void routes(RoutesConfig routes) {
    routes.get("/plaintext", JavalinServer::hello);
    routes.get("/json", ctx -> ctx.json(new Message("Hello, World!")));
    for (int i = 0; i < ROUTES; i++) {
      routes.get("/r" + i + "/{id}", ctx -> ctx.result(ctx.pathParam("id")));
    }
    routes.post("/echo", ctx -> binary(ctx).result(ctx.bodyAsBytes()));
    routes.get("/download/bytes", ctx -> binary(ctx).result(BYTES));
    Path file = Path.of(System.getProperty("bench.file"));
    routes.get("/download/file", ctx -> binary(ctx).result(Files.newInputStream(file)));
    routes.get("/download/stream", JavalinServer::stream);
    routes.get("/delay", JavalinServer::delay);
    routes.get("/block", JavalinServer::block);
    routes.sse("/events", this::subscribe);
    routes.post("/publish/{n}", this::publish);
  }

  private static void hello(Context ctx) {
    ctx.result("Hello, World!");
  }

  private static Context binary(Context ctx) {
    return ctx.contentType(ContentType.APPLICATION_OCTET_STREAM);
  }

  private static void stream(Context ctx) throws IOException {
    OutputStream out = binary(ctx).outputStream();
    for (int i = 0; i < PIECES; i++) {
      out.write(PIECE);
    }
  }

  private static void delay(Context ctx) {
    ctx.future(() -> CompletableFuture.runAsync(() -> hello(ctx), LATER));
  }

  private static void block(Context ctx) throws InterruptedException {
    Thread.sleep(1);
    hello(ctx);
  }

  private void subscribe(SseClient client) {
    client.keepAlive();
    client.onClose(() -> subscribers.remove(client));
    subscribers.add(client);
  }

  private void publish(Context ctx) {
    int count = Integer.parseInt(ctx.pathParam("n"));
    for (int i = 0; i < count; i++) {
      subscribers.forEach(subscriber -> subscriber.sendData(EVENT));
    }
  }

  private static void echo(WsConfig ws) {
    ws.onMessage(ctx -> ctx.send(ctx.message()));
    ws.onBinaryMessage(ctx -> ctx.send(ctx.data()));
  }

  private void room(WsConfig ws) {
    ws.onConnect(room::add);
    ws.onClose(room::remove);
    ws.onMessage(
        ctx -> {
          String text = ctx.message();
          room.forEach(member -> member.send(text));
        });
    ws.onBinaryMessage(
        ctx -> {
          ByteBuffer data = ctx.data();
          room.forEach(member -> member.send(data.duplicate()));
        });
  }
}
