package dev.runnel.conformance.client.contract;

import dev.runnel.http.Version;
import dev.runnel.transport.Destination.Protocol;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a suite runs over.
 *
 * @param inMemory whether the bytes move in memory, under virtual time; else over TCP
 * @param wire what is spoken
 * @param face whose calls they are
 */
public record Combination(boolean inMemory, Wire wire, Face face) {
  /** Who calls. */
  public enum Face {
    JAVA,
    KOTLIN
  }

  /** What is spoken, and how it is agreed on. */
  public enum Wire {
    HTTP_1(false, Protocol.NEGOTIATED, Version.HTTP_1_1),
    HTTP_1_TLS(true, Protocol.HTTP_1_1, Version.HTTP_1_1),
    /** With prior knowledge. */
    HTTP_2(false, Protocol.HTTP_2, Version.HTTP_2),
    /** By ALPN. */
    HTTP_2_TLS(true, Protocol.NEGOTIATED, Version.HTTP_2);

    final boolean secure;
    final Protocol protocol;
    final Version version;

    Wire(boolean secure, Protocol protocol, Version version) {
      this.secure = secure;
      this.protocol = protocol;
      this.version = version;
    }
  }

  /** All of them. */
  public static Stream<Combination> all() {
    return Stream.concat(memory(), tcp());
  }

  /** Where time is virtual. */
  public static Stream<Combination> memory() {
    return of(true, Face.values());
  }

  /** Where there are real sockets. */
  public static Stream<Combination> tcp() {
    return of(false, Face.values());
  }

  private static Stream<Combination> of(boolean inMemory, Face... faces) {
    return Arrays.stream(faces)
        .flatMap(face -> Arrays.stream(Wire.values()).map(w -> new Combination(inMemory, w, face)));
  }

  static Stream<Combination> plainMemory() {
    return memory().filter(on -> !on.isSecure());
  }

  static Stream<Combination> secureTcp() {
    return tcp().filter(Combination::isSecure);
  }

  static Stream<Combination> plainTcp() {
    return tcp().filter(on -> !on.isSecure());
  }

  static Stream<Combination> http2() {
    return all().filter(Combination::isHttp2);
  }

  static Stream<Combination> http1() {
    return all().filter(on -> !on.isHttp2());
  }

  /** Whether it is encrypted. */
  public boolean isSecure() {
    return wire.secure;
  }

  /** Whether calls share a connection. */
  public boolean isHttp2() {
    return wire.version == Version.HTTP_2;
  }

  @Override
  public String toString() {
    return (inMemory ? "MEMORY " : "TCP ") + wire + " " + face;
  }
}
