package dev.runnel.engine.internal.h1;

import dev.runnel.engine.Limits;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where the body of one message ends (RFC 9112 6.3): after so many bytes, after the last chunk, or,
 * for an answer, where the connection does.
 */
final class BodyFraming {
  private static final int MAX_PIECE = 64 << 10;
  private static final BodyFraming NONE = new BodyFraming(0, null, false);

  private final @Nullable ChunkedDecoder chunks;
  private final boolean untilClose;
  private long remaining;
  private boolean broken;

  private BodyFraming(long remaining, @Nullable ChunkedDecoder chunks, boolean untilClose) {
    this.remaining = remaining;
    this.chunks = chunks;
    this.untilClose = untilClose;
  }

  static BodyFraming of(RequestHead head, Limits limits) {
    return head.chunked() ? chunked(limits) : ofLength(Math.max(0, head.contentLength()));
  }

  static BodyFraming chunked(Limits limits) {
    return new BodyFraming(0, new ChunkedDecoder(limits), false);
  }

  static BodyFraming ofLength(long length) {
    return length == 0 ? NONE : new BodyFraming(length, null, false);
  }

  static BodyFraming untilClose() {
    return new BodyFraming(Long.MAX_VALUE, null, true);
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
    if (!untilClose) {
      remaining -= count;
    }
    return Bytes.Unsafe.wrap(piece);
  }

  boolean ended() {
    return chunks != null ? chunks.done() : remaining == 0;
  }

  /** Whether the end of the connection is that of the body. */
  boolean isUntilClose() {
    return untilClose;
  }

  /** The connection has ended, and all that it brought was read. */
  void connectionEnded() {
    if (untilClose) {
      remaining = 0;
    }
  }

  /** The length that was declared and is still to come, or -1 when it is not known. */
  long declaredRest() {
    return chunks != null || untilClose ? -1 : remaining;
  }

  /** Whether nobody knows any more where the next message would begin. */
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
