package dev.runnel.peers;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * Vert.x with the router of Vert.x-Web. It sends neither Date nor Server. A verticle for each
 * processor, each on an event loop of its own, native epoll; blocking handlers on the pool of 20
 * workers. Compression of WebSocket messages is on where the client asks for it.
 */
public final class VertxWebServer extends VerticleBase {
  private static final int ROUTES = 50;

  private final VertxShared shared;

  private VertxWebServer(VertxShared shared) {
    this.shared = shared;
  }

  public static void main(String[] args) {
    VertxShared shared = new VertxShared();
    VertxShared.deploy(() -> new VertxWebServer(shared));
  }

  @Override
  public Future<?> start() {
    Router router = router();
    return VertxShared.listen(vertx, server -> server.requestHandler(router));
  }

  private Router router() {
    Router router = Router.router(vertx);
    router.get("/plaintext").handler(VertxWebServer::hello);
    router.get("/json").handler(ctx -> ctx.json(new VertxShared.Message("Hello, World!")));
    for (int i = 0; i < ROUTES; i++) {
      router.get("/r" + i + "/:id").handler(ctx -> text(ctx, ctx.pathParam("id")));
    }
    router
        .post("/echo")
        .handler(BodyHandler.create(false))
        .handler(ctx -> VertxShared.binary(ctx.response()).end(ctx.body().buffer()));
    downloads(router);
    router.get("/delay").handler(ctx -> vertx.setTimer(1, id -> hello(ctx)));
    router.get("/block").blockingHandler(VertxWebServer::block, false);
    router.get("/events").handler(ctx -> shared.subscribe(ctx.response()));
    router.post("/publish/:n").handler(this::publish);
    router
        .route("/ws/echo")
        .handler(ctx -> ctx.request().toWebSocket().onSuccess(VertxShared::echo));
    router.route("/ws/room").handler(ctx -> ctx.request().toWebSocket().onSuccess(shared::join));
    return router;
  }

  private static void downloads(Router router) {
    router
        .get("/download/bytes")
        .handler(ctx -> VertxShared.binary(ctx.response()).end(VertxShared.BYTES));
    router
        .get("/download/file")
        .handler(
            ctx -> VertxShared.binary(ctx.response()).sendFile(System.getProperty("bench.file")));
    router.get("/download/stream").handler(ctx -> VertxShared.stream(ctx.response()));
  }

  private static void hello(RoutingContext ctx) {
    text(ctx, "Hello, World!");
  }

  private static void text(RoutingContext ctx, String body) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain").end(body);
  }

  private static void block(RoutingContext ctx) {
    try {
      Thread.sleep(1);
      hello(ctx);
    } catch (InterruptedException e) {
      ctx.fail(e);
    }
  }

  private void publish(RoutingContext ctx) {
    shared.publish(Integer.parseInt(ctx.pathParam("n")));
    ctx.end();
  }
}
