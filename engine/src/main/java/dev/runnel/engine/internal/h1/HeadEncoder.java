package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What writing heads and chunks has in common at both ends (RFC 9112 5 to 7). Framing belongs to
 * the engine: what the user set of Connection, Keep-Alive, Transfer-Encoding and Content-Length is
 * not sent as it stands.
 */
abstract class HeadEncoder {
  static final byte[] CRLF = ascii("\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] HEX = ascii("0123456789abcdef");

  // Line, date, framing and numbers; the header section comes on top.
  private static final int FIXED_PARTS = 256;

  // Of a body that is written with its head in one go.
  private static final int JOINED = 512;

  private byte[] data = new byte[0];
  private int at;

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Begins a head with these fields.
   *
   * @param more how many characters come on top of them
   */
  final void begin(LoopScratch scratch, Headers headers, int more) {
    int capacity = FIXED_PARTS + more;
    for (int i = 0; i < headers.size(); i++) {
      capacity += headers.name(i).length() + headers.value(i).length() + 4;
    }
    data = scratch.output(capacity);
    at = 0;
  }

  /** Begins a head with what was {@link #written()} of one before. */
  final void begin(LoopScratch scratch, byte[] written) {
    data = scratch.output(written.length + FIXED_PARTS);
    at = 0;
    put(written);
  }

  /** How many bytes stand there. */
  final int length() {
    return at;
  }

  /** A copy of what stands there. */
  final byte[] written() {
    return Arrays.copyOf(data, at);
  }

  static boolean isFraming(String name) {
    return switch (name.length()) {
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  final void field(String name, String value) {
    put(name);
    data[at++] = ':';
    data[at++] = ' ';
    put(value);
    put(CRLF);
  }

  final void contentLength(long length) {
    put(CONTENT_LENGTH);
    number(length);
    put(CRLF);
  }

  final void end(ByteBuf out) {
    put(CRLF);
    out.writeBytes(data, 0, at);
  }

  /** Ends the head and writes it with all of its body behind it. */
  final void end(ByteBuf out, Bytes body) {
    put(CRLF);
    byte[] bytes = Bytes.Unsafe.array(body);
    int offset = Bytes.Unsafe.offset(body);
    if (body.length() <= JOINED && body.length() <= data.length - at) {
      // Two copies on the heap and one out of it cost less than two out of it (measured: 15 ns).
      System.arraycopy(bytes, offset, data, at, body.length());
      out.writeBytes(data, 0, at + body.length());
    } else {
      out.writeBytes(data, 0, at);
      out.writeBytes(bytes, offset, body.length());
    }
  }

  final void put(byte[] bytes) {
    System.arraycopy(bytes, 0, data, at, bytes.length);
    at += bytes.length;
  }

  final void space() {
    data[at++] = ' ';
  }

  /** ISO-8859-1: what is put here was checked to have nothing else. */
  @SuppressWarnings(
      "deprecation") // the one call that copies a compact string without an array between
  final void put(String text) {
    text.getBytes(0, text.length(), data, at);
    at += text.length();
  }

  private void number(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      data[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    at += digits;
  }

  /** The line before the data of a chunk. */
  static void chunkStart(ByteBuf out, int size) {
    int shift = (31 - Integer.numberOfLeadingZeros(size | 1)) / 4 * 4;
    for (; shift >= 0; shift -= 4) {
      out.writeByte(HEX[size >>> shift & 0xF]);
    }
    out.writeBytes(CRLF);
  }

  /** The line behind the data of a chunk. */
  static void chunkEnd(ByteBuf out) {
    out.writeBytes(CRLF);
  }

  /** The last chunk, and the trailer section. */
  static void lastChunk(ByteBuf out, Headers trailers) {
    out.writeBytes(LAST_CHUNK);
    for (Headers.Field field : trailers) {
      if (!isFraming(field.name())) {
        out.writeCharSequence(field.name(), StandardCharsets.ISO_8859_1);
        out.writeByte(':').writeByte(' ');
        out.writeCharSequence(field.value(), StandardCharsets.ISO_8859_1);
        out.writeBytes(CRLF);
      }
    }
    out.writeBytes(CRLF);
  }
}
