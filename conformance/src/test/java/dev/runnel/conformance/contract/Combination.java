package dev.runnel.conformance.contract;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.routing.Routes;
import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a suite runs over.
 *
 * @param transport what moves the bytes; null is in memory, under virtual time
 * @param face the language of the app
 */
record Combination(@Nullable Transport transport, Face face) {
  /** The language that the same endpoints are written in. */
  enum Face {
    JAVA,
    KOTLIN;

    Routes routes(Probe probe) {
      return this == JAVA ? Routes.of(new JavaApp(probe)::declare) : KotlinAppKt.kotlinApp(probe);
    }
  }

  /** All of them. */
  static Stream<Combination> all() {
    return Stream.concat(memory(), tcp());
  }

  /** Where time is virtual. */
  static Stream<Combination> memory() {
    return Stream.of(Face.values()).map(face -> new Combination(null, face));
  }

  /** Where there are real sockets: half-closure, resets, back-pressure of the kernel. */
  static Stream<Combination> tcp() {
    List<Transport> transports = new ArrayList<>(List.of(Transport.NIO));
    if (Epoll.isAvailable()) {
      transports.add(Transport.EPOLL);
    }
    return transports.stream()
        .flatMap(transport -> Stream.of(Face.values()).map(face -> of(transport, face)));
  }

  /** Each transport once, for what no app can change. */
  static Stream<Combination> transports() {
    return all().filter(on -> on.face == Face.JAVA);
  }

  private static Combination of(Transport transport, Face face) {
    return new Combination(transport, face);
  }

  boolean isMemory() {
    return transport == null;
  }

  @Override
  public String toString() {
    return (transport == null ? "MEMORY" : transport.name()) + " " + face;
  }
}
