package dev.runnel.peers;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.HttpFile;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import com.linecorp.armeria.server.websocket.WebSocketService;
import com.linecorp.armeria.server.websocket.WebSocketServiceHandler;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Armeria, with functional services. It sends a Date and a Server header. Services run on its event
 * loops, two for each processor, with the native transport, which comes along; blocking code runs
 * on its pool of 200 threads at most. The clear port speaks h2c, by upgrade and by prior knowledge.
 */
public final class ArmeriaServer {
  private static final int ROUTES = 50;
  private static final int PIECES = 160;
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final byte[] DOWNLOAD = new byte[PIECES * PIECE.length];
  private static final ServerSentEvent EVENT = ServerSentEvent.ofData("x".repeat(100));

  private final Set<StreamWriter<ServerSentEvent>> subscribers = ConcurrentHashMap.newKeySet();

  private ArmeriaServer() {}

  record Message(String message) {}

  public static void main(String[] args) {
    new ArmeriaServer().start();
  }

  private void start() {
    ServerBuilder server = Server.builder();
    server.http(new InetSocketAddress("127.0.0.1", Integer.getInteger("bench.port")));
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort != null) {
      server.https(new InetSocketAddress("127.0.0.1", tlsPort));
      server.tls(
          new File(System.getProperty("bench.cert")), new File(System.getProperty("bench.key")));
    }
    services(server);
    server.build().start().join();
  }

  private void services(ServerBuilder server) {
    Path file = Path.of(System.getProperty("bench.file", "10m.bin"));
    server
        .service("/plaintext", (ctx, req) -> hello())
        .service("/json", (ctx, req) -> HttpResponse.ofJson(new Message("Hello, World!")))
        .service("/echo", (ctx, req) -> echo(req))
        .service("/download/bytes", (ctx, req) -> octets(HttpData.wrap(DOWNLOAD)))
        .service("/download/file", HttpFile.of(file).asService())
        .service("/download/stream", (ctx, req) -> stream(ctx))
        .service("/delay", (ctx, req) -> HttpResponse.delayed(hello(), Duration.ofMillis(1)))
        .service(
            "/block",
            (ctx, req) -> HttpResponse.of(ArmeriaServer::block, ctx.blockingTaskExecutor()))
        .service("/events", (ctx, req) -> events(ctx))
        .service("/publish/{n}", (ctx, req) -> publish(Integer.parseInt(ctx.pathParam("n"))))
        .service("/ws/echo", socket(new Echo()))
        .service("/ws/room", socket(new Room()));
    for (int i = 0; i < ROUTES; i++) {
      server.service(
          "/r" + i + "/{id}",
          (ctx, req) -> HttpResponse.of(MediaType.PLAIN_TEXT_UTF_8, ctx.pathParam("id")));
    }
  }

  /** Of any origin, or of none, which clients other than browsers have. */
  private static WebSocketService socket(WebSocketServiceHandler handler) {
    return WebSocketService.builder(handler).allowedOrigins("*").build();
  }

  private static HttpResponse hello() {
    return HttpResponse.of("Hello, World!");
  }

  private static HttpResponse octets(HttpData body) {
    return HttpResponse.of(HttpStatus.OK, MediaType.OCTET_STREAM, body);
  }

  private static HttpResponse echo(HttpRequest req) {
    return HttpResponse.of(req.aggregate().thenApply(whole -> octets(whole.content())));
  }

  private static HttpResponse stream(ServiceRequestContext ctx) {
    HttpResponseWriter out = HttpResponse.streaming();
    out.write(ResponseHeaders.of(HttpStatus.OK, "content-type", MediaType.OCTET_STREAM));
    out.whenConsumed().thenRunAsync(() -> piece(ctx, out, PIECES), ctx.eventLoop());
    return out;
  }

  /** The next piece is made when the one before it was consumed. */
  private static void piece(ServiceRequestContext ctx, HttpResponseWriter out, int left) {
    if (left == 0) {
      out.close();
    } else if (out.tryWrite(HttpData.wrap(PIECE))) {
      out.whenConsumed().thenRunAsync(() -> piece(ctx, out, left - 1), ctx.eventLoop());
    }
  }

  private static HttpResponse block() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return hello();
  }

  /** A request has 10 seconds unless told otherwise; the head goes with the first event. */
  private HttpResponse events(ServiceRequestContext ctx) {
    ctx.clearRequestTimeout();
    StreamWriter<ServerSentEvent> out = StreamMessage.streaming();
    out.write(ServerSentEvent.ofComment("subscribed"));
    subscribers.add(out);
    out.whenComplete().whenComplete((done, error) -> subscribers.remove(out));
    return ServerSentEvents.fromPublisher(out);
  }

  private HttpResponse publish(int n) {
    for (int i = 0; i < n; i++) {
      subscribers.forEach(out -> out.tryWrite(EVENT));
    }
    return HttpResponse.of(HttpStatus.OK);
  }
}
