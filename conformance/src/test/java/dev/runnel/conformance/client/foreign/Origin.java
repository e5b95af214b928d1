package dev.runnel.conformance.client.foreign;

import dev.runnel.engine.ServerOptions;
import dev.runnel.http.Response;
import dev.runnel.server.LiveServer;
import dev.runnel.server.Server;
import dev.runnel.testing.TlsFiles;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A server of ours behind a proxy. It answers with who it thinks is asking and how; a POST with
 * what was sent.
 */
final class Origin implements AutoCloseable {
  private final LiveServer server;
  private final Way way;

  Origin(Way way, Consumer<ServerOptions.Builder> options) {
    this.way = way;
    Server.Builder builder =
        Server.builder()
            .port(0)
            .routes(
                routes -> {
                  routes.get(
                      "/who",
                      request ->
                          Response.ok(request.version() + " " + request.remoteAddress())
                              .header("x-target", request.target())
                              .header("x-host", request.authority()));
                  routes.post("/echo", request -> Response.ok(request.body().bytes()));
                  routes.put("/echo", request -> Response.ok(request.body().bytes()));
                })
            // Its watchdog goes by the wall clock, and loaded machines are slow.
            .options(o -> options.accept(o.watchdog(Duration.ZERO)));
    server = LiveServer.start(way.isTls() ? builder.tls(TlsFiles.server().build()) : builder);
  }

  int port() {
    return server.port();
  }

  String url(String path) {
    return way.scheme + "://localhost:" + port() + path;
  }

  @Override
  public void close() {
    server.close();
  }
}
