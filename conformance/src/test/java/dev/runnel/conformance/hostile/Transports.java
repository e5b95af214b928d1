package dev.runnel.conformance.hostile;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.ServerStartException;
import dev.runnel.http.Response;
import dev.runnel.server.Server;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;

/** Which transports this machine has. */
final class Transports {
  private Transports() {}

  static void assumeLoads(Transport transport) {
    try {
      Server.builder()
          .port(0)
          .handler(x -> x.respond(Response.ok()))
          .options(o -> o.transport(transport))
          .start()
          .stop(Duration.ZERO);
    } catch (ServerStartException e) {
      Assumptions.abort(e.getMessage());
    }
  }
}
