package dev.runnel.conformance.websocket;

import dev.runnel.conformance.websocket.Endpoints.Face;
import java.util.stream.Stream;

/**
 * What the scripted sessions run over: both faces in memory, one each over TCP.
 *
 * @param ground what carries them
 * @param face the language of the app
 */
record Combination(Ground ground, Face face) {
  static Stream<Combination> all() {
    Stream<Combination> memory =
        Ground.memory()
            .flatMap(ground -> Stream.of(Face.values()).map(face -> new Combination(ground, face)));
    return Stream.concat(
        memory,
        Stream.of(
            new Combination(Ground.HTTP_1_ON_TCP, Face.JAVA),
            new Combination(Ground.HTTP_2_ON_TCP, Face.KOTLIN)));
  }

  /** Each version over TLS. */
  static Stream<Combination> secure() {
    return Stream.of(
        new Combination(Ground.HTTP_1_OVER_TLS, Face.KOTLIN),
        new Combination(Ground.HTTP_2_OVER_TLS, Face.JAVA));
  }

  @Override
  public String toString() {
    return ground + " " + face;
  }
}
