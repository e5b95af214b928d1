package dev.runnel.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.jooby.Context;
import io.jooby.ExecutionMode;
import io.jooby.Jooby;
import io.jooby.MediaType;
import io.jooby.ReactiveSupport;
import io.jooby.Sender;
import io.jooby.ServerOptions;
import io.jooby.ServerSentEmitter;
import io.jooby.SslOptions;
import io.jooby.StatusCode;
import io.jooby.netty.NettyServer;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Jooby on Netty. It sends Date and Server. Handlers run on a pool of eight workers for each
 * processor, unless they answer with a future; two event loops for each processor, and one thread
 * that accepts, on native epoll. HTTP/2 is off, as by default, unless {@code bench.http2} is true:
 * with it, HTTP/1.1 goes through other codecs, and over TLS fails (3.11.5).
 */
public final class JoobyServer extends Jooby {
  private static final int ROUTES = 50;
  private static final int PIECES = 160;
  private static final byte[] BYTES = new byte[10 * 1024 * 1024];
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final String EVENT = "x".repeat(100);

  private final ObjectMapper json = new ObjectMapper();
  private final Set<ServerSentEmitter> subscribers = ConcurrentHashMap.newKeySet();

  private record Message(String message) {}

  private JoobyServer() {
    setServerOptions(options());
    get("/plaintext", ctx -> "Hello, World!");
    get("/json", this::json);
    for (int i = 0; i < ROUTES; i++) {
      get("/r" + i + "/{id}", ctx -> ctx.path("id").value());
    }
    post("/echo", ctx -> binary(ctx).send(ctx.body().bytes()));
    downloads();
    delay();
    get("/block", JoobyServer::block);
    events();
    webSockets();
  }

  public static void main(String[] args) {
    runApp(args, new NettyServer(), ExecutionMode.DEFAULT, JoobyServer::new);
  }

  private static ServerOptions options() {
    ServerOptions options =
        new ServerOptions()
            .setPort(Integer.getInteger("bench.port"))
            .setHttp2(Boolean.getBoolean("bench.http2"));
    options.setHost("127.0.0.1");
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort != null) {
      String keystore = System.getProperty("bench.keystore");
      options.setSecurePort(tlsPort).setSsl(SslOptions.pkcs12(keystore, "changeit"));
    }
    return options;
  }

  private Object json(Context ctx) throws Exception {
    byte[] body = json.writeValueAsBytes(new Message("Hello, World!"));
    return ctx.setResponseType(MediaType.json).send(body);
  }

  private static Context binary(Context ctx) {
    return ctx.setResponseType(MediaType.octetStream);
  }

  private void downloads() {
    Path file = Path.of(System.getProperty("bench.file"));
    get("/download/bytes", ctx -> binary(ctx).send(BYTES));
    get("/download/file", ctx -> binary(ctx).send(file));
    get("/download/stream", JoobyServer::stream);
  }

  private static Object stream(Context ctx) {
    pieces(binary(ctx).responseSender(), PIECES);
    return ctx;
  }

  private static void pieces(Sender sender, int remaining) {
    if (remaining == 0) {
      sender.close();
      return;
    }
    sender.write(
        PIECE,
        (ctx, failure) -> {
          if (failure == null) {
            pieces(sender, remaining - 1);
          }
        });
  }

  private void delay() {
    Executor later = CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS);
    routes(
        () -> {
          use(ReactiveSupport.concurrent());
          get("/delay", ctx -> CompletableFuture.supplyAsync(() -> "Hello, World!", later))
              .setNonBlocking(true);
        });
  }

  private static Object block(Context ctx) throws InterruptedException {
    Thread.sleep(1);
    return "Hello, World!";
  }

  private void events() {
    sse(
        "/events",
        emitter -> {
          subscribers.add(emitter);
          emitter.onClose(() -> subscribers.remove(emitter));
        });
    post("/publish/{n}", this::publish);
  }

  private Object publish(Context ctx) {
    int count = ctx.path("n").intValue();
    for (int i = 0; i < count; i++) {
      subscribers.forEach(subscriber -> subscriber.send(EVENT));
    }
    return StatusCode.OK;
  }

  /** A message does not say whether it is text, so all are sent as text. */
  private void webSockets() {
    ws("/ws/echo", (ctx, socket) -> socket.onMessage((ws, message) -> ws.send(message.value())));
    ws(
        "/ws/room",
        (ctx, socket) ->
            socket.onMessage(
                (ws, message) -> {
                  String text = message.value();
                  ws.forEach(member -> member.send(text));
                }));
  }
}
