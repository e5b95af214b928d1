package dev.runnel.conformance.contract;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.routing.Routes;
import io.netty.channel.epoll.Epoll;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a suite runs over.
 *
 * @param transport what moves the bytes; null is in memory, under virtual time
 * @param secure whether they are encrypted, the version agreed on by ALPN
 * @param protocol the version that the client speaks
 * @param leaving what a client that vanishes takes with it
 * @param face the language of the app
 */
record Combination(
    @Nullable Transport transport, boolean secure, Protocol protocol, Leaving leaving, Face face) {
  /** The language that the same endpoints are written in. */
  enum Face {
    JAVA,
    KOTLIN;

    Routes routes(Probe probe) {
      return this == JAVA ? Routes.of(new JavaApp(probe)::declare) : KotlinAppKt.kotlinApp(probe);
    }
  }

  /** How a client goes away. */
  enum Leaving {
    /** With its connection. */
    CONNECTION,
    /** Each stream for itself: RST_STREAM with CANCEL. */
    STREAM
  }

  /** All of them. */
  static Stream<Combination> all() {
    return Stream.concat(http1(), http2());
  }

  static Stream<Combination> http1() {
    return Stream.concat(http1InMemory(), http1OnTcp());
  }

  static Stream<Combination> http2() {
    return Stream.concat(http2InMemory(), http2OnTcp());
  }

  /** Where time is virtual. */
  static Stream<Combination> memory() {
    return Stream.concat(http1InMemory(), http2InMemory());
  }

  /** Where there are real sockets: half-closure, resets, back-pressure of the kernel. */
  static Stream<Combination> tcp() {
    return Stream.concat(http1OnTcp(), http2OnTcp());
  }

  static Stream<Combination> http1InMemory() {
    return Stream.concat(
        of(null, false, Protocol.HTTP_1, Face.values()),
        of(null, true, Protocol.HTTP_1, Face.JAVA));
  }

  static Stream<Combination> plainHttp1InMemory() {
    return http1InMemory().filter(on -> !on.secure);
  }

  static Stream<Combination> http2InMemory() {
    return Stream.concat(
        of(null, false, Protocol.HTTP_2, Face.values()),
        of(null, true, Protocol.HTTP_2, Face.values()));
  }

  static Stream<Combination> http1OnTcp() {
    return Stream.of(
            of(Transport.NIO, false, Protocol.HTTP_1, Face.values()),
            of(Transport.EPOLL, false, Protocol.HTTP_1, Face.values()),
            of(Transport.EPOLL, true, Protocol.HTTP_1, Face.JAVA))
        .flatMap(part -> part);
  }

  /** One face is enough for NIO: the machine is the same, and so are the sockets. */
  static Stream<Combination> http2OnTcp() {
    return Stream.of(
            of(Transport.NIO, false, Protocol.HTTP_2, Face.JAVA),
            of(Transport.EPOLL, false, Protocol.HTTP_2, Face.values()),
            of(Transport.EPOLL, true, Protocol.HTTP_2, Face.values()))
        .flatMap(part -> part);
  }

  /** Both faces in memory, one over TCP: for suites that spend real time there. */
  static Stream<Combination> oneFaceOnTcp() {
    return Stream.concat(memory(), tcp().filter(on -> on.face == Face.JAVA));
  }

  /** Without TLS, whose client waits for the server before a test can go on. */
  static Stream<Combination> plain() {
    return all().filter(on -> !on.secure);
  }

  /** Each way in which a client can go away. */
  static Stream<Combination> departures() {
    return Stream.concat(all(), http2().filter(on -> !on.secure).map(Combination::leavingByStream));
  }

  /** Each transport of HTTP/1.1 once, for what no app can change. */
  static Stream<Combination> transports() {
    return http1().filter(on -> on.face == Face.JAVA && !on.secure);
  }

  private static Stream<Combination> of(
      @Nullable Transport transport, boolean secure, Protocol protocol, Face... faces) {
    boolean there = transport != Transport.EPOLL || Epoll.isAvailable();
    return Arrays.stream(faces)
        .filter(face -> there)
        .map(face -> new Combination(transport, secure, protocol, Leaving.CONNECTION, face));
  }

  private Combination leavingByStream() {
    return new Combination(transport, secure, protocol, Leaving.STREAM, face);
  }

  boolean isMemory() {
    return transport == null;
  }

  /**
   * Whether a client that does not read holds the server back at once: by a window, or a socket.
   */
  boolean holdsBack() {
    return !isMemory() || protocol == Protocol.HTTP_2;
  }

  /** Whether a client can end its half and still read. */
  boolean hasHalves() {
    return holdsBack();
  }

  @Override
  public String toString() {
    return (transport == null ? "MEMORY" : transport.name())
        + (secure ? " TLS " : " ")
        + protocol
        + (leaving == Leaving.STREAM ? " RESETS " : " ")
        + face;
  }
}
