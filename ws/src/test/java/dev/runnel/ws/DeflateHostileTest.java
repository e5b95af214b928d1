package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.websocket.PayloadCodec;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Payloads that are corrupt, cut off, or stand for far more than they are. */
class DeflateHostileTest {
  private static final int MIB = 1 << 20;
  private static final PayloadCodec.Sink NOWHERE = (bytes, offset, length) -> {};

  @BeforeEach
  @AfterEach
  void nothingNativeIsLeft() {
    DeflatePool.here().clear();
    assertThat(ZipCompressor.OPEN).hasValue(0);
    assertThat(Expander.OPEN).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({
    "07, invalid block type",
    "000500faff, 'the message ends in the middle of a block'",
    "000500fafe, invalid stored block lengths",
    "f2, 'the message ends in the middle of a block'",
    "f200110000, invalid distance too far back",
    "f348cdc9c90700f200110000, invalid distance too far back",
    "f348cdc9c90700ff, invalid block type",
    "edc1010d000000c2a0f74f6d0e37a000, *",
    "789c4bca0400, 'it looks like zlib (RFC 1950), possibly with a preset dictionary'",
    "78bb0000000100, 'but must be raw DEFLATE (RFC 1951)'"
  })
  void whatIsCorruptIsRefusedWithItsReason(String hex, String why) {
    PayloadCodec codec = codec(Deflate.DEFAULT);
    assertThatThrownBy(() -> codec.expand(hex(hex), true, NOWHERE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("compressed message is corrupt: ")
        .hasMessageContaining(why.equals("*") ? ":" : why);
    codec.close();
    codec.close();
  }

  /** Any cut of a message is noticed, since nothing outlives it. */
  @Test
  void aMessageThatIsCutOffIsRefused() {
    byte[] whole = compressed(Samples.of(Samples.Sort.MIXED, 3000, 1));
    for (int length = 1; length < whole.length; length++) {
      PayloadCodec codec = codec(Deflate.DEFAULT);
      Bytes cut = Bytes.copyOf(whole, 0, length);
      assertThatThrownBy(() -> codec.expand(cut, true, NOWHERE))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(IllegalArgumentException.class);
      codec.close();
    }
  }

  /** Noise ends in a message or a refusal, in bounded pieces, never in anything else. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noiseIsAMessageOrRefused(boolean takeover) {
    Random random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      refused += isRefused(takeover, noise) ? 1 : 0;
    }
    assertThat(refused).isBetween(10_000, 20_000);
  }

  /** The same for messages with one bit turned. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTurnedBitIsAMessageOrRefused(boolean takeover) {
    byte[] whole = compressed(Samples.of(Samples.Sort.TEXT, 2000, 1));
    int refused = 0;
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] turned = whole.clone();
      turned[bit >> 3] ^= (byte) (1 << (bit & 7));
      refused += isRefused(takeover, turned) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(whole.length);
  }

  private static boolean isRefused(boolean takeover, byte[] payload) {
    PayloadCodec codec = codec(Deflate.DEFAULT.withTakeover(takeover, takeover));
    try {
      codec.expand(
          Bytes.copyOf(payload),
          true,
          (bytes, offset, length) -> assertThat(length).isBetween(1, DeflatePool.BUFFER));
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    } finally {
      codec.close();
    }
  }

  /** What was refused leaves nothing in the pool that the next session would find. */
  @Test
  void aCorruptMessageSpoilsNoOtherSession() {
    for (int i = 0; i < 100; i++) {
      PayloadCodec corrupt = codec(Deflate.DEFAULT);
      assertThatThrownBy(() -> corrupt.expand(hex("f248cdc9ffff"), true, NOWHERE))
          .isInstanceOf(IllegalArgumentException.class);
      PayloadCodec other = codec(Deflate.DEFAULT);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      other.expand(hex("f248cdc9c90700"), true, out::write);
      assertThat(out).hasToString("Hello");
      corrupt.close();
      other.close();
    }
  }

  @Test
  void behindACorruptMessageNothingIsExpandedButMessagesMayBeSent() {
    PayloadCodec codec = codec(Deflate.DEFAULT.withTakeover(true, true));
    assertThatThrownBy(() -> codec.expand(hex("07"), true, NOWHERE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> codec.expand(hex("00"), true, NOWHERE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("behind a message that failed");
    assertThat(codec.compress(Bytes.utf8("bye"), true).isEmpty()).isFalse();
    codec.close();
    assertThatThrownBy(() -> codec.compress(Bytes.utf8("bye"), true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> codec.expand(hex("00"), true, NOWHERE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  /** 1 GiB in 1 MiB: the limit is the sink's, and behind it nothing is expanded. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBombIsBoundedByTheSink(boolean takeover) {
    byte[] bomb = bomb(1024);
    assertThat(bomb).hasSizeLessThan(2 * MIB);
    PayloadCodec codec = codec(Deflate.DEFAULT.withTakeover(takeover, takeover));
    Limit limit = new Limit(MIB);
    assertThatThrownBy(() -> codec.expand(Bytes.copyOf(bomb), true, limit)).isSameAs(limit.over);
    assertThat(limit.taken).isEqualTo(MIB + DeflatePool.BUFFER);
    assertThat(limit.calls).isEqualTo(MIB / DeflatePool.BUFFER + 1);
    assertThat(Expander.OPEN).as("the expander is gone before the session is").hasValue(0);
    codec.close();
  }

  @Test
  void aBombInManyFramesIsBoundedToo() {
    byte[] bomb = bomb(64);
    PayloadCodec codec = codec(Deflate.DEFAULT);
    Limit limit = new Limit(MIB);
    assertThatThrownBy(
            () -> {
              for (int at = 0; at < bomb.length; at += 100) {
                int length = Math.min(100, bomb.length - at);
                codec.expand(Bytes.copyOf(bomb, at, length), false, limit);
              }
            })
        .isSameAs(limit.over);
    assertThat(limit.taken).isLessThanOrEqualTo(MIB + DeflatePool.BUFFER);
    codec.close();
  }

  /** Empty blocks stand for nothing; they cost what they are long, and give the sink no calls. */
  @Test
  void manyEmptyBlocksAreNoMessageButNoHarm() {
    byte[] blocks = new byte[5 * 100_000 + 1];
    for (int at = 0; at + 5 < blocks.length; at += 5) {
      blocks[at + 3] = (byte) 0xFF;
      blocks[at + 4] = (byte) 0xFF;
    }
    PayloadCodec codec = codec(Deflate.DEFAULT);
    codec.expand(
        Bytes.copyOf(blocks),
        true,
        (bytes, offset, length) -> {
          throw new AssertionError("nothing was sent");
        });
    codec.close();
  }

  /** As many last blocks as there can be: each begins new data. */
  @Test
  void manyLastBlocksAreRead() {
    byte[] blocks = new byte[2 * 50_000 + 1];
    for (int at = 0; at + 1 < blocks.length; at += 2) {
      blocks[at] = 3;
    }
    PayloadCodec codec = codec(Deflate.DEFAULT);
    codec.expand(Bytes.copyOf(blocks), true, NOWHERE);
    codec.close();
  }

  private static PayloadCodec codec(Deflate options) {
    Headers offer = Headers.of("Sec-WebSocket-Extensions", "permessage-deflate");
    return DeflateNegotiation.accept(options, offer).codec();
  }

  private static Bytes hex(String text) {
    return Bytes.copyOf(HexFormat.of().parseHex(text));
  }

  private static byte[] compressed(byte[] message) {
    PayloadCodec codec = codec(Deflate.DEFAULT);
    byte[] payload = codec.compress(Bytes.copyOf(message), true).toByteArray();
    codec.close();
    return payload;
  }

  /** So many MiB of zeros, compressed: one and the same block for each. */
  private static byte[] bomb(int mebibytes) {
    Growing mebibyte = new Growing(new byte[4096]);
    Compressor compressor = new Compressor.Kind(9, 15).open();
    compressor.compress(new byte[MIB], 0, MIB, mebibyte);
    compressor.end();
    byte[] all = new byte[mebibytes * mebibyte.length];
    for (int at = 0; at < all.length; at += mebibyte.length) {
      System.arraycopy(mebibyte.array, 0, all, at, mebibyte.length);
    }
    return Arrays.copyOf(all, all.length - Compressor.MARKER);
  }

  /** Throws once more came than it takes, as the limit of a message does. */
  private static final class Limit implements PayloadCodec.Sink {
    private final RuntimeException over = new RuntimeException("over the limit");
    private final int most;
    private int taken;
    private int calls;

    Limit(int most) {
      this.most = most;
    }

    @Override
    public void accept(byte[] bytes, int offset, int length) {
      calls++;
      taken += length;
      if (taken > most) {
        throw over;
      }
    }
  }
}
