package dev.runnel.conformance.websocket;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Reads DEFLATE data (RFC 1951) for how far back it refers, which no library tells. Slow, and for
 * data that is known to be right otherwise.
 */
final class Inflation {
  private static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_EXTRA = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private final byte[] data;
  private int at;
  private int bits;
  private int bitCount;
  private long output;
  private int furthest;
  private long furthestBeyond;

  private Inflation(byte[] data) {
    this.data = data;
  }

  /**
   * @param distance the largest one
   * @param beyond how far references reach in front of the beginning of this message, at most
   * @param length bytes of the message
   */
  record Reach(int distance, long beyond, long length) {}

  /** How far the payload of a compressed message refers. */
  static Reach of(byte[] payload) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(payload);
    whole.writeBytes(TAIL);
    Inflation inflation = new Inflation(whole.toByteArray());
    inflation.read();
    return new Reach(inflation.furthest, inflation.furthestBeyond, inflation.output);
  }

  private void read() {
    boolean last = false;
    while (!last && at < data.length) {
      last = take(1) == 1;
      switch (take(2)) {
        case 0 -> stored();
        case 1 -> codes(new Code(fixedLengths()), new Code(filled(30, 5)));
        case 2 -> dynamic();
        default -> throw new AssertionError("a block of type 3");
      }
    }
  }

  private void stored() {
    bits = 0;
    bitCount = 0;
    int length = (data[at] & 0xff) | (data[at + 1] & 0xff) << 8;
    at += 4 + length;
    output += length;
  }

  private static int[] filled(int count, int value) {
    int[] lengths = new int[count];
    Arrays.fill(lengths, value);
    return lengths;
  }

  private static int[] fixedLengths() {
    int[] lengths = filled(288, 8);
    Arrays.fill(lengths, 144, 256, 9);
    Arrays.fill(lengths, 256, 280, 7);
    return lengths;
  }

  private void dynamic() {
    int literals = take(5) + 257;
    int distances = take(5) + 1;
    int count = take(4) + 4;
    int[] lengths = new int[19];
    for (int i = 0; i < count; i++) {
      lengths[ORDER[i]] = take(3);
    }
    int[] all = runs(new Code(lengths), literals + distances);
    codes(
        new Code(Arrays.copyOf(all, literals)),
        new Code(Arrays.copyOfRange(all, literals, literals + distances)));
  }

  private int[] runs(Code code, int count) {
    int[] all = new int[count];
    int i = 0;
    while (i < count) {
      int symbol = code.next();
      int value = symbol == 16 ? all[i - 1] : symbol < 16 ? symbol : 0;
      int repeat =
          switch (symbol) {
            case 16 -> 3 + take(2);
            case 17 -> 3 + take(3);
            case 18 -> 11 + take(7);
            default -> 1;
          };
      Arrays.fill(all, i, i + repeat, value);
      i += repeat;
    }
    return all;
  }

  private void codes(Code literals, Code distances) {
    for (int symbol = literals.next(); symbol != 256; symbol = literals.next()) {
      if (symbol < 256) {
        output++;
      } else {
        int length = LENGTH_BASE[symbol - 257] + take(LENGTH_EXTRA[symbol - 257]);
        int distance = distance(distances.next());
        furthest = Math.max(furthest, distance);
        furthestBeyond = Math.max(furthestBeyond, distance - output);
        output += length;
      }
    }
  }

  private int distance(int symbol) {
    if (symbol < 4) {
      return symbol + 1;
    }
    int extra = symbol / 2 - 1;
    return ((2 + (symbol & 1)) << extra) + 1 + take(extra);
  }

  private int take(int count) {
    while (bitCount < count) {
      bits |= (data[at++] & 0xff) << bitCount;
      bitCount += 8;
    }
    int value = bits & ((1 << count) - 1);
    bits >>>= count;
    bitCount -= count;
    return value;
  }

  /** A canonical Huffman code (RFC 1951 3.2.2), read bit by bit. */
  private final class Code {
    private final int[] counts = new int[16];
    private final int[] symbols;

    Code(int[] lengths) {
      symbols = new int[lengths.length];
      for (int length : lengths) {
        counts[length]++;
      }
      counts[0] = 0;
      int[] offsets = new int[17];
      for (int length = 1; length < 16; length++) {
        offsets[length + 1] = offsets[length] + counts[length];
      }
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] != 0) {
          symbols[offsets[lengths[symbol]]++] = symbol;
        }
      }
    }

    int next() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int length = 1; length < 16; length++) {
        code |= take(1);
        if (code - counts[length] < first) {
          return symbols[index + code - first];
        }
        index += counts[length];
        first = (first + counts[length]) << 1;
        code <<= 1;
      }
      throw new AssertionError("no such code");
    }
  }
}
