package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static dev.runnel.testing.http2.ScriptedServer.promise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.runnel.engine.Http2Options;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.testing.http2.Setting;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break the rules of the connection, or do much that leads nowhere. */
class Http2ClientFloodTest {
  private static Arguments breach(String what, int code, Frame... frames) {
    return arguments(what, code, frames);
  }

  private static Frame raw(int type, int flags, int stream, int length) {
    return new Frame(type, flags, stream, new byte[length]);
  }

  static Stream<Arguments> breaches() {
    int protocol = ErrorCode.PROTOCOL_ERROR;
    int size = ErrorCode.FRAME_SIZE_ERROR;
    int flow = ErrorCode.FLOW_CONTROL_ERROR;
    byte[] broken = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    return Stream.of(
        breach("even stream idle", protocol, answer(2, true, 200)),
        breach("own stream idle", protocol, answer(5, true, 200)),
        breach("DATA idle", protocol, Frame.data(5, true, "x")),
        breach("RST idle", protocol, Frame.rst(5, 0)),
        breach("update idle", protocol, Frame.windowUpdate(5, 1)),
        breach("stream 0", protocol, answer(0, true, 200)),
        breach("DATA 0", protocol, Frame.data(0, true, "x")),
        breach("RST 0", protocol, Frame.rst(0, 0)),
        breach("priority", protocol, Frame.priorityUpdate(1, "u=1")),
        breach("push off", protocol, promise(1, 2, "GET", "/", "a")),
        breach("enable push", protocol, Frame.settings(Setting.ENABLE_PUSH, 1)),
        breach("push of 2", protocol, Frame.settings(Setting.ENABLE_PUSH, 2)),
        breach("connect 2", protocol, Frame.settings(Setting.ENABLE_CONNECT_PROTOCOL, 2)),
        breach("frame size", protocol, Frame.settings(Setting.MAX_FRAME_SIZE, 100)),
        breach("window", flow, Frame.settings(Setting.INITIAL_WINDOW_SIZE, -1)),
        breach("update too large", flow, Frame.windowUpdate(0, Integer.MAX_VALUE)),
        breach("update of 0", protocol, Frame.windowUpdate(0, 0)),
        breach("SETTINGS size", size, raw(Frame.SETTINGS, 0, 0, 5)),
        breach("SETTINGS on 1", protocol, raw(Frame.SETTINGS, 0, 1, 6)),
        breach("ACK with content", size, raw(Frame.SETTINGS, Frame.ACK, 0, 6)),
        breach("PING size", size, raw(Frame.PING, 0, 0, 7)),
        breach("PING on 1", protocol, raw(Frame.PING, 0, 1, 8)),
        breach("GOAWAY size", size, raw(Frame.GOAWAY, 0, 0, 7)),
        breach("GOAWAY on 1", protocol, raw(Frame.GOAWAY, 0, 1, 8)),
        breach("RST size", size, raw(Frame.RST_STREAM, 0, 1, 5)),
        breach("update size", size, raw(Frame.WINDOW_UPDATE, 0, 1, 5)),
        breach("too large", size, raw(Frame.DATA, 0, 1, 16_385)),
        breach("padding", protocol, new Frame(Frame.DATA, Frame.PADDED, 1, new byte[] {9, 1})),
        breach("CONTINUATION of nothing", protocol, Frame.continuation(1, true, new byte[0])),
        breach(
            "interrupted block",
            protocol,
            answer(1, false, 200).withFlags(0),
            Frame.data(1, false, "x")),
        breach("HPACK", ErrorCode.COMPRESSION_ERROR, Frame.headers(1, true, broken)),
        breach(
            "HPACK index",
            ErrorCode.COMPRESSION_ERROR,
            Frame.headers(1, true, new RawBlock().indexed(99).build())),
        breach(
            "HPACK table",
            ErrorCode.COMPRESSION_ERROR,
            Frame.headers(1, true, new RawBlock().sizeUpdate(1 << 20).indexed(8).build())));
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void rulesOfTheConnection(String what, int code, Frame[] frames) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(frames).expectGoAway(code);
      assertThat(get.told()).as(what).containsExactly("failed MALFORMED_RESPONSE", "ended");
      assertThat(get.failure()).hasMessageContaining(ErrorCode.name(code));
      assertThat(server.client().isUsable()).isFalse();
      assertThat(server.link().isOutputEnded()).isTrue();
      Heard late = server.get("/late");
      assertThat(late.told()).containsExactly("failed REFUSED unprocessed", "ended");
      server.link().end();
    }
  }

  @Test
  void somethingElseThanHttp2() {
    for (String said : new String[] {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-x\r\n"}) {
      try (ScriptedServer server = new ScriptedServer().open()) {
        Heard get = server.get("/");
        server.sendBytes(said.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(get.told()).containsExactly("failed MALFORMED_RESPONSE", "ended");
      }
    }
    try (ScriptedServer server = new ScriptedServer().open()) {
      Heard get = server.get("/");
      server.send(answer(1, true, 200)).expectGoAway(ErrorCode.PROTOCOL_ERROR);
      assertThat(get.failure()).hasMessageContaining("SETTINGS");
    }
  }

  @Test
  void framesOnAStreamThatIsOver() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard done = server.get("/");
      server.send(answer(1, true, 200));
      Heard get = server.get("/");
      server.send(Frame.data(1, true, "x")).expectGoAway(ErrorCode.STREAM_CLOSED);
      assertThat(get.told()).containsExactly("failed MALFORMED_RESPONSE", "ended");
      assertThat(done.told()).containsExactly("head 200", "ended");
    }
  }

  private static Arguments flood(String what, Frame frame, int most) {
    return arguments(what, frame, most);
  }

  static Stream<Arguments> floods() {
    return Stream.of(
        flood("SETTINGS", Frame.settings(), 201),
        flood("PING", Frame.ping(1), 2_001),
        flood("PING answers", Frame.pong(new byte[8]), 5_001),
        flood("empty DATA", Frame.data(1, false, ""), 201),
        flood("WINDOW_UPDATE", Frame.windowUpdate(1, 1), 2_001),
        flood("PRIORITY", Frame.priority(1, 0, 1), 2_001),
        flood("unknown", new Frame(0x77, 0, 0, new byte[0]), 2_001),
        flood("GOAWAY", Frame.goAway(1, ErrorCode.NO_ERROR), 5_001),
        flood("SETTINGS ACK", Frame.settingsAck(), 5_001));
  }

  @ParameterizedTest
  @MethodSource("floods")
  void floodsEndTheConnection(String what, Frame frame, int most) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200));
      int sent = 0;
      while (!server.link().isOutputEnded() && sent <= most) {
        server.send(frame);
        sent++;
      }
      server.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(sent).as(what).isLessThanOrEqualTo(most);
      String unused = get.read();
      assertThat(get.bodyFailure().reason()).isEqualTo(Reason.MALFORMED_RESPONSE);
      assertThat(get.bodyFailure()).hasMessageContaining("ENHANCE_YOUR_CALM");
    }
  }

  @Test
  void aServerThatRefusesOurCallsIsNotBlamed() {
    Http2Options many = Http2Options.DEFAULT.withConcurrentStreams(1_000);
    try (ScriptedServer server =
        new ScriptedServer(many).connect(Setting.MAX_CONCURRENT_STREAMS, 1_000)) {
      for (int i = 0; i < 1_000; i++) {
        Heard call = server.get("/" + i);
        server.send(Frame.rst(1 + 2 * i, ErrorCode.REFUSED_STREAM));
        assertThat(call.told()).containsExactly("failed REFUSED unprocessed", "ended");
      }
      assertThat(server.client().isUsable()).isTrue();
    }
  }

  @Test
  void framesForCancelledCallsAreFreeOnlyAsFarAsTheyCanBeOnTheirWay() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard call = server.get("/");
      call.call().cancel(new ClientException(Reason.CANCELLED, "enough"));
      server.send(answer(1, false, 200));
      int sent = 0;
      while (!server.link().isOutputEnded() && sent <= 6_000) {
        server.send(Frame.data(1, false, ""));
        sent++;
      }
      server.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(sent).isLessThan(300); // as empty frames they cost 50 points each anyway
    }
  }

  @Test
  void malformedAnswersWithoutEnd() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      int failed = 0;
      while (server.client().isUsable() && failed < 200) {
        Heard call = server.get("/");
        server.send(answer(1 + 2 * failed, true, 101));
        assertThat(call.told()).containsExactly("failed MALFORMED_RESPONSE", "ended");
        failed++;
      }
      assertThat(failed).isEqualTo(100);
      server.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    }
  }

  @Test
  void aHeaderBlockWithoutEnd() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, true, 200).withFlags(0));
      int sent = 0;
      while (!server.link().isOutputEnded() && sent < 100) {
        server.send(Frame.continuation(1, false, new byte[0]));
        sent++;
      }
      assertThat(sent).isEqualTo(33);
      server.expectGoAway(ErrorCode.ENHANCE_YOUR_CALM);
      assertThat(get.told()).containsExactly("failed MALFORMED_RESPONSE", "ended");
    }
  }

  @Test
  void aLargeHeaderBlockWithoutEnd() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, true, 200).withFlags(0));
      int sent = 0;
      while (!server.link().isOutputEnded() && sent < 100) {
        server.send(Frame.continuation(1, false, new byte[16_000]));
        sent++;
      }
      assertThat(sent).as("twice the limit of a list, 64 KiB").isEqualTo(9);
      assertThat(get.told()).containsExactly("failed MALFORMED_RESPONSE", "ended");
    }
  }

  @Test
  void aHeaderBomb() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/bomb");
      Heard next = server.get("/next");
      RawBlock bomb = new RawBlock().indexed(8).indexing("x", "v".repeat(3_000));
      for (int i = 0; i < 10_000; i++) {
        bomb.indexed(62);
      }
      server.send(Frame.headers(1, true, bomb.build())); // 30 MB when it is unpacked
      server.expectReset(1, ErrorCode.CANCEL);
      assertThat(get.told()).containsExactly("failed TOO_LARGE", "ended");
      server.send(Frame.headers(3, true, new RawBlock().indexed(8).indexed(62).build()));
      assertThat(next.head().headers().get("x")).as("the table is still right").hasSize(3_000);
    }
  }
}
