package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules of RFC 9113, each on a connection of its own; more than h2spec has, and stricter: the error
 * is exactly the one that the rule asks for, and what should live on does.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.http2.Where#all")
class Http2RulesTest {
  @Parameter Where where;

  @TestFactory
  Stream<DynamicTest> frames() {
    return tests(FrameRules.all());
  }

  @TestFactory
  Stream<DynamicTest> streams() {
    return tests(StreamRules.all());
  }

  @TestFactory
  Stream<DynamicTest> messages() {
    return tests(HeadRules.all());
  }

  @TestFactory
  Stream<DynamicTest> starts() {
    return tests(StartRules.all());
  }

  /** One server serves them all, so that none may leave anything behind for the next. */
  private Stream<DynamicTest> tests(Stream<Rule> rules) {
    App app = new App();
    Stage stage = Stage.start(where, app);
    return Stream.concat(
            rules.map(rule -> DynamicTest.dynamicTest(rule.name(), () -> play(stage, app, rule))),
            Stream.of(DynamicTest.dynamicTest("nothing is left", () -> nothingIsLeft(stage, app))))
        .onClose(stage::close);
  }

  private static void play(Stage stage, App app, Rule rule) {
    int before = app.started.get();
    try {
      rule.play(stage.fresh());
      if (rule.kind() == Rule.Kind.NO_CALL) {
        assertThat(app.started.get() - before).as("calls, with the one behind").isEqualTo(1);
      }
    } finally {
      stage.closePeers();
      app.forget();
    }
  }

  @Test
  void otherVersionsAreAnsweredAsHttp1() {
    try (Stage stage = Stage.start(where, new App());
        Peer peer = stage.raw()) {
      peer.send("PRI * HTTP/2.1\r\nHost: a\r\n\r\n");
      assertThat(peer.answer().status()).isIn(400, 505);
      peer.awaitEnd();
    }
  }

  /** RFC 9113 3.1: the upgrade of RFC 7540 is gone, and who asks gets HTTP/1.1. */
  @Test
  void upgradesAreNotTaken() {
    try (Stage stage = Stage.start(where, new App());
        Peer peer = stage.raw()) {
      peer.send("GET /text HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\n");
      peer.send("Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
      assertThat(peer.answer().body()).isEqualTo("hi");
      peer.send("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(peer.answer().body()).isEqualTo("hi");
    }
  }

  /** No window opens any more (6.9): the connection must not wait until its time is over. */
  @Test
  void answersEndThatAwaitAWindowBehindAFin() {
    Assumptions.assumeTrue(where != Where.MEMORY, "there is no half-close in memory");
    try (Stage stage = Stage.start(where, new App())) {
      ScriptedPeer peer = stage.connect();
      peer.send(Frame.get(1, "/bytes/100000"), Frame.get(3, "/bytes/10"));
      peer.expectStatus(1, 200);
      peer.peer().halfClose();
      peer.awaitEnd();
    }
  }

  private static void nothingIsLeft(Stage stage, App app) {
    assertThat(stage.calls()).isZero();
    assertThat(app.ended).hasValue(app.started.get());
    assertThat(app.toldTwice).hasValue(0);
  }
}
