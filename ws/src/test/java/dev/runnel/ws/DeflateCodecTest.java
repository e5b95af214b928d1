package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.websocket.PayloadCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages through both ends' codecs, and the examples of RFC 7692 7.2.3. */
class DeflateCodecTest {
  private static final Deflate PLAIN = Deflate.DEFAULT;
  private static final Deflate TAKEOVER = PLAIN.withTakeover(true, true);
  private static final int[] SIZES = {0, 1, 7, 125, 126, 1023, 1024, 16384, 16385, 70_000, 300_000};

  @BeforeEach
  void startWithNothing() {
    DeflatePool.here().clear();
    assertNothingIsOpen();
  }

  @AfterEach
  void nothingNativeIsLeft() {
    DeflatePool.here().clear();
    assertNothingIsOpen();
  }

  private static void assertNothingIsOpen() {
    assertThat(ZipCompressor.OPEN).hasValue(0);
    assertThat(Expander.OPEN).hasValue(0);
  }

  /** Each size, of each sort, whole and in fragments; both ways. */
  @ParameterizedTest
  @CsvSource({
    "false,8", "false,9", "false,10", "false,11", "false,12", "false,13", "false,14", "false,15",
    "true,8", "true,9", "true,10", "true,11", "true,12", "true,13", "true,14", "true,15"
  })
  void messagesArriveAsTheyWereSent(boolean takeover, int bits) {
    Pair pair = new Pair(PLAIN.withTakeover(takeover, takeover).withWindowBits(bits, 23 - bits));
    Random random = new Random(bits);
    for (Samples.Sort sort : Samples.Sort.values()) {
      for (int size : SIZES) {
        byte[] message = Samples.of(sort, size, size);
        assertThat(pass(pair.client, pair.server, message, size + 1, size + 1)).isEqualTo(message);
        int fragment = 1 + random.nextInt(1 + size / 2);
        int piece = 1 + random.nextInt(1 + size / 2);
        assertThat(pass(pair.server, pair.client, message, fragment, piece)).isEqualTo(message);
      }
    }
    pair.close();
  }

  /** One byte at a time in and out, where each buffer has a border. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesMayComeOneByOne(boolean takeover) {
    Pair pair = new Pair(PLAIN.withTakeover(takeover, takeover));
    for (int i = 0; i < 3; i++) {
      byte[] message = Samples.of(Samples.Sort.TEXT, 300, i);
      assertThat(pass(pair.client, pair.server, message, 1, 1)).isEqualTo(message);
    }
    pair.close();
  }

  /** RFC 7692 7.2.3: what the receiver gets, and what it stands for. */
  @ParameterizedTest
  @CsvSource({
    "f248cdc9c90700, Hello", // 7.2.3.1 one block
    "000500faff48656c6c6f00, Hello", // 7.2.3.3 without compression
    "f348cdc9c9070000, Hello", // 7.2.3.4 the bit of the last block
    "f24805000000ffffcac9c90700, Hello", // 7.2.3.5 two blocks
    "00, ''" // 7.2.3.6 an empty message
  })
  void examplesOfTheRfcAreRead(String hex, String message) {
    for (Deflate options : new Deflate[] {PLAIN, TAKEOVER}) {
      PayloadCodec codec = serverCodec(options);
      for (int i = 0; i < 3; i++) {
        assertThat(expand(codec, hex).utf8()).isEqualTo(message);
      }
      codec.close();
    }
  }

  @Test
  void aFragmentedExampleOfTheRfcIsRead() {
    PayloadCodec codec = serverCodec(PLAIN);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.expand(hex("f248cd"), false, out::write);
    codec.expand(hex("c9c90700"), true, out::write);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("Hello");
    codec.close();
  }

  /** 7.2.3.2: the second message refers to the first, which only a takeover allows. */
  @Test
  void theExampleOfASharedWindow() {
    PayloadCodec sharing = serverCodec(TAKEOVER);
    assertThat(expand(sharing, "f248cdc9c90700").utf8()).isEqualTo("Hello");
    assertThat(expand(sharing, "f200110000").utf8()).isEqualTo("Hello");
    sharing.close();
    PayloadCodec alone = serverCodec(PLAIN);
    assertThat(expand(alone, "f248cdc9c90700").utf8()).isEqualTo("Hello");
    assertThatThrownBy(() -> expand(alone, "f200110000"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("compressed message is corrupt: invalid distance too far back");
    alone.close();
  }

  @Test
  void whatIsSentIsAsInTheExamples() {
    Bytes hello = Bytes.utf8("Hello");
    PayloadCodec sharing = serverCodec(TAKEOVER);
    assertThat(hex(sharing.compress(hello, true))).isEqualTo("f248cdc9c90700");
    assertThat(hex(sharing.compress(hello, true))).isEqualTo("f200110000");
    assertThat(hex(sharing.compress(Bytes.EMPTY, true))).isEqualTo("00");
    sharing.close();
    PayloadCodec alone = serverCodec(PLAIN);
    assertThat(hex(alone.compress(hello, true))).isEqualTo("f248cdc9c90700");
    assertThat(hex(alone.compress(Bytes.EMPTY, true))).isEqualTo("00");
    assertThat(hex(alone.compress(hello, true))).isEqualTo("f248cdc9c90700");
    alone.close();
  }

  /** A peer that cannot flush ends each fragment with a last block (7.2.1). */
  @Test
  void blocksMayFollowALastBlock() {
    String last = "f348cdc9c90700";
    for (Deflate options : new Deflate[] {PLAIN, TAKEOVER}) {
      PayloadCodec codec = serverCodec(options);
      assertThat(expand(codec, last + last + last + "00").utf8()).isEqualTo("HelloHelloHello");
      assertThat(expand(codec, last + "f248cdc9c90700").utf8()).isEqualTo("HelloHello");
      // The empty block that the sender cuts may itself be marked as the last.
      assertThat(expand(codec, "01").utf8()).isEmpty();
      // What other receivers take too: the byte behind the last block is missing, or all bytes.
      assertThat(expand(codec, last).utf8()).isEqualTo("Hello");
      assertThat(expand(codec, "").utf8()).isEmpty();
      assertThat(expand(codec, "f248cdc9c90700").utf8()).isEqualTo("Hello");
      codec.close();
    }
  }

  @Test
  void fragmentsMayBeEmpty() {
    for (Deflate options : new Deflate[] {PLAIN, TAKEOVER, PLAIN.withWindowBits(10, 10)}) {
      Pair pair = new Pair(options);
      Bytes text = Bytes.utf8("text that is sent in the middle of nothing");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Bytes part : new Bytes[] {Bytes.EMPTY, text, Bytes.EMPTY, text, Bytes.EMPTY}) {
        pair.server.expand(pair.client.compress(part, false), false, out::write);
      }
      pair.server.expand(pair.client.compress(Bytes.EMPTY, true), true, out::write);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(text.utf8() + text.utf8());
      pair.close();
    }
  }

  /** What a fragment stands for can be read before the next one comes. */
  @Test
  void aFragmentIsReadableAtOnce() {
    Pair pair = new Pair(PLAIN);
    byte[] part = Samples.of(Samples.Sort.TEXT, 2000, 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    pair.server.expand(pair.client.compress(Bytes.copyOf(part), false), false, out::write);
    assertThat(out.toByteArray()).isEqualTo(part);
    pair.close();
  }

  @Test
  void theThresholdDecides() {
    PayloadCodec codec = serverCodec(PLAIN);
    assertThat(codec.compresses(1023)).isFalse();
    assertThat(codec.compresses(1024)).isTrue();
    PayloadCodec lower = serverCodec(PLAIN.withThreshold(1));
    assertThat(lower.compresses(0)).isFalse();
    assertThat(lower.compresses(1)).isTrue();
  }

  @Test
  void aTakeoverPaysForMessagesThatResembleEachOther() {
    byte[] message = Samples.of(Samples.Sort.TEXT, 1500, 3);
    PayloadCodec sharing = serverCodec(TAKEOVER);
    int first = sharing.compress(Bytes.copyOf(message), true).length();
    int second = sharing.compress(Bytes.copyOf(message), true).length();
    assertThat(second).isLessThan(first / 10);
    sharing.close();
  }

  private static PayloadCodec serverCodec(Deflate options) {
    return DeflateNegotiation.accept(options, field("permessage-deflate")).codec();
  }

  private static Headers field(String value) {
    return Headers.of("Sec-WebSocket-Extensions", value);
  }

  private static Bytes expand(PayloadCodec codec, String hex) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    codec.expand(hex(hex), true, out::write);
    return Bytes.copyOf(out.toByteArray());
  }

  private static Bytes hex(String text) {
    return Bytes.copyOf(HexFormat.of().parseHex(text));
  }

  private static String hex(Bytes bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** Sends a message in fragments and reads their payloads in pieces. */
  private static byte[] pass(
      PayloadCodec from, PayloadCodec to, byte[] message, int fragment, int piece) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    boolean last;
    do {
      int until = Math.min(message.length, at + fragment);
      last = until == message.length;
      Bytes payload = from.compress(Bytes.copyOf(message, at, until - at), last);
      at = until;
      int read = 0;
      do {
        int end = Math.min(payload.length(), read + piece);
        to.expand(payload.slice(read, end), last && end == payload.length(), out::write);
        read = end;
      } while (read < payload.length());
    } while (!last);
    return out.toByteArray();
  }

  /** Two ends that came to terms. */
  private static final class Pair {
    private final PayloadCodec client;
    private final PayloadCodec server;

    Pair(Deflate options) {
      DeflateTerms there =
          DeflateNegotiation.accept(options, field(DeflateNegotiation.offer(options)));
      server = there.codec();
      client = DeflateNegotiation.confirm(options, field(there.header())).codec();
    }

    void close() {
      client.close();
      client.close();
      server.close();
    }
  }
}
