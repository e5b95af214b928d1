package dev.runnel.sse;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.MediaType;
import dev.runnel.http.Request;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * A stream of events as gzip (RFC 1952), flushed behind each event, so that the client has it at
 * once. Holds about 260 KiB outside of the heap until it is closed.
 */
final class EventGzip {
  private static final byte[] HEAD = {0x1F, (byte) 0x8B, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, -1};
  private static final int PIECE = 4 << 10;

  private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  private final CRC32 checksum = new CRC32();
  private boolean begun;
  private boolean closed;

  /** One for this call, whose head will then say so; null if its client takes no gzip. */
  static @Nullable EventGzip of(Request request) {
    return isAccepted(request.headers()) ? new EventGzip() : null;
  }

  /**
   * RFC 9110 12.5.3: what the field names counts before {@code *}. Who does not send it could be
   * sent anything, but seldom means that.
   */
  private static boolean isAccepted(Headers headers) {
    boolean any = false;
    for (String line : headers.all(HeaderNames.ACCEPT_ENCODING)) {
      for (String member : line.toLowerCase(Locale.ROOT).split(",", -1)) {
        String[] parts = member.split(";", 2);
        boolean wanted = parts.length == 1 || !parts[1].strip().matches("q=0(\\.0{0,3})?");
        String coding = parts[0].strip();
        if (coding.equals("gzip") || coding.equals("x-gzip")) {
          return wanted;
        }
        any |= coding.equals("*") && wanted;
      }
    }
    return any;
  }

  /** The head of a stream whose coding depends on the request; that of another answer as it is. */
  static ResponseHead describe(ResponseHead head, boolean isCoded) {
    String type = head.headers().get(HeaderNames.CONTENT_TYPE);
    if (type == null || !MediaType.EVENT_STREAM.toString().equals(type)) {
      return head;
    }
    Headers headers = head.headers().with(HeaderNames.VARY, HeaderNames.ACCEPT_ENCODING);
    return head.withHeaders(isCoded ? headers.set(HeaderNames.CONTENT_ENCODING, "gzip") : headers);
  }

  /** What is sent for the next event. */
  Bytes next(Bytes event) {
    byte[] plain = event.toByteArray();
    checksum.update(plain);
    deflater.setInput(plain);
    return Bytes.Unsafe.wrap(drained(Deflater.SYNC_FLUSH).toByteArray());
  }

  /** What is sent behind the last event. */
  Bytes last() {
    deflater.finish();
    ByteArrayOutputStream out = drained(Deflater.NO_FLUSH);
    ByteBuffer trailer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    trailer.putInt((int) checksum.getValue()).putInt((int) deflater.getBytesRead());
    out.writeBytes(trailer.array());
    return Bytes.Unsafe.wrap(out.toByteArray());
  }

  private ByteArrayOutputStream drained(int flush) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(PIECE);
    if (!begun) {
      begun = true;
      out.writeBytes(HEAD);
    }
    byte[] piece = new byte[PIECE];
    int count;
    do {
      count = deflater.deflate(piece, 0, piece.length, flush);
      out.write(piece, 0, count);
    } while (count == piece.length);
    return out;
  }

  /** Frees what it holds. Safe to call twice. */
  void close() {
    if (!closed) {
      closed = true;
      deflater.end();
    }
  }
}
