package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One body in chunks (RFC 9112 7.1), pulled. It takes from the buffer what it understood and keeps
 * a few words of state, so the bytes may come split in any way.
 */
public final class ChunkedDecoder {
  private static final int MAX_PIECE = 64 << 10;

  /** 15 digits cannot overflow a long, and are more than any body needs. */
  private static final int MAX_DIGITS = 15;

  private enum State {
    SIZE,
    EXTENSION,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    DONE
  }

  private final Limits limits;
  private State state = State.SIZE;
  private ChunkExtension extension = ChunkExtension.SIZED;
  private int digits;
  private int extensionBytes;
  private long remaining;
  private @Nullable TrailerSection trailerSection;
  private Headers trailers = Headers.EMPTY;

  /** At the first byte of a body. */
  public ChunkedDecoder(Limits limits) {
    this.limits = limits;
  }

  /**
   * The next piece of the body, at most 64 KiB and never empty; null when the buffer has no more of
   * it or the body is {@link #done()}. What was understood is taken from the buffer; what lies
   * behind the body stays.
   *
   * @throws RejectedException if the framing is broken; the decoder is of no use then
   */
  public @Nullable Bytes next(ByteBuf in) throws RejectedException {
    while (state != State.DONE && in.isReadable()) {
      if (state == State.DATA) {
        return data(in);
      }
      step(in);
    }
    return null;
  }

  /** Whether the end of the body was seen. */
  public boolean done() {
    return state == State.DONE;
  }

  /** The trailer section; empty before the body is done. */
  public Headers trailers() {
    return trailers;
  }

  private Bytes data(ByteBuf in) {
    byte[] piece = new byte[(int) Math.min(remaining, Math.min(in.readableBytes(), MAX_PIECE))];
    in.readBytes(piece);
    remaining -= piece.length;
    if (remaining == 0) {
      state = State.DATA_CR;
    }
    return Bytes.Unsafe.wrap(piece);
  }

  private void step(ByteBuf in) throws RejectedException {
    switch (state) {
      case SIZE -> size(in);
      case EXTENSION -> extension(in.readByte());
      case DATA_CR -> chunkEnd(in.readByte(), CR, State.DATA_LF);
      case DATA_LF -> chunkEnd(in.readByte(), LF, State.SIZE);
      case TRAILERS -> trailers(in);
      case DATA, DONE -> throw new IllegalStateException(state.name());
    }
  }

  private void size(ByteBuf in) throws RejectedException {
    int digit = Octets.hex(in.getByte(in.readerIndex()));
    if (digit >= 0 && digits < MAX_DIGITS) {
      in.skipBytes(1);
      remaining = remaining << 4 | digit;
      digits++;
    } else if (digit < 0 && digits > 0) {
      state = State.EXTENSION;
    } else {
      throw new RejectedException(
          Violation.BAD_CHUNK_SIZE,
          digits == 0 ? Octets.name(in.readByte()) + " where the size begins" : "too large");
    }
  }

  private void extension(byte b) throws RejectedException {
    if (extension == ChunkExtension.LINE_END) {
      lineEnd(b);
      return;
    }
    ChunkExtension before = extension;
    extension = before.next(b);
    if (extension == ChunkExtension.LINE_END) {
      return;
    }
    if (extension == ChunkExtension.MALFORMED) {
      throw malformed(before, b);
    }
    if (++extensionBytes > limits.chunkExtensions()) {
      throw new RejectedException(
          Violation.CHUNK_EXTENSIONS_TOO_LONG, "the limit is " + limits.chunkExtensions());
    }
  }

  private static RejectedException malformed(ChunkExtension before, byte b) {
    if (b == LF) {
      return new RejectedException(Violation.BARE_LF, "behind a chunk size");
    }
    boolean afterSize = before == ChunkExtension.SIZED;
    return new RejectedException(
        afterSize ? Violation.BAD_CHUNK_SIZE : Violation.BAD_CHUNK_EXTENSION,
        Octets.name(b) + (afterSize ? " behind the size" : " in an extension"));
  }

  private void lineEnd(byte b) throws RejectedException {
    if (b != LF) {
      throw new RejectedException(Violation.BARE_CR, "behind a chunk size");
    }
    state = remaining == 0 ? State.TRAILERS : State.DATA;
    extension = ChunkExtension.SIZED;
    digits = 0;
  }

  private void chunkEnd(byte b, byte wanted, State next) throws RejectedException {
    if (b != wanted) {
      throw new RejectedException(Violation.BAD_CHUNK_END, Octets.name(b) + " stands there");
    }
    state = next;
  }

  private void trailers(ByteBuf in) throws RejectedException {
    if (trailerSection == null) {
      trailerSection = new TrailerSection(limits);
    }
    if (trailerSection.read(in)) {
      trailers = trailerSection.fields();
      trailerSection = null;
      state = State.DONE;
    }
  }
}
