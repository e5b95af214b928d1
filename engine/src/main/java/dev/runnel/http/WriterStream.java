package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Hands full buffers to the loop of a body, and blocks while the peer is slow. */
final class WriterStream extends OutputStream {
  private static final int BUFFER = 16 << 10;

  private final BodyWriter out;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;

  WriterStream(BodyWriter out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    if (filled == BUFFER) {
      flush();
    }
    buffer[filled++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    for (int at = offset, left = length; left > 0; ) {
      if (filled == BUFFER) {
        flush();
      }
      int count = Math.min(left, BUFFER - filled);
      System.arraycopy(source, at, buffer, filled, count);
      filled += count;
      at += count;
      left -= count;
    }
  }

  /** Waits until the loop has taken what is written and wants more. */
  @Override
  public void flush() throws IOException {
    if (filled == 0) {
      return;
    }
    Bytes full = Bytes.copyOf(buffer, 0, filled);
    filled = 0;
    CompletableFuture<Void> taken = new CompletableFuture<>();
    out.loop().execute(() -> hand(full, taken));
    try {
      taken.join();
    } catch (CompletionException e) {
      throw new IOException("the body cannot be written any more", e.getCause());
    }
  }

  private void hand(Bytes bytes, CompletableFuture<Void> taken) {
    try {
      if (out.write(bytes)) {
        taken.complete(null);
      } else {
        out.onWritable(() -> taken.complete(null));
      }
    } catch (Throwable e) {
      taken.completeExceptionally(e);
    }
  }
}
