package dev.runnel.client;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.runnel.io.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * br (RFC 7932), by the reference decoder. Beside what was asked for it holds its window, which the
 * format bounds by 16 MiB and the decoder gets as it is filled.
 */
final class BrotliDecoder implements StreamDecoder {
  private static final int INPUT = 8 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final DecoderJNI.Wrapper decoder;
  private ByteBuffer input = NOTHING;
  private ByteBuffer output = NOTHING;
  private long pushed;
  private boolean closed;

  BrotliDecoder() {
    try {
      decoder = new DecoderJNI.Wrapper(INPUT);
    } catch (IOException e) {
      throw new IllegalStateException("no memory for a decoder of brotli", e);
    }
  }

  @Override
  public void feed(Bytes bytes) {
    input = bytes.asByteBuffer();
  }

  @Override
  public int decode(byte[] out) throws CodingException {
    while (!output.hasRemaining()) {
      switch (decoder.getStatus()) {
        case NEEDS_MORE_OUTPUT -> output = decoder.pull(out.length);
        case OK -> decoder.push(0);
        case NEEDS_MORE_INPUT -> {
          if (decoder.hasOutput()) {
            output = decoder.pull(out.length);
          } else if (input.hasRemaining()) {
            push();
          } else {
            return 0;
          }
        }
        case DONE -> {
          if (decoder.hasOutput()) {
            output = decoder.pull(out.length);
          } else if (input.hasRemaining()) {
            throw new CodingException("bytes follow its end");
          } else {
            return 0;
          }
        }
        case ERROR ->
            throw new CodingException("its compressed data is malformed, or bytes follow its end");
      }
    }
    int count = Math.min(output.remaining(), out.length);
    output.get(out, 0, count);
    return count;
  }

  private void push() {
    ByteBuffer target = decoder.getInputBuffer().clear();
    int count = Math.min(target.remaining(), input.remaining());
    target.put(input.slice().limit(count));
    input.position(input.position() + count);
    pushed += count;
    decoder.push(count);
  }

  @Override
  public boolean isComplete() {
    return decoder.getStatus() == DecoderJNI.Status.DONE;
  }

  @Override
  public long position() {
    return pushed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      output = NOTHING; // it was a view of the decoder's memory
      decoder.destroy();
    }
  }
}
