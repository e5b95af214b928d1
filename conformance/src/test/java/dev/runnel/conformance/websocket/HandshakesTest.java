package dev.runnel.conformance.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.websocket.HandshakeCases.Shake;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.websocket.WsPeer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of handshakes, each on a connection of its own, which is of use afterwards. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.websocket.Combination#all")
class HandshakesTest {
  @Parameter Combination on;

  @TestFactory
  Stream<DynamicTest> handshakes() {
    Stage stage = Stage.start(on.ground(), on.face().app(new Endpoints()));
    return HandshakeCases.all()
        .filter(shake -> shake.fits(on.ground()))
        .map(shake -> DynamicTest.dynamicTest(shake.name(), () -> play(stage, shake)))
        .onClose(stage::close);
  }

  private static void play(Stage stage, Shake shake) {
    try {
      Peer connection = stage.connect();
      if (shake.status() == 0) {
        WsPeer peer = shake.handshake().open(connection);
        check(peer.answer(), shake);
        peer.text("Hello");
        assertThat(peer.text()).isEqualTo("Hello");
        peer.close(1000);
      } else {
        Answer answer = shake.handshake().refused(connection);
        assertThat(answer.status()).isEqualTo(shake.status());
        assertThat(answer.headers("Sec-WebSocket-Accept")).isEmpty();
        check(answer, shake);
      }
    } finally {
      stage.closePeers();
    }
  }

  private static void check(Answer answer, Shake shake) {
    if (shake.field() != null) {
      assertThat(answer.header(shake.field())).as(shake.field()).isEqualTo(shake.value());
    }
  }
}
