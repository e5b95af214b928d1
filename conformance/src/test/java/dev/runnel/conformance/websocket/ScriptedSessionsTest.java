package dev.runnel.conformance.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Peer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of scripted sessions, each on a connection of its own, sent in one piece and byte by
 * byte: the close code is exactly the one that is asked for, in one Close frame and one only, and
 * what should live on does.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.websocket.Combination#all")
class ScriptedSessionsTest {
  @Parameter Combination on;

  @TestFactory
  Stream<DynamicTest> frames() {
    return tests(on, FrameCases.all());
  }

  @TestFactory
  Stream<DynamicTest> fragments() {
    return tests(on, FragmentCases.all());
  }

  @TestFactory
  Stream<DynamicTest> closes() {
    return tests(on, CloseCases.all());
  }

  @TestFactory
  Stream<DynamicTest> texts() {
    return tests(on, TextCases.all());
  }

  @TestFactory
  Stream<DynamicTest> limits() {
    return tests(on, LimitCases.all());
  }

  @TestFactory
  Stream<DynamicTest> compression() {
    return tests(on, DeflateCases.all());
  }

  /** One server serves them all, so that none may leave anything behind for the next. */
  static Stream<DynamicTest> tests(Combination on, Stream<Case> cases) {
    Endpoints endpoints = new Endpoints();
    Stage stage = Stage.start(on.ground(), on.face().app(endpoints));
    return Stream.concat(
            cases.flatMap(one -> tests(stage, one)),
            Stream.of(
                DynamicTest.dynamicTest("each was told of its end", () -> allWereTold(endpoints))))
        .onClose(stage::close);
  }

  private static Stream<DynamicTest> tests(Stage stage, Case one) {
    DynamicTest whole =
        DynamicTest.dynamicTest(one.name(), () -> play(stage, one, () -> Integer.MAX_VALUE));
    if (one.kind().isLarge()) {
      return Stream.of(whole);
    }
    return Stream.of(
        whole,
        DynamicTest.dynamicTest(one.name() + ", byte by byte", () -> play(stage, one, () -> 1)));
  }

  private static void play(Stage stage, Case one, IntSupplier pieces) {
    try {
      Peer connection = stage.connect();
      one.play(connection, pieces);
      if (stage.ground().isHttp2()) { // the stream was one among others
        connection.send("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(connection.answer().body()).isEqualTo("hi");
      }
    } finally {
      stage.closePeers();
    }
  }

  private static void allWereTold(Endpoints endpoints) {
    assertThat(endpoints.closed()).isEqualTo(endpoints.opened()).isPositive();
  }
}
