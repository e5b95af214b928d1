package dev.runnel.testing.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripted peer sees what a server does wrong, and takes what is right. */
class ScriptedPeerTest {
  private final Line line = new Line();
  private final ScriptedPeer peer = new ScriptedPeer(line);

  @Test
  void connects() {
    peer.open(Setting.INITIAL_WINDOW_SIZE, 10);
    assertThat(line.text()).startsWith(ScriptedPeer.PREFACE);
    assertThat(line.frames()).containsExactly("SETTINGS 0 INITIAL_WINDOW_SIZE=10");
    line.bring(Frame.settings(Setting.MAX_CONCURRENT_STREAMS, 128), Frame.settingsAck());
    assertThat(peer.awaitSettings().values()).containsEntry(Setting.MAX_CONCURRENT_STREAMS, 128);
    assertThat(line.frames()).containsExactly("SETTINGS 0 ACK");
  }

  @Test
  void answersByItselfOnlyWhatItShould() {
    connect();
    line.bring(
        Frame.ping(7), Frame.headers(1, false, ":status", "200"), Frame.data(1, false, "abc"));
    assertThat(line.frames()).containsExactly("PING 0 ACK 0000000000000007");
    peer.answeringPings(false).crediting(true);
    line.bring(Frame.ping(8), Frame.data(1, false, "abc"), Frame.data(1, true, "d"));
    assertThat(line.frames())
        .containsExactly("WINDOW_UPDATE 0 +3", "WINDOW_UPDATE 1 +3", "WINDOW_UPDATE 0 +1");
  }

  @Test
  void takesAWholeResponse() {
    connect();
    byte[] head = RawBlock.of(":status", "200", "a", "1");
    byte[] start = Arrays.copyOf(head, 5);
    byte[] end = Arrays.copyOfRange(head, 5, head.length);
    line.bring(
        Frame.headers(1, false, ":status", "103"),
        new Frame(Frame.HEADERS, 0, 1, start),
        Frame.continuation(1, true, end),
        Frame.headers(3, false, ":status", "404"),
        Frame.padded(1, false, new byte[] {'x'}, 9),
        Frame.data(3, true, "no"),
        Frame.data(1, false, "y"),
        Frame.headers(1, true, "t", "2"));
    Reply first = peer.response(1);
    assertThat(first.informational()).hasSize(1);
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.header("a")).isEqualTo("1");
    assertThat(first.body()).isEqualTo("xy");
    assertThat(first.trailers()).containsExactly(new Field("t", "2"));
    assertThat(peer.response(3).body()).isEqualTo("no");
    assertThat(peer.count(Frame.DATA)).isEqualTo(3);
  }

  @Test
  void decodesWhatItsEncoderEncodes() {
    connect();
    for (int stream = 1; stream < 7; stream += 2) {
      Frame frame = peer.encoded(stream, true, ":status", "200", "name", "a long enough value");
      line.bring(frame);
      assertThat(peer.response(stream).header("name")).isEqualTo("a long enough value");
      assertThat(frame.payload()).as("from the table").hasSizeLessThan(stream == 1 ? 40 : 4);
    }
  }

  @Test
  void saysWhatItGotInstead() {
    connect();
    line.bring(Frame.rst(1, ErrorCode.CANCEL));
    assertThatThrownBy(() -> peer.expectHeaders(1))
        .hasMessageContainingAll("expected HEADERS on stream 1", "got RST_STREAM 1 CANCEL")
        .hasMessageContaining("< SETTINGS 0 ACK");
    line.bring(Frame.goAway(1, ErrorCode.ENHANCE_YOUR_CALM));
    assertThatThrownBy(() -> peer.expectData(1)).hasMessageContaining("GOAWAY 0 last=1 ENHANCE");
    assertThatThrownBy(() -> peer.expectData(1)).hasMessageContaining("waited in vain");
    line.end();
    assertThatThrownBy(() -> peer.expectData(1)).hasMessageContaining("the end of the connection");
    peer.expectClosed();
  }

  @Test
  void expectsNothingAndTheEnd() {
    connect();
    line.bring(Frame.pong(Frame.ping(0x52_75_6e_6e_65_6cL << 16).payload()));
    peer.expectNothing();
    line.bring(Frame.goAway(0, ErrorCode.NO_ERROR));
    assertThat(peer.expectGoAway(ErrorCode.NO_ERROR)).isZero();
    assertThatThrownBy(peer::expectClosed).hasMessageContaining("the connection to end");
    line.bring(Frame.goAway(0, ErrorCode.PROTOCOL_ERROR));
    line.end();
    assertThatThrownBy(peer::expectClosed).hasMessageContaining("got GOAWAY");
  }

  static Stream<Arguments> wrongs() {
    Frame ok = Frame.headers(1, false, ":status", "200");
    return Stream.of(
        wrong("8.1: content before a head", Frame.data(1, true, "a")),
        wrong("8.1: trailers that do not end", ok, Frame.headers(1, false, "t", "1")),
        wrong("8.1", ok, Frame.headers(1, true, ":status", "200")),
        wrong("8.1", Frame.headers(1, true, ":status", "100")),
        wrong("8.2", Frame.headers(1, true, ":status", "200", "Upper", "1")),
        wrong("8.2", Frame.headers(1, true, ":status", "200", "connection", "close")),
        wrong("8.3.2", Frame.headers(1, true, "a", "1", ":status", "200")),
        wrong("8.3.2", Frame.headers(1, true, "a", "1")),
        wrong("8.6", Frame.headers(1, false, ":status", "101")),
        wrong(
            "8.1.1",
            Frame.headers(1, false, ":status", "200", "content-length", "3"),
            Frame.data(1, true, "four")),
        wrong("5.1: the server had ended", ok, Frame.data(1, true, ""), Frame.data(1, true, "")),
        wrong("5.1: the server had reset", ok, Frame.rst(1, 0), Frame.data(1, true, "")),
        wrong("5.1: the server had reset", ok, Frame.rst(1, 0), Frame.rst(1, 0)),
        wrong("5.1.1", Frame.headers(2, true, ":status", "200")),
        wrong("5.2: beyond the window of the stream", ok, data(5_000), data(5_001)),
        wrong("4.2", ok, data(20_000)),
        wrong("6.5.3", Frame.settingsAck()),
        wrong("6.6", Frame.pushPromise(1, 2, RawBlock.of(":method", "GET"))),
        wrong("6.9", Frame.windowUpdate(0, 0)),
        wrong("6.10", new Frame(Frame.HEADERS, 0, 1, new byte[0]), Frame.ping(1)),
        wrong("6.10", Frame.continuation(1, true, new byte[0])),
        wrong("a block that does not decode", Frame.headers(1, true, new byte[] {(byte) 0xff})));
  }

  private static Arguments wrong(String rule, Frame... frames) {
    return Arguments.of(rule, List.of(frames));
  }

  private static Frame data(int length) {
    return Frame.data(1, false, new byte[length]);
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void noticesWhatAServerMustNotDo(String rule, List<Frame> frames) {
    peer.open(Setting.INITIAL_WINDOW_SIZE, 10_000, Setting.ENABLE_PUSH, 0);
    line.bring(Frame.settings(), Frame.settingsAck());
    peer.awaitSettings();
    line.bring(frames.toArray(Frame[]::new));
    assertThatThrownBy(() -> peer.expect(Frame.GOAWAY)).hasStackTraceContaining(rule);
    assertThatThrownBy(peer::close).as("also who does not look").hasStackTraceContaining(rule);
  }

  @Test
  void noticesAnOverrunConnection() {
    connect();
    peer.send(Frame.windowUpdate(1, 100_000));
    line.bring(Frame.headers(1, false, ":status", "200"));
    for (int i = 0; i < 4; i++) {
      line.bring(data(16_384));
    }
    assertThatThrownBy(() -> peer.response(1)).hasStackTraceContaining("window of the connection");
  }

  @Test
  void noticesAServerThatStartsOtherwise() {
    peer.open();
    line.bring(Frame.settingsAck());
    assertThatThrownBy(peer::awaitSettings).hasStackTraceContaining("RFC 9113 3.4");
  }

  @Test
  void takesWindowsThatShrinkFromTheAcknowledgementOn() {
    connect();
    line.bring(Frame.headers(1, false, ":status", "200"));
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 10));
    line.bring(data(100), Frame.settingsAck());
    assertThat(peer.expectHeaders(1).status()).isEqualTo(200);
    assertThat(peer.expectData(1).text()).hasSize(100);
    line.bring(data(1));
    assertThatThrownBy(() -> peer.expectData(1)).hasStackTraceContaining("5.2");
  }

  @Test
  void framesAreReadInPieces() {
    connect();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Frame.headers(1, false, ":status", "200").encode());
    all.writeBytes(Frame.data(1, true, "x".repeat(1000)).encode());
    for (byte one : all.toByteArray()) {
      line.bring(new byte[] {one});
    }
    assertThat(peer.response(1).body()).hasSize(1000);
  }

  @Test
  void integersAreThoseOfTheRfc() {
    assertThat(new RawBlock().integer(0, 5, 10).build()).containsExactly(0x0a);
    assertThat(new RawBlock().integer(0, 5, 1337).build()).containsExactly(0x1f, 0x9a, 0x0a);
    assertThat(new RawBlock().integer(0, 8, 42).build()).containsExactly(0x2a);
  }

  private void connect() {
    peer.open();
    line.bring(Frame.settings(), Frame.settingsAck());
    peer.awaitSettings();
    assertThat(line.frames()).hasSize(2);
  }

  /** Two ends of a string. */
  private static final class Line extends Peer {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final StringBuilder brought = new StringBuilder();
    private int looked;
    private boolean ended;

    void bring(Frame... frames) {
      Arrays.stream(frames).map(Frame::encode).forEach(this::bring);
    }

    void bring(byte[] bytes) {
      brought.append(new String(bytes, StandardCharsets.ISO_8859_1));
      arrived();
    }

    void end() {
      ended = true;
    }

    String text() {
      return sent.toString(StandardCharsets.ISO_8859_1);
    }

    /** What was sent since the last time. */
    List<String> frames() {
      byte[] bytes = sent.toByteArray();
      FrameParser parser = new FrameParser();
      int from = Math.max(looked, ScriptedPeer.PREFACE.length());
      parser.add(Arrays.copyOfRange(bytes, from, bytes.length));
      looked = bytes.length;
      List<String> frames = new ArrayList<>();
      for (Frame next = parser.next(); next != null; next = parser.next()) {
        frames.add(next.toString().strip());
      }
      return frames;
    }

    @Override
    public void send(byte[] bytes) {
      sent.writeBytes(bytes);
    }

    @Override
    public String all() {
      return brought.toString();
    }

    @Override
    public boolean isEnded() {
      return ended;
    }

    @Override
    public void await(Predicate<Peer> condition, String what) {
      if (!condition.test(this)) {
        throw new AssertionError("not " + what);
      }
    }

    @Override
    public void reading(boolean on) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void halfClose() {
      end();
    }

    @Override
    public void vanish() {
      end();
    }

    @Override
    public void close() {
      end();
    }
  }
}
