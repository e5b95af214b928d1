package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Writes response heads (RFC 9112 4 to 6). */
final class ResponseEncoder extends HeadEncoder {
  static final int CLOSE = 1;
  static final int KEEP_ALIVE_1_0 = 1 << 1;
  static final int CHUNKED = 1 << 2;
  static final int UPGRADE = 1 << 3;

  /** No Content-Length is said. */
  static final long NO_LENGTH = -1;

  private static final byte[] VERSION = ascii("HTTP/1.1 ");
  private static final byte[] DATE = ascii("Date: ");
  private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
  private static final byte[] CONNECTION_KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CONNECTION_UPGRADE = ascii("Connection: Upgrade\r\n");
  private static final byte[] TRANSFER_CHUNKED = ascii("Transfer-Encoding: chunked\r\n");

  /** Bytes of a head that is worth its memory. */
  private static final int LONGEST = 1 << 10;

  private static final byte[][] STATUS_LINES = new byte[600][];

  // The usual answers share their heads: one that comes again within the second is copied.
  private @Nullable ResponseHead lastHead;
  private byte @Nullable [] lastDate;
  private byte @Nullable [] lastBytes; // without its framing
  private byte @Nullable [] lastFramed; // with it, if that came twice too (measured: 15 ns less)
  private long lastLength;
  private int lastFlags;

  /** An informational head (1xx): no date, no framing. */
  void informational(ByteBuf out, LoopScratch scratch, Status status, Headers headers) {
    begin(scratch, status, headers);
    fields(headers);
    end(out);
  }

  /** A final head. */
  void head(
      ByteBuf out, LoopScratch scratch, ResponseHead head, long length, int flags, byte[] date) {
    compose(scratch, head, length, flags, date);
    end(out);
  }

  /** A final head and all of its body. */
  void whole(
      ByteBuf out,
      LoopScratch scratch,
      ResponseHead head,
      Bytes body,
      long length,
      int flags,
      byte[] date) {
    compose(scratch, head, length, flags, date);
    end(out, body);
  }

  private void compose(
      LoopScratch scratch, ResponseHead head, long length, int flags, byte[] date) {
    boolean again = isLast(head) && date == lastDate;
    boolean same = again && length == lastLength && flags == lastFlags;
    if (same && lastFramed != null) {
      begin(scratch, lastFramed);
      return;
    }
    if (again && lastBytes != null) {
      begin(scratch, lastBytes);
    } else {
      begin(scratch, head.status(), head.headers());
      if (!fields(head.headers())) {
        put(DATE);
        put(date);
        put(CRLF);
      }
      remember(head, date);
    }
    framing(length, flags);
    lastFramed = same ? kept() : null;
    lastLength = length;
    lastFlags = flags;
  }

  /** Bytes are kept from the second time on, so that a head that comes once costs nothing. */
  private void remember(ResponseHead head, byte[] date) {
    lastBytes = isLast(head) ? kept() : null;
    lastHead = head;
    lastDate = date;
  }

  private byte @Nullable [] kept() {
    return length() <= LONGEST ? written() : null;
  }

  @SuppressWarnings("ReferenceEquality") // to compare what is in them would cost what it saves
  private boolean isLast(ResponseHead head) {
    return head == lastHead;
  }

  private void begin(LoopScratch scratch, Status status, Headers headers) {
    begin(scratch, headers, status.reason().length());
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
      field(name, headers.value(i));
    }
    return dated;
  }

  private void framing(long length, int flags) {
    if (length >= 0) {
      contentLength(length);
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
}
