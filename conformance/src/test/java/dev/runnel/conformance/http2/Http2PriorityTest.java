package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 9218: what the client wants first is written first, and nobody starves. */
class Http2PriorityTest {
  private static final int WINDOW = 65_535;

  private final Stage stage = Stage.start(Where.MEMORY, new App());
  private final ScriptedPeer peer = stage.connect();

  @AfterEach
  void close() {
    stage.close();
  }

  /** Spends the window of the connection, so that what follows has to wait. */
  private void spendWindow() {
    int stream = peer.get("/bytes/" + WINDOW);
    assertThat(peer.response(stream).bytes()).hasSize(WINDOW);
  }

  private int get(String path, String priority) {
    int stream = peer.request(true, "GET", path, "priority", priority);
    peer.expectStatus(stream, 200);
    return stream;
  }

  /** The streams of the next frames of DATA, in the order in which they come. */
  private List<Integer> dataOf(int frames) {
    List<Integer> streams = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      Arrival data = peer.expect(Frame.DATA);
      streams.add(data.stream());
    }
    return streams;
  }

  @Test
  void theMoreUrgentIsSentFirst() {
    spendWindow();
    int low = get("/bytes/1000", "u=5");
    int high = get("/bytes/1000", "u=1, i");
    int middle = get("/bytes/1000", "whatever");
    peer.send(Frame.windowUpdate(0, WINDOW));
    assertThat(dataOf(3)).containsExactly(high, middle, low);
  }

  @Test
  void theClientMayChangeItsMind() {
    spendWindow();
    int first = get("/bytes/1000", "u=1");
    int second = get("/bytes/1000", "u=2");
    peer.send(Frame.priorityUpdate(second, "u=0"), Frame.windowUpdate(0, WINDOW));
    assertThat(dataOf(2)).containsExactly(second, first);
  }

  @Test
  void aPriorityMayComeBeforeItsStream() {
    spendWindow();
    int first = get("/bytes/1000", "u=1");
    peer.send(Frame.priorityUpdate(peer.nextStream(), "u=0"));
    int second = get("/bytes/1000", "u=7");
    peer.send(Frame.windowUpdate(0, WINDOW));
    assertThat(dataOf(2)).containsExactly(second, first);
  }

  @Test
  void incrementalAnswersTakeTurns() {
    spendWindow();
    int first = get("/bytes/32768", "u=3, i");
    int second = get("/bytes/32768", "u=3, i");
    peer.send(Frame.windowUpdate(0, 2 * WINDOW));
    assertThat(dataOf(4)).containsExactly(first, second, first, second);
  }

  @Test
  void othersAreSentOneAfterTheOther() {
    spendWindow();
    int first = get("/bytes/32768", "u=3");
    int second = get("/bytes/32768", "u=3");
    peer.send(Frame.windowUpdate(0, 2 * WINDOW));
    assertThat(dataOf(4)).containsExactly(first, first, second, second);
  }

  @Test
  void anUrgentAnswerThatIsLongStarvesNobody() {
    spendWindow();
    int urgent = get("/bytes/8000000", "u=0");
    int modest = get("/bytes/1000", "u=7");
    peer.crediting(true).send(Frame.windowUpdate(0, WINDOW), Frame.windowUpdate(urgent, 8_000_000));
    int before = 0;
    while (peer.expect(Frame.DATA).stream() != modest) {
      before++;
    }
    assertThat(before).as("frames of the urgent answer before the modest one").isBetween(1, 200);
    assertThat(peer.restOf(urgent)).isNotEmpty();
  }

  @Test
  void longAnswersShareTheConnection() {
    spendWindow();
    List<Integer> streams = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      streams.add(get("/bytes/300000", "u=3"));
    }
    peer.send(Frame.windowUpdate(0, 5 * WINDOW));
    assertThat(new LinkedHashSet<>(dataOf(20))).containsExactlyElementsOf(streams);
  }
}
