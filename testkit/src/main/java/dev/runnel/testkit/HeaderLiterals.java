package dev.runnel.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Header blocks of literal fields without indexing and without Huffman codes (RFC 7541 6.2.2): the
 * same bytes on any connection, and anything can be said in them.
 */
final class HeaderLiterals {
  private static final int MOST_IN_PREFIX = 0x7f;

  private HeaderLiterals() {}

  /** A block of these names and values, in turn. */
  static byte[] of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "names and values come in turn, but there are " + namesAndValues.length);
    }
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.write(0);
      string(namesAndValues[i], block);
      string(namesAndValues[i + 1], block);
    }
    return block.toByteArray();
  }

  private static void string(String text, ByteArrayOutputStream block) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    length(octets.length, block);
    block.writeBytes(octets);
  }

  /** An integer with a prefix of seven bits (RFC 7541 5.1). */
  private static void length(int length, ByteArrayOutputStream block) {
    if (length < MOST_IN_PREFIX) {
      block.write(length);
      return;
    }
    block.write(MOST_IN_PREFIX);
    int rest = length - MOST_IN_PREFIX;
    for (; rest > 0x7f; rest >>>= 7) {
      block.write(0x80 | (rest & 0x7f));
    }
    block.write(rest);
  }
}
