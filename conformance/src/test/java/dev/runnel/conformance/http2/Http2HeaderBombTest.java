package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedPeer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Header lists above the limit: refused with 431 while the connection and its HPACK state live on,
 * and never made as large as they say they are.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.http2.Where#all")
class Http2HeaderBombTest {
  private static final int LIMIT = 16 << 10;
  private static final int FIELDS = 100;

  /** The first free place of the tables (RFC 7541 2.3.3). */
  private static final int NEWEST = 62;

  @Parameter Where where;

  private final App app = new App();
  private Stage stage;
  private ScriptedPeer peer;

  @BeforeEach
  void start() {
    stage = Stage.start(where, app);
    peer = stage.connect();
  }

  @AfterEach
  void servesOnAndLeavesNothingBehind() {
    ScriptedPeer other = stage.connect();
    assertThat(other.response(other.get("/text")).body()).isEqualTo("hi");
    stage.close();
  }

  private static RawBlock get(String path) {
    return new RawBlock().block(Frame.get(1, path).payload());
  }

  /** HEADERS, and CONTINUATIONs as needed. */
  private static List<Frame> frames(int stream, byte[] block) {
    int most = 16_384;
    List<Frame> frames = new ArrayList<>();
    for (int at = 0; at < block.length; at += most) {
      byte[] part = Arrays.copyOfRange(block, at, Math.min(block.length, at + most));
      boolean last = at + most >= block.length;
      frames.add(
          at == 0
              ? Frame.headers(stream, true, part).withFlags(last ? 5 : 1)
              : Frame.continuation(stream, last, part));
    }
    return frames;
  }

  private void serves(int stream) {
    assertThat(peer.send(Frame.get(stream, "/text")).response(stream).body()).isEqualTo("hi");
  }

  /** One octet stands for a field of 4,000: a block of 16 KiB for a list of 60 MiB. */
  @Test
  void manyReferencesToALargeEntry() {
    byte[] entry = get("/text").indexing("bomb", "x".repeat(3_900)).build();
    assertThat(peer.send(Frame.headers(1, true, entry)).response(1).status()).isEqualTo(200);
    RawBlock bomb = get("/text");
    while (bomb.size() < 16_000) {
      bomb.indexed(NEWEST);
    }
    for (int stream = 3; stream < 83; stream += 2) {
      peer.send(Frame.headers(stream, true, bomb.build()));
      assertThat(peer.response(stream).status()).isEqualTo(431);
    }
    assertThat(app.started).as("calls of the bombs").hasValue(1);
    byte[] again = get("/fields").indexed(NEWEST).build();
    assertThat(peer.send(Frame.headers(101, true, again)).response(101).body()).contains("bomb");
  }

  /** Measured where server and client share the test's thread. */
  @Test
  void noMoreMemoryThanItsBytes() {
    Assumptions.assumeTrue(where == Where.MEMORY, "the server has threads of its own");
    manyReferencesToALargeEntry();
    RawBlock bomb = get("/text");
    while (bomb.size() < 16_000) {
      bomb.indexed(NEWEST);
    }
    Frame frame = Frame.headers(103, true, bomb.build());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    peer.send(frame);
    assertThat(peer.response(103).status()).isEqualTo(431);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("bytes for a list of 60 MiB, the client's too").isLessThan(3 << 20);
  }

  @Test
  void aListAboveTheLimit() {
    byte[] block = get("/text").literal("large", "x".repeat(LIMIT)).build();
    assertThat(peer.send(frames(1, block)).response(1).status()).isEqualTo(431);
    byte[] many = get("/text").block(fields(40, "y".repeat(500))).build();
    assertThat(peer.send(frames(3, many)).response(3).status()).isEqualTo(431);
    assertThat(app.started).hasValue(0);
    serves(5);
  }

  @Test
  void aListAtTheLimit() {
    // A field counts its octets and 32 more (RFC 9113 6.5.2).
    String[] pseudo = {":method", "GET", ":scheme", "http", ":path", "/text", ":authority", "a"};
    int used = 0;
    for (int i = 0; i < pseudo.length; i += 2) {
      used += pseudo[i].length() + pseudo[i + 1].length() + 32;
    }
    int rest = LIMIT - used - "a".length() - 32;
    byte[] fits = get("/text").literal("a", "x".repeat(rest)).build();
    assertThat(peer.send(frames(1, fits)).response(1).status()).isEqualTo(200);
    byte[] over = get("/text").literal("a", "x".repeat(rest + 1)).build();
    assertThat(peer.send(frames(3, over)).response(3).status()).isEqualTo(431);
    serves(5);
  }

  @Test
  void tooManyFields() {
    byte[] most = get("/text").block(fields(FIELDS, "1")).build();
    assertThat(peer.send(frames(1, most)).response(1).status()).isEqualTo(200);
    byte[] many = get("/text").block(fields(FIELDS + 1, "1")).build();
    assertThat(peer.send(frames(3, many)).response(3).status()).isEqualTo(431);
    serves(5);
  }

  /** Cookie crumbs count one by one, also those that are joined. */
  @Test
  void tooManyCrumbs() {
    RawBlock block = get("/text");
    for (int i = 0; i < 1_000; i++) {
      block.literal("cookie", "a=" + i);
    }
    assertThat(peer.send(frames(1, block.build())).response(1).status()).isEqualTo(431);
    serves(3);
  }

  @Test
  void aRefusedListEntersTheTable() {
    byte[] block =
        get("/text")
            .indexing("first", "kept")
            .literal("large", "x".repeat(LIMIT))
            .indexing("last", "kept too")
            .build();
    assertThat(peer.send(frames(1, block)).response(1).status()).isEqualTo(431);
    byte[] again = get("/fields").indexed(NEWEST).indexed(NEWEST + 1).build();
    String seen = peer.send(Frame.headers(3, true, again)).response(3).body();
    assertThat(seen).contains("first", "kept", "last", "kept too");
  }

  @Test
  void trailersAboveTheLimit() {
    peer.send(Frame.request(1, false, "POST", "/count"), Frame.data(1, false, "123"));
    peer.send(frames(1, new RawBlock().literal("large", "x".repeat(LIMIT)).build()));
    peer.expectRst(1, ErrorCode.PROTOCOL_ERROR);
    serves(3);
  }

  /** A block that is far larger than any list may be is not gathered to its end. */
  @Test
  void aBlockFarAboveTheLimit() {
    byte[] block = get("/text").literal("large", "x".repeat(20 * LIMIT)).build();
    peer.send(frames(1, block));
    peer.expectConnectionError(ErrorCode.ENHANCE_YOUR_CALM);
    assertThat(app.started).hasValue(0);
  }

  private static byte[] fields(int count, String value) {
    RawBlock block = new RawBlock();
    for (int i = 0; i < count; i++) {
      block.literal("x-" + i, value);
    }
    return block.build();
  }
}
