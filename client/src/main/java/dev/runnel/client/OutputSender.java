package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** The stream that blocking code writes a body into; it blocks while the server is slow. */
final class OutputSender extends OutputStream {
  private static final int BUFFER = 16 << 10;

  private final BodyWriter to;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;

  private OutputSender(BodyWriter to) {
    this.to = to;
  }

  static void start(Body.Output body, BodyWriter to, Executor threads, BodySender.Completion then) {
    threads.execute(
        () -> {
          Throwable failure = null;
          try {
            OutputSender stream = new OutputSender(to);
            body.writeTo(stream);
            stream.flush();
          } catch (Throwable e) {
            failure = e;
          }
          Throwable outcome = failure;
          to.loop().execute(() -> then.done(outcome));
        });
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
    to.loop().execute(() -> hand(full, taken));
    try {
      taken.join();
    } catch (CompletionException e) {
      throw new IOException("the request cannot be written any more", e.getCause());
    }
  }

  private void hand(Bytes bytes, CompletableFuture<Void> taken) {
    try {
      if (to.write(bytes)) {
        taken.complete(null);
      } else {
        to.onWritable(() -> taken.complete(null));
      }
    } catch (Throwable e) {
      taken.completeExceptionally(e);
    }
  }
}
