package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Breaks good requests in the ways that parsers are broken: one to three small changes, the same
 * for the same seed.
 */
final class Mutations {
  private static final int LONGEST = 1000;
  private static final String[] PIECES = {
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    "\0",
    ":",
    ",",
    ";",
    "%",
    "0",
    "5",
    "a",
    "\u00ff",
    "\u007f",
    "\r\n ",
    "\r\n\r\n",
    "chunked",
    "0\r\n\r\n",
    "HTTP/1.1",
    "HTTP/1.0",
    "GET / HTTP/1.1\r\n",
    "http://a",
    "\r\nHost: h",
    "\r\nContent-Length: 3",
    "\r\nContent-Length: 5",
    "\r\nTransfer-Encoding: chunked",
    "\r\nTransfer-Encoding: gzip",
    "\r\nX:",
    "\r\nConnection: close",
    "\r\nExpect: 100-continue",
    "?",
    "#",
    "/",
    "@",
    "[",
    "]",
    "\"",
    "=",
    "+",
    "-",
    "1\r\na\r\n",
    ";a=b",
    "\r\nX-A : 1",
    "\u000b"
  };

  private final List<byte[]> good;
  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
    this.good =
        RawRequestCases.good().stream()
            .map(raw -> raw.bytes().toByteArray())
            .filter(bytes -> bytes.length < LONGEST)
            .toList();
  }

  /** The next broken request, which may also have stayed good. */
  byte[] next() {
    byte[] data = good.get(random.nextInt(good.size()));
    // Mostly one change: what is broken twice is seldom interesting.
    for (int changes = Math.max(1, random.nextInt(6) - 2); changes > 0; changes--) {
      data = change(data);
    }
    return data;
  }

  private byte[] change(byte[] data) {
    int at = random.nextInt(data.length + 1);
    int until = Math.min(data.length, at + 1 + random.nextInt(8));
    return switch (random.nextInt(6)) {
      case 0 -> join(data, at, piece(), at);
      case 1 -> join(data, at, piece(), until);
      case 2 -> join(data, at, new byte[0], until);
      case 3 -> join(data, until, part(data, at, until), until);
      case 4 ->
          join(data, at, new byte[] {(byte) random.nextInt(256)}, Math.min(data.length, at + 1));
      default -> join(data, at, part(data, 0, random.nextInt(data.length + 1)), at);
    };
  }

  private byte[] piece() {
    return PIECES[random.nextInt(PIECES.length)].getBytes(ISO_8859_1);
  }

  private static byte[] part(byte[] data, int from, int until) {
    return Arrays.copyOfRange(data, from, until);
  }

  /** The data until one index, a piece, and the data from another index on. */
  private static byte[] join(byte[] data, int until, byte[] piece, int from) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + piece.length);
    out.write(data, 0, until);
    out.writeBytes(piece);
    out.write(data, from, data.length - from);
    return out.toByteArray();
  }
}
