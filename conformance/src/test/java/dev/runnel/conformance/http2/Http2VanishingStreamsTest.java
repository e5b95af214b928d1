package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CancelCause;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SEMANTICS 2: ten thousand streams whose clients go away, by RST_STREAM, by FIN and by a TCP
 * reset. Each handler is cancelled once, and nothing of them stays.
 */
class Http2VanishingStreamsTest {
  private static final int STREAMS = 10_000;
  private static final int STREAMS_OF_A_CONNECTION = 100;
  private static final int CONNECTIONS_AT_A_TIME = 10;

  private final App app = new App();
  private final Random random = new Random(20_260_101);

  @ParameterizedTest
  @MethodSource("dev.runnel.conformance.http2.Where#all")
  void tenThousandLeaveNothingBehind(Where where) {
    try (Stage stage = Stage.start(where, app)) {
      ScriptedPeer witness = stage.connect();
      int connections = STREAMS / STREAMS_OF_A_CONNECTION;
      List<ScriptedPeer> open = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        ScriptedPeer peer = stage.connect();
        begin(peer);
        open.add(peer);
        if (open.size() == CONNECTIONS_AT_A_TIME) {
          open.forEach(this::vanish);
          open.clear();
          int expected = (i + 1) * STREAMS_OF_A_CONNECTION;
          stage.until(() -> app.cancelled() == expected, "all handlers to be told");
          assertThat(witness.response(witness.get("/text")).body()).isEqualTo("hi");
        }
      }
      assertThat(app.started.get() - app.texts.get()).isEqualTo(STREAMS);
      assertThat(app.cancelled(CancelCause.CLIENT_GONE)).isEqualTo(STREAMS);
      stage.until(() -> stage.calls() == 0 && stage.connections() == 1, "all to be over");
    }
    assertThat(app.ended).hasValue(app.started.get());
    assertThat(app.toldTwice).hasValue(0);
  }

  /** Calls of all kinds that never end by themselves; half of them are reset one by one. */
  private void begin(ScriptedPeer peer) {
    for (int i = 0; i < STREAMS_OF_A_CONNECTION; i++) {
      int stream = peer.nextStream();
      List<Frame> frames = new ArrayList<>(request(stream));
      if (i % 2 == 0) {
        frames.add(Frame.rst(stream, ErrorCode.CANCEL));
      }
      if (random.nextBoolean()) {
        peer.send(frames);
      } else {
        frames.forEach(peer::send);
      }
    }
    peer.settle(); // a TCP reset would take with it what the server has not read
  }

  private List<Frame> request(int stream) {
    return switch (random.nextInt(5)) {
      case 0 -> List.of(Frame.get(stream, "/endless"));
      case 1 -> upload(stream, "/echo");
      case 2 -> upload(stream, "/count");
      case 3 -> upload(stream, "/wait");
      default -> List.of(Frame.get(stream, "/wait"));
    };
  }

  private List<Frame> upload(int stream, String path) {
    byte[] piece = new byte[1 + random.nextInt(5_000)];
    return List.of(Frame.request(stream, false, "POST", path), Frame.data(stream, false, piece));
  }

  private void vanish(ScriptedPeer peer) {
    if (random.nextBoolean()) {
      peer.peer().vanish();
    } else {
      peer.close();
    }
  }
}
