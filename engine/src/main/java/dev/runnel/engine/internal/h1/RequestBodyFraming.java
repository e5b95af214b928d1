package dev.runnel.engine.internal.h1;

import dev.runnel.engine.Limits;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of one request ends (RFC 9112 6.3): after so many bytes, or after the last chunk.
 */
final class RequestBodyFraming {
  private static final int MAX_PIECE = 64 << 10;
  private static final RequestBodyFraming NONE = new RequestBodyFraming(0, null);

  private final @Nullable ChunkedDecoder chunks;
  private long remaining;
  private boolean broken;

  private RequestBodyFraming(long remaining, @Nullable ChunkedDecoder chunks) {
    this.remaining = remaining;
    this.chunks = chunks;
  }

  static RequestBodyFraming of(RequestHead head, Limits limits) {
    if (head.chunked()) {
      return new RequestBodyFraming(0, new ChunkedDecoder(limits));
    }
    return head.hasBody() ? new RequestBodyFraming(head.contentLength(), null) : NONE;
  }

  /** The next piece that stands in the buffer, or null when there is none or the body has ended. */
  @Nullable Bytes next(ByteBuf in) throws RejectedException {
    if (chunks != null) {
      try {
        return chunks.next(in);
      } catch (RejectedException e) {
        broken = true;
        throw e;
      }
    }
    int count = (int) Math.min(remaining, Math.min(in.readableBytes(), MAX_PIECE));
    if (count == 0) {
      return null;
    }
    byte[] piece = new byte[count];
    in.readBytes(piece);
    remaining -= count;
    return Bytes.Unsafe.wrap(piece);
  }

  boolean ended() {
    return chunks != null ? chunks.done() : remaining == 0;
  }

  /** Whether nobody knows any more where the next request would begin. */
  boolean isBroken() {
    return broken;
  }

  /** The most bytes that are known to follow; 0 when only the chunks themselves tell. */
  long knownRest() {
    return remaining;
  }

  Headers trailers() {
    return chunks == null ? Headers.EMPTY : chunks.trailers();
  }
}
