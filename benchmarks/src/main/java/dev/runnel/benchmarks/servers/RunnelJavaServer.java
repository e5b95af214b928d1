package dev.runnel.benchmarks.servers;

import dev.runnel.engine.Exchange;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.hub.Hub;
import dev.runnel.io.Loop;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.routing.Routes;
import dev.runnel.sse.ServerEvent;
import dev.runnel.sse.Sse;
import dev.runnel.websocket.Message;
import dev.runnel.ws.WebSockets;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsListener;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The service of the benchmarks with the Java face: asynchronous handlers where nothing blocks,
 * blocking ones (on virtual threads) where something does, JSON by Jackson.
 */
public final class RunnelJavaServer {
  private record Greeting(String message) {}

  private static final class Echo implements WsListener {
    @Override
    public CompletionStage<?> onMessage(WsChannel session, Message message) {
      return session.send(message);
    }
  }

  private static final byte[] PIECE = new byte[BenchServers.DOWNLOAD / BenchServers.PIECES];

  private final Response constant = Response.ok(new byte[BenchServers.DOWNLOAD]);
  private final Hub<ServerEvent> news = new Hub<>();
  private final Hub<String> room = new Hub<>();

  private RunnelJavaServer() {}

  public static void main(String[] args) {
    BenchServers.serve(service());
  }

  /** Its routes. */
  public static Routes service() {
    return Routes.of(new RunnelJavaServer()::routes);
  }

  private void routes(RouteBuilder r) {
    r.getAsync("/plaintext", req -> now(Response.ok("Hello, World!")))
        .getAsync("/json", req -> now(Response.json(new Greeting("Hello, World!"))))
        .postAsync("/echo", RunnelJavaServer::echo)
        .getAsync("/download/bytes", req -> now(constant))
        .get("/download/file", req -> Response.file(BenchServers.FILE))
        .get(
            "/download/stream",
            req -> Response.output("application/octet-stream", RunnelJavaServer::pieces))
        .handle(Method.GET, "/delay", RunnelJavaServer::later)
        .get("/block", req -> blocking())
        .getAsync(
            "/events",
            req ->
                now(
                    Sse.streamAsync(
                        sink -> {
                          sink.join(news);
                          return sink.closed();
                        })))
        .postAsync("/publish/{n:int}", this::publish)
        .get("/ws/echo", req -> WebSockets.listen(req, new Echo()))
        .get("/ws/room", req -> WebSockets.listen(req, new Member()));
    for (int i = 0; i < BenchServers.ROUTES; i++) {
      r.getAsync("/r" + i + "/{id}", req -> now(Response.ok(req.path("id"))));
    }
  }

  private static CompletableFuture<Response> now(Response response) {
    return CompletableFuture.completedFuture(response);
  }

  private static CompletionStage<Response> echo(Request request) {
    return request.body().bytesAsync().thenApply(Response::ok);
  }

  private static void pieces(OutputStream out) throws IOException {
    for (int i = 0; i < BenchServers.PIECES; i++) {
      out.write(PIECE);
    }
  }

  private static void later(Exchange call) {
    Loop.Timer unused =
        call.loop()
            .schedule(() -> call.respond(Response.ok("Hello, World!")), Duration.ofMillis(1));
  }

  private static Response blocking() throws InterruptedException {
    Thread.sleep(1);
    return Response.ok("Hello, World!");
  }

  private CompletionStage<Response> publish(Request request) {
    ServerEvent event = ServerEvent.of(BenchServers.EVENT);
    CompletionStage<?> last = CompletableFuture.completedFuture(null);
    for (int i = request.pathInt("n"); i > 0; i--) {
      last = news.broadcast(event);
    }
    return last.thenApply(all -> Response.ok());
  }

  private final class Member implements WsListener {
    @Override
    public void onOpen(WsChannel session) {
      CompletionStage<?> unused = session.subscribe(room);
    }

    @Override
    public CompletionStage<?> onMessage(WsChannel session, Message message) {
      return room.broadcast(message.text());
    }
  }
}
