package dev.runnel.benchmarks.servers;

import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.Tls;
import dev.runnel.routing.Routes;
import dev.runnel.server.Server;
import java.nio.file.Path;

/** What both faces have in common: where they listen, and the sizes of the service. */
final class BenchServers {
  static final int ROUTES = 50;
  static final int DOWNLOAD = 10 << 20;
  static final int PIECES = 160;
  static final String EVENT = "x".repeat(100);
  static final Path FILE = Path.of(System.getProperty("bench.file", "missing"));

  private BenchServers() {}

  /** Serves until the process ends: the runner stops it by closing its standard input. */
  static void serve(Routes routes) {
    Server.Builder builder =
        Server.builder()
            .routes(routes)
            .listen(ListenAddress.tcp("127.0.0.1", Integer.getInteger("bench.port")))
            // More than 10,000 connections at once are one of the workloads.
            .options(o -> o.limits(o.build().limits().withConnections(20_000)));
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort != null) {
      Tls tls =
          Tls.pem(
              Path.of(System.getProperty("bench.cert")), Path.of(System.getProperty("bench.key")));
      builder.listen(ListenAddress.tcp("127.0.0.1", tlsPort).withTls(tls));
    }
    Server server = builder.start();
    server.awaitStopped();
  }
}
