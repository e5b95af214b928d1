package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Hands pieces to the loop of a body, and blocks while the peer is slow. One piece may be on its
 * way while the next one is filled, so that loop and thread need not take turns.
 */
final class WriterStream extends OutputStream {
  private static final int GATHERED = 16 << 10;
  private static final int LARGEST = 64 << 10;

  private final BodyWriter out;
  private byte[] buffer = new byte[GATHERED];
  private int filled;
  private @Nullable CompletableFuture<Void> underway;

  WriterStream(BodyWriter out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    if (filled == GATHERED) {
      handGathered();
    }
    buffer[filled++] = (byte) b;
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    int at = offset;
    int left = length;
    if (filled > 0 && left > GATHERED - filled) {
      int room = GATHERED - filled;
      gather(source, at, room);
      handGathered();
      at += room;
      left -= room;
    }
    while (left > GATHERED) { // what fits is gathered: until it is full a failure is still answered
      int count = Math.min(left, LARGEST);
      hand(Bytes.copyOf(source, at, count));
      at += count;
      left -= count;
    }
    gather(source, at, left);
  }

  private void gather(byte[] source, int offset, int length) {
    System.arraycopy(source, offset, buffer, filled, length);
    filled += length;
  }

  /** Waits until the loop has taken all that is written and wants more. */
  @Override
  public void flush() throws IOException {
    handGathered();
    awaitTaken();
  }

  private void handGathered() throws IOException {
    if (filled == GATHERED) {
      byte[] full = buffer;
      buffer = new byte[GATHERED];
      filled = 0;
      hand(Bytes.Unsafe.wrap(full));
    } else if (filled > 0) {
      Bytes part = Bytes.copyOf(buffer, 0, filled);
      filled = 0;
      hand(part);
    }
  }

  private void hand(Bytes piece) throws IOException {
    awaitTaken();
    CompletableFuture<Void> taken = new CompletableFuture<>();
    out.loop().execute(() -> write(piece, taken));
    underway = taken;
  }

  /** A body that failed stays so: each further write tells it again. */
  private void awaitTaken() throws IOException {
    try {
      if (underway != null) {
        underway.join();
      }
    } catch (CompletionException e) {
      throw new IOException("the body cannot be written any more", e.getCause());
    }
  }

  private void write(Bytes piece, CompletableFuture<Void> taken) {
    try {
      if (out.write(piece)) {
        taken.complete(null);
      } else {
        out.onWritable(() -> taken.complete(null));
      }
    } catch (Throwable e) {
      taken.completeExceptionally(e);
    }
  }
}
