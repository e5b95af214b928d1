package dev.runnel.ws;

import java.util.Arrays;

/**
 * Reads raw DEFLATE data (RFC 1951) to say how far back it refers. Written apart from what it
 * checks, and slow. Stands for one session: what a message stood for may be referred to by the
 * next.
 */
final class DeflateData {
  private static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] DISTANCE_BASE = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] CODE_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private byte[] out = new byte[1024];
  private int length;
  private byte[] in = {};
  private int bit;
  private int farthest;
  private int references;

  /** The farthest distance of all messages. */
  int farthest() {
    return farthest;
  }

  /** How many references there were. */
  int references() {
    return references;
  }

  /** What a message stands for; its end must be the end of a block. */
  byte[] read(byte[] message) {
    int from = length;
    in = message;
    bit = 0;
    while (bit < 8 * in.length) {
      block();
    }
    return Arrays.copyOfRange(out, from, length);
  }

  private void block() {
    if (bits(1) == 1) {
      throw new IllegalStateException("a last block");
    }
    switch (bits(2)) {
      case 0 -> stored();
      case 1 -> codes(new Code(fixedLengths()), new Code(filled(30, 5)));
      case 2 -> dynamic();
      default -> throw new IllegalStateException("block type 3");
    }
  }

  private void stored() {
    bit = (bit + 7) & ~7;
    int count = bits(16);
    if (bits(16) != (~count & 0xFFFF)) {
      throw new IllegalStateException("lengths differ");
    }
    for (int i = 0; i < count; i++) {
      put(bits(8));
    }
  }

  private static int[] fixedLengths() {
    int[] lengths = filled(288, 8);
    Arrays.fill(lengths, 144, 256, 9);
    Arrays.fill(lengths, 256, 280, 7);
    return lengths;
  }

  private static int[] filled(int count, int value) {
    int[] lengths = new int[count];
    Arrays.fill(lengths, value);
    return lengths;
  }

  private void dynamic() {
    int literals = bits(5) + 257;
    int distances = bits(5) + 1;
    int codes = bits(4) + 4;
    int[] codeLengths = new int[19];
    for (int i = 0; i < codes; i++) {
      codeLengths[CODE_ORDER[i]] = bits(3);
    }
    int[] lengths = lengths(new Code(codeLengths), literals + distances);
    codes(
        new Code(Arrays.copyOf(lengths, literals)),
        new Code(Arrays.copyOfRange(lengths, literals, literals + distances)));
  }

  private int[] lengths(Code code, int count) {
    int[] lengths = new int[count];
    for (int i = 0; i < count; ) {
      int symbol = code.next();
      int repeated = symbol == 16 ? lengths[i - 1] : symbol < 16 ? symbol : 0;
      int times =
          switch (symbol) {
            case 16 -> 3 + bits(2);
            case 17 -> 3 + bits(3);
            case 18 -> 11 + bits(7);
            default -> 1;
          };
      Arrays.fill(lengths, i, i + times, repeated);
      i += times;
    }
    return lengths;
  }

  private void codes(Code literals, Code distances) {
    for (int symbol = literals.next(); symbol != 256; symbol = literals.next()) {
      if (symbol < 256) {
        put(symbol);
      } else {
        reference(symbol - 257, distances);
      }
    }
  }

  private void reference(int symbol, Code distances) {
    int extra = symbol < 8 || symbol == 28 ? 0 : symbol / 4 - 1;
    int count = LENGTH_BASE[symbol] + bits(extra);
    int code = distances.next();
    int distance = DISTANCE_BASE[code] + bits(code < 4 ? 0 : code / 2 - 1);
    if (distance > length) {
      throw new IllegalStateException("refers to " + distance + " before " + length);
    }
    farthest = Math.max(farthest, distance);
    references++;
    for (int i = 0; i < count; i++) {
      put(out[length - distance]);
    }
  }

  private void put(int value) {
    if (length == out.length) {
      out = Arrays.copyOf(out, 2 * length);
    }
    out[length++] = (byte) value;
  }

  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value |= (in[bit >> 3] >> (bit & 7) & 1) << i;
    }
    return value;
  }

  /** A canonical Huffman code (RFC 1951 3.2.2). */
  private final class Code {
    private final int[] counts = new int[16];
    private final int[] symbols;

    Code(int[] lengths) {
      symbols = new int[lengths.length];
      int at = 0;
      for (int size = 1; size < 16; size++) {
        for (int symbol = 0; symbol < lengths.length; symbol++) {
          if (lengths[symbol] == size) {
            symbols[at++] = symbol;
            counts[size]++;
          }
        }
      }
    }

    int next() {
      int code = 0;
      int first = 0;
      int at = 0;
      for (int size = 1; size < 16; size++) {
        code = code << 1 | bits(1);
        first = first << 1;
        if (code - first < counts[size]) {
          return symbols[at + code - first];
        }
        at += counts[size];
        first += counts[size];
      }
      throw new IllegalStateException("no such code");
    }
  }
}
