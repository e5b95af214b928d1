package dev.runnel.conformance.http2;

import static dev.runnel.conformance.http2.Rule.connection;
import static dev.runnel.conformance.http2.Rule.script;
import static dev.runnel.conformance.http2.Rule.served;
import static dev.runnel.conformance.http2.Rule.stream;
import static dev.runnel.testing.http2.ErrorCode.FLOW_CONTROL_ERROR;
import static dev.runnel.testing.http2.ErrorCode.FRAME_SIZE_ERROR;
import static dev.runnel.testing.http2.ErrorCode.PROTOCOL_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedPeer;
import dev.runnel.testing.http2.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Frames by themselves: sizes, flags, streams they may stand on (RFC 9113 4 and 6). */
final class FrameRules {
  private static final int UNKNOWN = 0x2a;
  private static final byte[] TEXT = head("GET", "/text");
  private static final Frame GET = Frame.get(1, "/text");
  private static final Frame POST = Frame.request(1, false, "POST", "/count");
  private static final Frame WAIT = Frame.get(1, "/wait");

  private FrameRules() {}

  private static byte[] head(String method, String path) {
    return Frame.request(1, true, method, path).payload();
  }

  private static byte[] bytes(int length) {
    return new byte[length];
  }

  private static Frame frame(int type, int flags, int stream, int length) {
    return new Frame(type, flags, stream, bytes(length));
  }

  static Stream<Rule> all() {
    return Stream.of(
            format(), data(), headers(), priority(), small(), settings(), windows(), blocks())
        .flatMap(List::stream);
  }

  private static List<Rule> format() {
    return List.of(
        served("4.1 an unknown type of frame", frame(UNKNOWN, 0xff, 0, 20), GET),
        served("4.1 an unknown type of frame on a stream", POST, frame(UNKNOWN, 0xff, 1, 0), END),
        served("4.1 unknown flags", Frame.ping(1).withFlags(0xfe), GET.withFlags(0xd7)),
        served("4.1 the reserved bit", new Frame(Frame.HEADERS, 5, 0x8000_0001, TEXT)),
        connection(
            PROTOCOL_ERROR,
            "5.5 an unknown frame within a header block",
            new Frame(Frame.HEADERS, Frame.END_STREAM, 1, TEXT),
            frame(UNKNOWN, 0, 0, 0)),
        connection(FRAME_SIZE_ERROR, "4.2 DATA too large", POST, frame(0, 0, 1, 16_385)),
        connection(FRAME_SIZE_ERROR, "4.2 HEADERS too large", frame(1, 5, 1, 16_385)),
        connection(
            FRAME_SIZE_ERROR, "4.2 an unknown frame too large", frame(UNKNOWN, 0, 0, 16_385)),
        served("4.2 DATA as large as may be", POST, frame(0, 0, 1, 16_384), END));
  }

  private static final Frame END = Frame.data(1, true, "");

  private static List<Rule> data() {
    return List.of(
        connection(PROTOCOL_ERROR, "6.1 DATA on the connection", frame(0, 0, 0, 1)),
        connection(
            PROTOCOL_ERROR,
            "6.1 padding as long as the payload",
            POST,
            new Frame(Frame.DATA, Frame.PADDED, 1, new byte[] {5, 0, 0, 0, 0})),
        connection(
            FRAME_SIZE_ERROR, "6.1 no room for the length of the padding", POST, frame(0, 8, 1, 0)),
        script(
            "6.1 padding is no content",
            peer -> {
              peer.send(
                  POST, Frame.padded(1, false, bytes(3), 255), Frame.padded(1, true, bytes(2), 0));
              assertThat(peer.response(1).body()).isEqualTo("5 bytes");
            }),
        script(
            "6.9 padding counts for the windows, and is given back",
            peer -> {
              peer.send(POST);
              for (int i = 0; i < 2_000; i++) {
                peer.send(Frame.padded(1, i == 1_999, bytes(1), 255));
                if (i % 100 == 99) {
                  peer.settle();
                }
              }
              assertThat(peer.response(1).body()).isEqualTo("2000 bytes");
            }));
  }

  private static List<Rule> headers() {
    byte[] padded = new RawBlock().octets(3).block(TEXT).octets(0, 0, 0).build();
    byte[] prioritized = new RawBlock().octets(0, 0, 0, 0, 9).block(TEXT).build();
    byte[] onItself = new RawBlock().octets(0, 0, 0, 1, 9).block(TEXT).build();
    byte[] tooPadded = new RawBlock().octets(200).block(TEXT).build();
    return List.of(
        connection(PROTOCOL_ERROR, "6.2 HEADERS on the connection", new Frame(1, 5, 0, TEXT)),
        served("6.2 HEADERS with padding", new Frame(1, 0x0d, 1, padded)),
        served("6.2 HEADERS with priority", new Frame(1, 0x25, 1, prioritized)),
        connection(
            PROTOCOL_ERROR, "6.2 HEADERS with too much padding", new Frame(1, 0xd, 1, tooPadded)),
        connection(FRAME_SIZE_ERROR, "6.2 HEADERS without room for priority", frame(1, 0x25, 1, 4)),
        connection(FRAME_SIZE_ERROR, "6.2 HEADERS without room for padding", frame(1, 0xd, 1, 0)),
        stream(
            PROTOCOL_ERROR,
            "RFC 7540 5.3.1 HEADERS that depend on themselves",
            new Frame(1, 0x25, 1, onItself)));
  }

  private static List<Rule> priority() {
    return List.of(
        connection(PROTOCOL_ERROR, "6.3 PRIORITY on the connection", frame(2, 0, 0, 5)),
        connection(FRAME_SIZE_ERROR, "6.3 PRIORITY too short on an idle stream", frame(2, 0, 1, 4)),
        connection(
            PROTOCOL_ERROR,
            "RFC 7540 5.3.1 PRIORITY of an idle stream on itself",
            Frame.priority(7, 7, 7)),
        stream(FRAME_SIZE_ERROR, "6.3 PRIORITY too short", WAIT, frame(2, 0, 1, 4)),
        stream(FRAME_SIZE_ERROR, "6.3 PRIORITY too long", WAIT, frame(2, 0, 1, 6)),
        served(
            "6.3 PRIORITY on streams in all states",
            Frame.priority(1, 0, 7),
            Frame.priority(9, 1, 7),
            GET,
            Frame.priority(1, 3, 255)),
        stream(PROTOCOL_ERROR, "RFC 7540 5.3.1 PRIORITY on itself", WAIT, Frame.priority(1, 1, 7)),
        served(
            "RFC 9218 7.1 PRIORITY_UPDATE before and behind its request",
            Frame.priorityUpdate(1, "u=1, i"),
            GET,
            Frame.priorityUpdate(1, "u=7")),
        served(
            "RFC 9218 7.1 a priority that does not parse", Frame.priorityUpdate(1, "u=\"=("), GET),
        connection(
            PROTOCOL_ERROR, "RFC 9218 7.1 PRIORITY_UPDATE on a stream", GET, frame(0x10, 0, 1, 4)),
        connection(
            FRAME_SIZE_ERROR, "RFC 9218 7.1 PRIORITY_UPDATE too short", frame(0x10, 0, 0, 3)),
        connection(
            PROTOCOL_ERROR, "RFC 9218 7.1 PRIORITY_UPDATE of stream 0", frame(0x10, 0, 0, 4)));
  }

  private static List<Rule> small() {
    return List.of(
        connection(PROTOCOL_ERROR, "6.4 RST_STREAM on the connection", Frame.rst(0, 8)),
        connection(FRAME_SIZE_ERROR, "6.4 RST_STREAM too short", WAIT, frame(3, 0, 1, 3)),
        connection(FRAME_SIZE_ERROR, "6.4 RST_STREAM too long", WAIT, frame(3, 0, 1, 5)),
        connection(PROTOCOL_ERROR, "8.4 a client that pushes", WAIT, Frame.pushPromise(1, 2, TEXT)),
        script(
            "6.7 PING is answered with its own octets",
            peer -> {
              peer.send(Frame.ping(0x0123_4567_89ab_cdefL));
              peer.expectPong(0x0123_4567_89ab_cdefL);
            }),
        script(
            "6.7 PING with ACK is not answered",
            peer -> {
              peer.send(Frame.ping(5).withFlags(Frame.ACK)).expectNothing();
              assertThat(peer.count(Frame.PING)).as("answers: the barrier's only").isEqualTo(1);
            }),
        connection(PROTOCOL_ERROR, "6.7 PING on a stream", WAIT, frame(6, 0, 1, 8)),
        connection(FRAME_SIZE_ERROR, "6.7 PING too short", frame(6, 0, 0, 7)),
        connection(FRAME_SIZE_ERROR, "6.7 PING too long", frame(6, 0, 0, 9)),
        connection(PROTOCOL_ERROR, "6.8 GOAWAY on a stream", WAIT, frame(7, 0, 1, 8)),
        connection(FRAME_SIZE_ERROR, "6.8 GOAWAY too short", frame(7, 0, 0, 7)));
  }

  private static List<Rule> settings() {
    return List.of(
        connection(PROTOCOL_ERROR, "6.5 SETTINGS on a stream", frame(4, 0, 1, 0)),
        connection(FRAME_SIZE_ERROR, "6.5 SETTINGS with ACK and a payload", frame(4, 1, 0, 6)),
        connection(FRAME_SIZE_ERROR, "6.5 SETTINGS that break off", frame(4, 0, 0, 7)),
        connection(PROTOCOL_ERROR, "6.5.2 ENABLE_PUSH 2", Frame.settings(Setting.ENABLE_PUSH, 2)),
        connection(
            FLOW_CONTROL_ERROR,
            "6.5.2 INITIAL_WINDOW_SIZE 2^31",
            Frame.settings(Setting.INITIAL_WINDOW_SIZE, 1 << 31)),
        connection(
            PROTOCOL_ERROR,
            "6.5.2 MAX_FRAME_SIZE 16383",
            Frame.settings(Setting.MAX_FRAME_SIZE, 16_383)),
        connection(
            PROTOCOL_ERROR,
            "6.5.2 MAX_FRAME_SIZE 2^24",
            Frame.settings(Setting.MAX_FRAME_SIZE, 1 << 24)),
        served("6.5.2 unknown settings", Frame.settings(0xaaaa, -1, 0, 0, 0xffff, 3), GET),
        served("6.5 an acknowledgement of nothing", Frame.settingsAck(), GET),
        script(
            "6.5.3 SETTINGS are acknowledged one by one",
            peer -> {
              peer.send(Frame.settings(), Frame.settings(), Frame.settings(3, 1, 3, 100, 4, 9));
              for (int i = 0; i < 3; i++) {
                peer.expectSettingsAck();
              }
            }),
        script(
            "6.5.2 a table of HPACK that shrinks to nothing and grows",
            peer -> {
              for (int size : new int[] {0, 4096, 100, 1 << 20}) {
                peer.send(Frame.settings(Setting.HEADER_TABLE_SIZE, size));
                peer.expectSettingsAck();
                for (int i = 0; i < 3; i++) {
                  assertThat(peer.response(peer.get("/text")).status()).isEqualTo(200);
                }
              }
            }));
  }

  private static List<Rule> windows() {
    return List.of(
        connection(PROTOCOL_ERROR, "6.9 WINDOW_UPDATE by 0", Frame.windowUpdate(0, 0)),
        stream(
            PROTOCOL_ERROR, "6.9 WINDOW_UPDATE by 0 on a stream", WAIT, Frame.windowUpdate(1, 0)),
        connection(FRAME_SIZE_ERROR, "6.9 WINDOW_UPDATE too short", frame(8, 0, 0, 3)),
        connection(FRAME_SIZE_ERROR, "6.9 WINDOW_UPDATE too long", frame(8, 0, 0, 5)),
        served("6.9 the reserved bit of WINDOW_UPDATE", Frame.windowUpdate(0, 0x8000_0005), GET),
        connection(
            FLOW_CONTROL_ERROR,
            "6.9.1 the connection's window beyond 2^31-1",
            Frame.windowUpdate(0, Integer.MAX_VALUE)),
        stream(
            FLOW_CONTROL_ERROR,
            "6.9.1 a stream's window beyond 2^31-1",
            WAIT,
            Frame.windowUpdate(1, Integer.MAX_VALUE)),
        connection(
            FLOW_CONTROL_ERROR,
            "6.9.2 SETTINGS that bring a stream's window beyond 2^31-1",
            WAIT,
            Frame.windowUpdate(1, 1 << 30),
            Frame.settings(Setting.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE)),
        script("6.9.1 DATA beyond the stream's window", FrameRules::overrun),
        script("6.9.1 an answer waits for each octet of its stream", FrameRules::dripStream),
        script(
            "6.9.1 the end of an answer that just fits its stream needs no window",
            peer -> fitting(peer, 0)),
        script(
            "6.9.1 nor does that of one that just fits the connection",
            peer -> fitting(peer, 1_000)),
        script(
            "6.9.1 an answer waits for each octet of the connection", FrameRules::dripConnection),
        script("6.9.2 windows become negative and are awaited", FrameRules::negative),
        script("6.9.2 SETTINGS open the windows of all streams", FrameRules::settingsOpen));
  }

  private static void overrun(ScriptedPeer peer) {
    peer.send(Frame.request(1, false, "POST", "/wait"));
    for (int left = (64 << 10) + 1; left > 0; left -= 16_384) {
      peer.send(Frame.data(1, false, bytes(Math.min(left, 16_384))));
    }
    peer.expectRst(1, FLOW_CONTROL_ERROR);
  }

  private static void dripStream(ScriptedPeer peer) {
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 0), Frame.get(1, "/bytes/5"));
    peer.expectStatus(1, 200);
    peer.expectNothing();
    for (int i = 0; i < 5; i++) {
      peer.send(Frame.windowUpdate(1, 1));
      assertThat(peer.expectData(1).text()).hasSize(1);
    }
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 65_535)).expectSettingsAck();
  }

  private static void dripConnection(ScriptedPeer peer) {
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 1 << 20), Frame.get(1, "/bytes/65540"));
    peer.expectStatus(1, 200);
    for (int came = 0; came < 65_535; ) {
      came += peer.expectData(1).text().length();
    }
    peer.expectNothing();
    for (int i = 0; i < 5; i++) {
      peer.send(Frame.windowUpdate(0, 1));
      assertThat(peer.expectData(1).text()).hasSize(1);
    }
    peer.send(Frame.windowUpdate(0, 1 << 20));
  }

  private static void fitting(ScriptedPeer peer, int more) {
    int length = 200_000;
    peer.send(
        Frame.settings(Setting.INITIAL_WINDOW_SIZE, length + more),
        Frame.windowUpdate(0, length - 65_535),
        Frame.get(1, "/bytes/" + length));
    assertThat(peer.response(1).body()).hasSize(length);
    peer.send(Frame.windowUpdate(0, 65_535));
  }

  private static void negative(ScriptedPeer peer) {
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 1000), Frame.get(1, "/bytes/2000"));
    peer.expectStatus(1, 200);
    for (int came = 0; came < 1000; ) {
      came += peer.expectData(1).text().length();
    }
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 400)); // now at -600
    peer.expectNothing();
    peer.send(Frame.windowUpdate(1, 600)).expectNothing();
    peer.send(Frame.windowUpdate(1, 1));
    assertThat(peer.expectData(1).text()).hasSize(1);
    peer.send(Frame.windowUpdate(1, 999));
    assertThat(peer.restOf(1)).hasSize(999);
  }

  private static void settingsOpen(ScriptedPeer peer) {
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 0));
    for (int stream = 1; stream < 20; stream += 2) {
      peer.send(Frame.get(stream, "/bytes/100"));
      peer.expectStatus(stream, 200);
    }
    peer.expectNothing();
    peer.send(Frame.settings(Setting.INITIAL_WINDOW_SIZE, 200));
    for (int stream = 1; stream < 20; stream += 2) {
      assertThat(peer.restOf(stream)).hasSize(100);
    }
  }

  private static List<Rule> blocks() {
    Frame begun = new Frame(Frame.HEADERS, Frame.END_STREAM, 1, Arrays.copyOf(TEXT, 5));
    Frame rest = Frame.continuation(1, true, Arrays.copyOfRange(TEXT, 5, TEXT.length));
    return List.of(
        served("6.10 a header block in two frames", begun, rest),
        served("6.10 empty CONTINUATIONs", begun, Frame.continuation(1, false, bytes(0)), rest),
        connection(PROTOCOL_ERROR, "6.10 CONTINUATION of nothing", rest),
        connection(PROTOCOL_ERROR, "6.10 CONTINUATION behind a whole block", WAIT, rest),
        connection(
            PROTOCOL_ERROR,
            "6.10 CONTINUATION on the connection",
            begun,
            Frame.continuation(0, true, bytes(0))),
        connection(
            PROTOCOL_ERROR,
            "6.10 CONTINUATION of another stream",
            begun,
            Frame.continuation(3, true, bytes(0))),
        connection(PROTOCOL_ERROR, "6.2 PING within a header block", begun, Frame.ping(1)),
        connection(
            PROTOCOL_ERROR, "6.2 HEADERS within a header block", begun, Frame.get(3, "/text")),
        compression("an index of 0", new RawBlock().indexed(0).build()),
        compression("an index behind the tables", new RawBlock().indexed(62).build()),
        compression("a name behind the tables", new RawBlock().indexing(70, "x").build()),
        compression(
            "an integer without an end",
            new RawBlock().octets(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).build()),
        compression("a huge index", new RawBlock().indexed(Integer.MAX_VALUE + 1L).build()),
        compression("a string beyond its block", new RawBlock().octets(0, 1, 'a', 0x7f, 9).build()),
        compression("a huge string", new RawBlock().octets(0).integer(0, 7, 1L << 40).build()),
        compression("a block that breaks off", new RawBlock().octets(0x40).build()),
        compression(
            "Huffman padding of eight bits", new RawBlock().octets(0, 0x82, 0x1f, 0xff, 0).build()),
        compression(
            "a table larger than allowed", new RawBlock().sizeUpdate(4097).block(TEXT).build()),
        compression(
            "a table that changes behind the first field",
            new RawBlock().block(TEXT).sizeUpdate(0).build()),
        served(
            "4.3 a table that becomes smaller, twice",
            Frame.headers(
                1, true, new RawBlock().sizeUpdate(0).sizeUpdate(4096).block(TEXT).build())));
  }

  private static Rule compression(String what, byte[] block) {
    return connection(
        ErrorCode.COMPRESSION_ERROR, "4.3, RFC 7541: " + what, Frame.headers(1, true, block));
  }
}
