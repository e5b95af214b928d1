package dev.runnel.server;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.Tls;
import io.netty.handler.ssl.OpenSsl;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What TLS is tested over: each engine that loads here, on each transport, in each version. */
public final class TlsCases {
  private TlsCases() {}

  /** One of them. */
  public record Case(Tls.Engine engine, Transport transport, String version) {}

  /** The engines that load here, for {@code @MethodSource}. */
  public static List<Tls.Engine> engines() {
    return OpenSsl.isAvailable()
        ? List.of(Tls.Engine.JDK, Tls.Engine.BORINGSSL)
        : List.of(Tls.Engine.JDK);
  }

  /** All, for {@code @MethodSource}. */
  public static Stream<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (Tls.Engine engine : engines()) {
      for (Transport transport : TransportCases.loaded()) {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
          cases.add(new Case(engine, transport, version));
        }
      }
    }
    return cases.stream();
  }
}
