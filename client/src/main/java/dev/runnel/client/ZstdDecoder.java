package dev.runnel.client;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.runnel.io.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** zstd (RFC 8878): any number of frames, with windows of at most 8 MiB. */
final class ZstdDecoder implements StreamDecoder {
  /** RFC 9659 3: no larger windows in HTTP, whatever the library could do. */
  private static final int MAX_WINDOW_LOG = 23;

  private final Fed input = new Fed();
  private final ZstdInputStreamNoFinalizer stream;

  ZstdDecoder() {
    try {
      // Continuous: when it has no more input it says so and goes on later.
      stream =
          new ZstdInputStreamNoFinalizer(input, RecyclingBufferPool.INSTANCE)
              .setContinuous(true)
              .setLongMax(MAX_WINDOW_LOG);
    } catch (IOException e) {
      throw new IllegalStateException("no memory for a decoder of zstd", e);
    }
  }

  @Override
  public void feed(Bytes bytes) {
    input.give(bytes);
  }

  @Override
  public int decode(byte[] out) throws CodingException {
    try {
      int count = stream.read(out, 0, out.length);
      return Math.max(count, 0);
    } catch (IOException e) {
      throw new CodingException("its compressed data is malformed: " + e.getMessage(), e);
    }
  }

  /** Not continuous any more, it takes the end of input within a frame for an error. */
  @Override
  public boolean isComplete() {
    try {
      stream.setContinuous(false);
      return stream.read(new byte[1], 0, 1) < 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public long position() {
    return input.taken;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a stream over bytes in memory cannot fail to close", e);
    }
  }

  /** The pieces as they come; between them it is at its end. */
  private static final class Fed extends InputStream {
    private Bytes bytes = Bytes.EMPTY;
    private int at;
    private long taken;

    void give(Bytes next) {
      bytes = next;
      at = 0;
    }

    @Override
    public int read() {
      if (at == bytes.length()) {
        return -1;
      }
      taken++;
      return bytes.get(at++) & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, target.length);
      int count = Math.min(length, available());
      if (count == 0) {
        return length == 0 ? 0 : -1;
      }
      bytes.slice(at, at + count).copyTo(target, offset);
      at += count;
      taken += count;
      return count;
    }

    @Override
    public int available() {
      return bytes.length() - at;
    }
  }
}
