package dev.runnel.samples.secure;

import dev.runnel.engine.ListenAddress;
import dev.runnel.engine.Tls;
import dev.runnel.http.Response;
import dev.runnel.server.Filters;
import dev.runnel.server.Server;

/** HTTPS, and a port in clear that sends everybody there. */
public final class SecureJava {
  private SecureJava() {}

  /** Starts it; port 0 takes a free one. */
  public static Server start(Tls tls, int port, int clearPort) {
    // snippet:tls-java
    return Server.builder()
        .port(port)
        .tls(tls)
        .listen(ListenAddress.tcp("127.0.0.1", clearPort).redirectingToHttps())
        .routes(r -> r.use(Filters.hsts()).get("/", req -> Response.ok("hello")))
        .start();
    // end
  }

  /** Runs it until the process is told to stop. */
  public static void main(String[] args) {
    Server server = start(Tls.devCertificate(), 8443, 8080);
    server.stopOnSignal(Server.DEFAULT_DRAIN);
    System.out.println("SecureJava listens on " + server.uri());
    System.out.println("SecureJava has stopped: " + server.awaitStopped());
  }
}
