package dev.runnel.peers;

import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What is the same with and without the router. Subscribers and rooms span the verticles, so events
 * and messages are written from the loop that has them; Vert.x hands them to that of the receiver.
 */
final class VertxShared {
  static final Buffer BYTES = Buffer.buffer(new byte[10 * 1024 * 1024]);

  private static final Buffer PIECE = Buffer.buffer(new byte[64 * 1024]);
  private static final int PIECES = 160;
  private static final String EVENT = "data: " + "x".repeat(100) + "\n\n";

  private final Set<HttpServerResponse> subscribers = ConcurrentHashMap.newKeySet();
  private final Set<ServerWebSocket> room = ConcurrentHashMap.newKeySet();

  record Message(String message) {}

  static void deploy(Supplier<Deployable> verticle) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    int instances = Runtime.getRuntime().availableProcessors();
    vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
        .onFailure(
            failure -> {
              failure.printStackTrace();
              vertx.close();
            });
  }

  static Future<HttpServer> listen(Vertx vertx, Consumer<HttpServer> handlers) {
    HttpServer clear = vertx.createHttpServer();
    handlers.accept(clear);
    Future<HttpServer> listening = clear.listen(Integer.getInteger("bench.port"), "127.0.0.1");
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort == null) {
      return listening;
    }
    HttpServer tls = vertx.createHttpServer(tls());
    handlers.accept(tls);
    return listening.compose(server -> tls.listen(tlsPort, "127.0.0.1"));
  }

  private static HttpServerOptions tls() {
    PemKeyCertOptions certificate =
        new PemKeyCertOptions()
            .setCertPath(System.getProperty("bench.cert"))
            .setKeyPath(System.getProperty("bench.key"));
    return new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate);
  }

  static HttpServerResponse binary(HttpServerResponse response) {
    return response.putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
  }

  static void stream(HttpServerResponse response) {
    pump(binary(response).setChunked(true), PIECES);
  }

  private static void pump(HttpServerResponse response, int remaining) {
    while (remaining > 0 && !response.writeQueueFull()) {
      response.write(PIECE);
      remaining--;
    }
    if (remaining == 0) {
      response.end();
    } else {
      int rest = remaining;
      response.drainHandler(drained -> pump(response, rest));
    }
  }

  void subscribe(HttpServerResponse response) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream").setChunked(true);
    response.closeHandler(closed -> subscribers.remove(response));
    response.writeHead();
    subscribers.add(response);
  }

  void publish(int count) {
    for (int i = 0; i < count; i++) {
      subscribers.forEach(subscriber -> subscriber.write(EVENT));
    }
  }

  static void echo(ServerWebSocket socket) {
    socket.textMessageHandler(socket::writeTextMessage);
    socket.binaryMessageHandler(socket::writeBinaryMessage);
  }

  void join(ServerWebSocket socket) {
    room.add(socket);
    socket.closeHandler(closed -> room.remove(socket));
    socket.textMessageHandler(text -> room.forEach(member -> member.writeTextMessage(text)));
    socket.binaryMessageHandler(data -> room.forEach(member -> member.writeBinaryMessage(data)));
  }
}
