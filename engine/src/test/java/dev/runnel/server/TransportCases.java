package dev.runnel.server;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.ServerStartException;
import dev.runnel.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The transports that this machine has. */
public final class TransportCases {
  private static final List<Transport> LOADED =
      Stream.of(Transport.values())
          .filter(transport -> transport != Transport.AUTO && loads(transport))
          .toList();

  private TransportCases() {}

  /** For {@code @MethodSource}. */
  public static List<Transport> loaded() {
    return LOADED;
  }

  private static boolean loads(Transport transport) {
    try {
      Server.builder()
          .port(0)
          .handler(x -> x.respond(Response.ok()))
          .options(o -> o.transport(transport).loops(1))
          .start()
          .stop(Duration.ZERO);
      return true;
    } catch (ServerStartException e) {
      return false;
    }
  }
}
