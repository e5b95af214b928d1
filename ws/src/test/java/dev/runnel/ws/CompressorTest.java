package dev.runnel.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ws.Compressor.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both compressors against java.util.zip's inflater, and against their windows. */
class CompressorTest {
  private static final List<Samples.Sort> SORTS = List.of(Samples.Sort.values());
  private static final int[] SIZES = {
    1, 2, 3, 255, 256, 257, 511, 512, 513, 1024, 4095, 4097, 16383, 16385, 32768, 65536, 100_000
  };

  /** For all levels, sorts and sizes: whole messages, each by itself. */
  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
  void whatIsCompressedExpandsAndKeepsTheWindow(int bits) throws DataFormatException {
    for (int level = 1; level <= 9; level++) {
      Compressor compressor = new Kind(level, bits).open();
      for (Samples.Sort sort : Samples.Sort.values()) {
        for (int size : SIZES) {
          byte[] message = Samples.of(sort, size, size + level);
          checkAlone(compressor, bits, message);
        }
      }
      compressor.end();
    }
  }

  private static void checkAlone(Compressor compressor, int bits, byte[] message)
      throws DataFormatException {
    byte[] compressed = compress(compressor, message);
    compressor.reset();
    DeflateData reader = new DeflateData();
    assertThat(reader.read(compressed)).isEqualTo(message);
    assertThat(reader.farthest()).isLessThanOrEqualTo(bits == 8 ? 0 : 1 << bits);
    assertThat(expand(compressed, message.length)).isEqualTo(message);
  }

  /** A session with takeover: each message may refer to those before. */
  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
  void aSessionKeepsTheWindowToo(int bits) {
    Random random = new Random(bits);
    for (int level : new int[] {1, 3, 4, 6, 9}) {
      Compressor compressor = new Kind(level, bits).open();
      DeflateData reader = new DeflateData();
      for (int i = 0; i < 60; i++) {
        Samples.Sort sort = SORTS.get(random.nextInt(SORTS.size()));
        byte[] message = Samples.of(sort, 1 + random.nextInt(9000), random.nextInt(4));
        assertThat(reader.read(compress(compressor, message))).isEqualTo(message);
      }
      assertThat(reader.farthest()).isLessThanOrEqualTo(bits == 8 ? 0 : 1 << bits);
      // Else the check would hold for a compressor that refers to nothing.
      assertThat(reader.farthest()).isGreaterThan(bits == 8 ? -1 : (1 << bits) / 4);
      compressor.end();
    }
  }

  /** Nothing of a message before is known after a reset, so that pooled ones tell no secrets. */
  @ParameterizedTest
  @ValueSource(ints = {8, 9, 11, 14, 15})
  void aResetForgets(int bits) {
    Compressor compressor = new Kind(6, bits).open();
    // zlib looks back 262 bytes less than its window.
    byte[] secret = Samples.of(Samples.Sort.RANDOM, 200, 1);
    byte[] first = compress(compressor, secret);
    byte[] again = compress(compressor, secret);
    compressor.reset();
    compressor.reset();
    byte[] afterReset = compress(compressor, secret);
    assertThat(afterReset).isEqualTo(first);
    if (bits > 8) {
      assertThat(again).hasSizeLessThan(first.length / 3);
    }
    assertThat(new DeflateData().read(afterReset)).isEqualTo(secret);
    compressor.end();
  }

  @Test
  void aWindowOf256BytesIsServedWithoutReferences() {
    Compressor compressor = new Kind(9, 8).open();
    byte[] text = Samples.of(Samples.Sort.TEXT, 5000, 1);
    DeflateData reader = new DeflateData();
    byte[] compressed = compress(compressor, text);
    assertThat(reader.read(compressed)).isEqualTo(text);
    assertThat(reader.references()).isZero();
    assertThat(compressed).hasSizeLessThan(4000);
    compressor.end();
  }

  static byte[] compress(Compressor compressor, byte[] message) {
    Growing out = new Growing(new byte[100]);
    // Neither begins nor ends where the array does.
    byte[] input = new byte[message.length + 10];
    Arrays.fill(input, (byte) 0x55);
    System.arraycopy(message, 0, input, 5, message.length);
    compressor.compress(input, 5, message.length, out);
    byte[] compressed = Arrays.copyOf(out.array, out.length);
    assertThat(compressed).endsWith(0, 0, 0xFF, 0xFF);
    return compressed;
  }

  private static byte[] expand(byte[] compressed, int length) throws DataFormatException {
    Inflater inflater = new Inflater(true);
    inflater.setInput(compressed);
    byte[] out = new byte[length + 1];
    int made = inflater.inflate(out);
    inflater.end();
    return Arrays.copyOf(out, made);
  }
}
