package dev.runnel.peers;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.Json;

/**
 * Vert.x without its router: one handler, and paths by hand. Vert.x sends neither Date nor Server.
 * A verticle for each processor, each on an event loop of its own, native epoll; blocking code on
 * the pool of 20 workers. Compression of WebSocket messages is on where the client asks for it.
 */
public final class VertxCoreServer extends VerticleBase {
  private static final int ROUTES = 50;

  private final VertxShared shared;

  private VertxCoreServer(VertxShared shared) {
    this.shared = shared;
  }

  public static void main(String[] args) {
    VertxShared shared = new VertxShared();
    VertxShared.deploy(() -> new VertxCoreServer(shared));
  }

  @Override
  public Future<?> start() {
    return VertxShared.listen(
        vertx, server -> server.requestHandler(this::serve).webSocketHandler(this::webSocket));
  }

  private void serve(HttpServerRequest request) {
    if (request.method() == HttpMethod.POST) {
      post(request);
      return;
    }
    HttpServerResponse response = request.response();
    switch (request.path()) {
      case "/plaintext" -> hello(response);
      case "/json" ->
          response
              .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
              .end(Json.encodeToBuffer(new VertxShared.Message("Hello, World!")));
      case "/download/bytes" -> VertxShared.binary(response).end(VertxShared.BYTES);
      case "/download/file" ->
          VertxShared.binary(response).sendFile(System.getProperty("bench.file"));
      case "/download/stream" -> VertxShared.stream(response);
      case "/delay" -> vertx.setTimer(1, id -> hello(response));
      case "/block" -> vertx.executeBlocking(this::block, false).onSuccess(v -> hello(response));
      case "/events" -> shared.subscribe(response);
      default -> parameter(request.path(), response);
    }
  }

  private void post(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    String path = request.path();
    if (path.equals("/echo")) {
      request.body().onSuccess(body -> VertxShared.binary(response).end(body));
    } else if (path.startsWith("/publish/")) {
      shared.publish(Integer.parseInt(path.substring("/publish/".length())));
      response.end();
    } else {
      response.setStatusCode(404).end();
    }
  }

  private void parameter(String path, HttpServerResponse response) {
    int end = path.indexOf('/', 1);
    if (path.startsWith("/r") && end > 2 && isRoute(path.substring(2, end))) {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
          .end(Buffer.buffer(path.substring(end + 1)));
    } else {
      response.setStatusCode(404).end();
    }
  }

  private static boolean isRoute(String number) {
    return number.length() <= 2
        && number.chars().allMatch(Character::isDigit)
        && Integer.parseInt(number) < ROUTES;
  }

  private void hello(HttpServerResponse response) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain").end("Hello, World!");
  }

  private Void block() throws InterruptedException {
    Thread.sleep(1);
    return null;
  }

  private void webSocket(ServerWebSocket socket) {
    switch (socket.path()) {
      case "/ws/echo" -> VertxShared.echo(socket);
      case "/ws/room" -> shared.join(socket);
      default -> socket.close();
    }
  }
}
