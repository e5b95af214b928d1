package dev.runnel.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.memory.LaneFaults.Fragments;
import dev.runnel.testing.VirtualLoop;
import dev.runnel.testing.http2.Frame;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults that see the frames of HTTP/2. */
class FrameSieveTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String[] FRAMES = {
    text(Frame.settings()),
    text(Frame.get(1, "/")),
    text(Frame.windowUpdate(0, 5)),
    text(Frame.data(1, true, "not a frame: " + text(Frame.windowUpdate(1, 1)))),
    text(Frame.windowUpdate(1, 7)),
    text(Frame.ping(1)),
  };

  private static String text(Frame frame) {
    return new String(frame.encode(), StandardCharsets.ISO_8859_1);
  }

  private final VirtualLoop loop = new VirtualLoop();

  private TestEnd client;
  private TestEnd server;

  private void connect(WireFaults faults) {
    Wire wire = new Carrier(loop, 0, false).connect(faults);
    client = new TestEnd(loop, wire.client());
    server = new TestEnd(loop, wire.server());
  }

  private void send(TestEnd from, String text, int pieces) {
    for (int at = 0; at < text.length(); at += pieces) {
      from.send(text.substring(at, Math.min(text.length(), at + pieces)));
    }
    loop.run();
  }

  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "2,7", "3,1000", "4,9", "5,10"})
  void theConnectionIsResetInFrontOfAFrame(int frame, int pieces) {
    connect(WireFaults.NONE.toServer(l -> l.withResetAtFrame(frame)));
    send(client, PREFACE + String.join("", FRAMES), pieces);
    String before = PREFACE;
    for (int i = 0; i < frame; i++) {
      before += FRAMES[i];
    }
    assertThat(server.all()).isEqualTo(before);
    assertThat(server.resetAt).isNotNull();
    assertThat(client.resetAt).isNotNull();
  }

  @Test
  void noResetWhereTheFramesAreTooFew() {
    connect(WireFaults.NONE.toServer(l -> l.withResetAtFrame(FRAMES.length)));
    send(client, PREFACE + String.join("", FRAMES), 5);
    assertThat(server.resetAt).isNull();
    assertThat(server.all()).hasSize(PREFACE.length() + String.join("", FRAMES).length());
  }

  @ParameterizedTest
  @CsvSource({"1", "8", "13", "1000"})
  void onlyWindowUpdatesAreLost(int pieces) {
    connect(WireFaults.NONE.toServer(LaneFaults::withoutWindowUpdates));
    send(client, PREFACE + String.join("", FRAMES), pieces);
    assertThat(server.all()).isEqualTo(PREFACE + FRAMES[0] + FRAMES[1] + FRAMES[3] + FRAMES[5]);
  }

  @Test
  void theServersFramesHaveNoPreface() {
    connect(WireFaults.NONE.toClient(l -> l.withResetAtFrame(1)));
    send(server, FRAMES[0] + FRAMES[5], 3);
    assertThat(client.all()).isEqualTo(FRAMES[0]);
    assertThat(client.resetAt).isNotNull();
  }

  @Test
  void whatDoesNotBeginAsHttp2Passes() {
    connect(WireFaults.NONE.toServer(l -> l.withoutWindowUpdates().withResetAtFrame(0)));
    String request = "PRIZE /\0\0\4\10\0\0\0\0\0abcd HTTP/1.1\r\n\r\n" + "x".repeat(100);
    send(client, request, 3);
    assertThat(server.all()).isEqualTo(request);
    assertThat(server.resetAt).isNull();
  }

  @Test
  void theBeginningOfAFrameIsNotKeptBackAtTheEnd() {
    connect(WireFaults.NONE.toServer(LaneFaults::withoutWindowUpdates));
    send(client, PREFACE + "\0\0\1", 100);
    client.end().finish();
    loop.run();
    assertThat(server.all()).isEqualTo(PREFACE + "\0\0\1");
    assertThat(server.endedAt).isNotNull();
  }

  @Test
  void piecesAreCutBehindTheSieve() {
    connect(
        WireFaults.NONE.toServer(l -> l.withoutWindowUpdates().withFragments(Fragments.of(30))));
    send(client, PREFACE + String.join("", FRAMES), 1_000);
    assertThat(server.reads.get(0)).hasSize(30);
  }
}
