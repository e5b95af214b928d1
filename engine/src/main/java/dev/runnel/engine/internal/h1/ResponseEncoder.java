package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Writes response heads and chunk framing (RFC 9112 4 to 7). Framing belongs to the engine: what
 * the user set of Connection, Keep-Alive, Transfer-Encoding and Content-Length is not sent as it
 * stands.
 */
final class ResponseEncoder {
  static final int CLOSE = 1;
  static final int KEEP_ALIVE_1_0 = 1 << 1;
  static final int CHUNKED = 1 << 2;
  static final int UPGRADE = 1 << 3;

  /** No Content-Length is said. */
  static final long NO_LENGTH = -1;

  private static final byte[] VERSION = ascii("HTTP/1.1 ");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final byte[] DATE = ascii("Date: ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
  private static final byte[] CONNECTION_KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CONNECTION_UPGRADE = ascii("Connection: Upgrade\r\n");
  private static final byte[] TRANSFER_CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] HEX = ascii("0123456789abcdef");

  private static final byte[][] STATUS_LINES = new byte[600][];

  // Line, date, framing and numbers; the header section comes on top.
  private static final int FIXED_PARTS = 256;

  private byte[] data = new byte[0];
  private int at;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** An informational head (1xx): no date, no framing. */
  void informational(ByteBuf out, LoopScratch scratch, Status status, Headers headers) {
    begin(scratch, status, headers);
    fields(headers);
    end(out);
  }

  /** A final head. */
  void head(
      ByteBuf out, LoopScratch scratch, ResponseHead head, long length, int flags, byte[] date) {
    begin(scratch, head.status(), head.headers());
    boolean dated = fields(head.headers());
    if (!dated) {
      put(DATE);
      put(date);
      put(CRLF);
    }
    framing(length, flags);
    end(out);
  }

  private void begin(LoopScratch scratch, Status status, Headers headers) {
    int capacity = FIXED_PARTS + status.reason().length();
    for (int i = 0; i < headers.size(); i++) {
      capacity += headers.name(i).length() + headers.value(i).length() + 4;
    }
    data = scratch.output(capacity);
    at = 0;
    put(statusLine(status));
  }

  private static byte[] statusLine(Status status) {
    byte[] known = STATUS_LINES[status.code()];
    if (known == null) {
      byte[] text = ascii(status.code() + " " + status.reason() + "\r\n");
      known = new byte[VERSION.length + text.length];
      System.arraycopy(VERSION, 0, known, 0, VERSION.length);
      System.arraycopy(text, 0, known, VERSION.length, text.length);
      STATUS_LINES[status.code()] = known; // a race writes the same bytes twice
    }
    return known;
  }

  /** The user's fields but the framing; says whether Date was among them. */
  private boolean fields(Headers headers) {
    boolean dated = false;
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      if (isFraming(name)) {
        continue;
      }
      dated |= name.equalsIgnoreCase("date");
      put(name);
      data[at++] = ':';
      data[at++] = ' ';
      put(headers.value(i));
      put(CRLF);
    }
    return dated;
  }

  private static boolean isFraming(String name) {
    return switch (name.length()) {
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  private void framing(long length, int flags) {
    if (length >= 0) {
      put(CONTENT_LENGTH);
      number(length);
      put(CRLF);
    }
    if ((flags & CHUNKED) != 0) {
      put(TRANSFER_CHUNKED);
    }
    if ((flags & UPGRADE) != 0) {
      put(CONNECTION_UPGRADE);
    } else if ((flags & CLOSE) != 0) {
      put(CONNECTION_CLOSE);
    } else if ((flags & KEEP_ALIVE_1_0) != 0) {
      put(CONNECTION_KEEP_ALIVE);
    }
  }

  private void end(ByteBuf out) {
    put(CRLF);
    out.writeBytes(data, 0, at);
  }

  private void put(byte[] bytes) {
    System.arraycopy(bytes, 0, data, at, bytes.length);
    at += bytes.length;
  }

  /** ISO-8859-1: field names and values were checked to have nothing else when they were set. */
  @SuppressWarnings(
      "deprecation") // the one call that copies a compact string without an array between
  private void put(String text) {
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
