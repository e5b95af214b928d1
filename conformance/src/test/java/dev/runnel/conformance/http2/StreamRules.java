package dev.runnel.conformance.http2;

import static dev.runnel.conformance.http2.Rule.connection;
import static dev.runnel.conformance.http2.Rule.last;
import static dev.runnel.conformance.http2.Rule.script;
import static dev.runnel.conformance.http2.Rule.stream;
import static dev.runnel.testing.http2.ErrorCode.CANCEL;
import static dev.runnel.testing.http2.ErrorCode.NO_ERROR;
import static dev.runnel.testing.http2.ErrorCode.PROTOCOL_ERROR;
import static dev.runnel.testing.http2.ErrorCode.REFUSED_STREAM;
import static dev.runnel.testing.http2.ErrorCode.STREAM_CLOSED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.Arrival;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The life of streams (RFC 9113 5). */
final class StreamRules {
  private static final int LIMIT = 128;
  private static final Frame WAIT = Frame.get(1, "/wait");
  private static final Frame TRAILERS = Frame.headers(1, true, "t", "1");
  private static final Frame DATA = Frame.data(1, true, "x");

  private StreamRules() {}

  static Stream<Rule> all() {
    return Stream.of(idle(), halfClosed(), closed(), numbers(), ends()).flatMap(List::stream);
  }

  private static List<Rule> idle() {
    return List.of(
        connection(PROTOCOL_ERROR, "5.1 idle: DATA", DATA),
        connection(PROTOCOL_ERROR, "5.1 idle: RST_STREAM", Frame.rst(1, CANCEL)),
        connection(PROTOCOL_ERROR, "5.1 idle: WINDOW_UPDATE", Frame.windowUpdate(1, 1)),
        connection(
            PROTOCOL_ERROR, "6.10 idle: CONTINUATION", Frame.continuation(1, true, new byte[0])));
  }

  private static List<Rule> halfClosed() {
    return List.of(
        stream(STREAM_CLOSED, "5.1 half-closed: DATA", WAIT, DATA),
        stream(STREAM_CLOSED, "5.1 half-closed: HEADERS", WAIT, TRAILERS),
        script(
            "5.1 half-closed: WINDOW_UPDATE, PRIORITY",
            peer -> {
              peer.send(
                  Frame.get(1, "/endless"), Frame.windowUpdate(1, 5), Frame.priority(1, 0, 1));
              peer.expectStatus(1, 200);
              peer.send(Frame.rst(1, CANCEL), Frame.windowUpdate(0, 100_000));
            }));
  }

  /**
   * Frames that come behind the end of a stream may have crossed it on the wire; those behind what
   * the client itself said last may not. WINDOW_UPDATE and RST_STREAM are never an error.
   */
  private static List<Rule> closed() {
    return List.of(
        closedBy("the end of both", StreamRules::finish, DATA),
        closedBy("the end of both", StreamRules::finish, TRAILERS),
        closedBy("RST_STREAM of the client", StreamRules::reset, DATA),
        closedBy("RST_STREAM of the client", StreamRules::reset, TRAILERS),
        script(
            "5.1 closed: WINDOW_UPDATE, RST_STREAM and PRIORITY behind the end",
            peer -> {
              finish(peer);
              peer.send(Frame.windowUpdate(1, 5), Frame.rst(1, CANCEL), Frame.priority(1, 0, 9));
              peer.expectNothing();
            }),
        script(
            "5.1 closed: DATA that crossed RST_STREAM is thrown away and given back",
            peer -> {
              peer.send(Frame.request(1, false, "POST", "/wait"), Frame.windowUpdate(1, 0));
              peer.expectRst(1, PROTOCOL_ERROR);
              byte[] much = new byte[16_384];
              for (int i = 0; i < 8; i++) {
                peer.send(Frame.data(1, false, much));
                if (i % 2 == 1) {
                  peer.settle();
                }
              }
              peer.expectNothing();
              assertThat(peer.count(Frame.WINDOW_UPDATE)).isPositive();
            }));
  }

  private static void finish(ScriptedPeer peer) {
    assertThat(peer.send(Frame.get(1, "/text")).response(1).status()).isEqualTo(200);
  }

  private static void reset(ScriptedPeer peer) {
    peer.send(WAIT, Frame.rst(1, CANCEL));
  }

  /** RFC 9113 5.1 allows a stream error or a connection error; never silence, never a call. */
  private static Rule closedBy(String what, Consumer<ScriptedPeer> close, Frame late) {
    String type = late.type() == Frame.DATA ? "DATA" : "HEADERS";
    return last(
        "5.1 closed by " + what + ": " + type,
        peer -> {
          close.accept(peer);
          peer.send(late);
          Arrival answer = peer.expectAny();
          assertThat(answer.frame().type()).isIn(Frame.RST_STREAM, Frame.GOAWAY);
          assertThat(answer.frame().code()).isEqualTo(STREAM_CLOSED);
        });
  }

  private static List<Rule> numbers() {
    return List.of(
        connection(PROTOCOL_ERROR, "5.1.1 an even number", Frame.get(2, "/text")),
        last(
            "5.1.1 a number smaller than one that was used",
            peer -> {
              peer.send(Frame.get(5, "/text")).response(5);
              peer.send(Frame.get(3, "/text")).expectConnectionError(PROTOCOL_ERROR);
            }),
        connection(
            PROTOCOL_ERROR,
            "5.1.1 DATA on a number that was left out",
            Frame.get(5, "/wait"),
            Frame.data(3, true, "x")),
        script(
            "5.1.1 numbers that are left out",
            peer -> {
              peer.send(Frame.get(7, "/text"), Frame.get(1001, "/text"));
              assertThat(peer.response(7).status()).isEqualTo(200);
              assertThat(peer.response(1001).status()).isEqualTo(200);
            }),
        last(
            "5.1.1 the highest number",
            peer -> {
              peer.send(Frame.get(Integer.MAX_VALUE, "/text"));
              assertThat(peer.response(Integer.MAX_VALUE).status()).isEqualTo(200);
            }),
        script("5.1.2 one stream more than allowed", StreamRules::tooMany));
  }

  private static void tooMany(ScriptedPeer peer) {
    for (int i = 0; i < LIMIT; i++) {
      peer.send(Frame.get(2 * i + 1, "/wait"));
    }
    peer.expectNothing();
    int one = peer.get("/text");
    peer.expectRst(one, REFUSED_STREAM);
    peer.send(Frame.rst(1, CANCEL));
    assertThat(peer.response(peer.get("/text")).status()).as("a place is free").isEqualTo(200);
  }

  private static List<Rule> ends() {
    return List.of(
        script(
            "8.1 an answer before the content: RST_STREAM with NO_ERROR",
            peer -> {
              peer.send(Frame.request(1, false, "POST", "/text"));
              assertThat(peer.response(1).body()).isEqualTo("hi");
              peer.expectRst(1, NO_ERROR);
            }),
        script(
            "5.4.2 no RST_STREAM in answer to RST_STREAM",
            peer -> {
              peer.send(Frame.request(1, false, "POST", "/wait"), Frame.rst(1, PROTOCOL_ERROR));
              peer.expectNothing();
            }),
        script(
            "6.4 a reset within an answer ends only that answer",
            peer -> {
              peer.send(Frame.get(1, "/endless"), Frame.get(3, "/bytes/5"));
              peer.expectStatus(1, 200);
              peer.send(Frame.rst(1, CANCEL), Frame.windowUpdate(0, 200_000));
              assertThat(peer.response(3).body()).hasSize(5);
            }),
        last(
            "6.8 behind GOAWAY of the client what runs is answered, then the end",
            peer -> {
              peer.send(Frame.get(1, "/bytes/70000"), Frame.goAway(0, NO_ERROR));
              peer.expectStatus(1, 200);
              peer.send(Frame.windowUpdate(0, 10_000), Frame.windowUpdate(1, 10_000));
              assertThat(peer.restOf(1)).hasSize(70_000);
              peer.awaitEnd();
            }));
  }
}
