package dev.runnel.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Makes received header sections, as a decoder does: other bytes around them, room behind the
 * index.
 */
final class HeaderBlocks {
  private HeaderBlocks() {}

  static HeaderBlock of(String... namesAndValues) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1));
    int[] index = new int[2 * namesAndValues.length + HeaderBlock.STRIDE];
    for (int i = 0; i < namesAndValues.length; i++) {
      index[2 * i] = bytes.size();
      bytes.writeBytes(namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1));
      index[2 * i + 1] = bytes.size();
      bytes.writeBytes((i % 2 == 0 ? ": " : "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    return new HeaderBlock(bytes.toByteArray(), index, namesAndValues.length / 2);
  }
}
