package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.LogContext;
import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The stream that blocking code writes a body into: hands full buffers to the loop and blocks while
 * the peer is slow.
 */
final class BlockingOutput extends OutputStream {
  private static final int BUFFER = 16 << 10;

  private final ServerExchange call;
  private final OutboundBody out;
  private final byte[] buffer = new byte[BUFFER];
  private int filled;

  private BlockingOutput(ServerExchange call, OutboundBody out) {
    this.call = call;
    this.out = out;
  }

  static void start(ServerExchange call, Body.Output body, OutboundBody out) {
    Exchange.Hold hold = call.hold();
    try {
      call.server()
          .blocking()
          .run(
              () -> writeBody(call, body, out), (nothing, error) -> finish(call, out, error, hold));
    } catch (RejectedExecutionException e) {
      hold.release();
      throw Handlers.overloaded(e);
    }
  }

  private static @Nullable Void writeBody(ServerExchange call, Body.Output body, OutboundBody out)
      throws Exception {
    BlockingOutput stream = new BlockingOutput(call, out);
    Map<String, String> before = LogContext.install(LogContext.of(call.request()));
    try {
      body.writeTo(stream);
      stream.flush();
      return null;
    } finally {
      LogContext.restore(before);
    }
  }

  private static void finish(
      ServerExchange call, OutboundBody out, @Nullable Throwable error, Exchange.Hold hold) {
    if (error == null) {
      call.loop().execute(() -> call.guard(() -> endUnlessOver(call, out)));
    } else {
      call.loop().execute(() -> call.fail(error));
    }
    hold.release();
  }

  private static void endUnlessOver(ServerExchange call, OutboundBody out) {
    if (!call.isOver()) {
      Headers trailers = call.responseTrailers();
      out.end(trailers);
    }
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
    int at = offset;
    int left = length;
    while (left > 0) {
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

  @Override
  public void flush() throws IOException {
    if (filled == 0) {
      return;
    }
    Bytes full = Bytes.copyOf(buffer, 0, filled);
    filled = 0;
    CompletableFuture<Void> taken = new CompletableFuture<>();
    call.loop().execute(() -> hand(full, taken));
    try {
      taken.join();
    } catch (CompletionException e) {
      throw new IOException("the answer cannot be written any more", e.getCause());
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
