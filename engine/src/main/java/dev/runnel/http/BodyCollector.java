package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** Reads a body to its end, up to a limit. */
public final class BodyCollector {
  private final BodyReader reader;
  private final long limit;
  private final LongFunction<? extends RuntimeException> tooLarge;
  private final CompletableFuture<Bytes> result = new CompletableFuture<>();
  private final Gathered parts = new Gathered();
  private long total;

  private BodyCollector(
      BodyReader reader, long limit, LongFunction<? extends RuntimeException> tooLarge) {
    this.reader = reader;
    this.limit = limit;
    this.tooLarge = tooLarge;
  }

  /**
   * All bytes of a body, completed on the reader's loop, where this has to be called. A body above
   * the limit is cancelled.
   *
   * @param limit in bytes
   * @param tooLarge makes the error of a body above the limit, which it is given
   */
  public static CompletableFuture<Bytes> collect(
      BodyReader reader, long limit, LongFunction<? extends RuntimeException> tooLarge) {
    BodyCollector collector = new BodyCollector(reader, limit, tooLarge);
    collector.pump();
    return collector.result;
  }

  private void pump() {
    try {
      if (reader.length() > limit) {
        throw tooLarge.apply(limit);
      }
      for (Bytes part = reader.poll(); part != null; part = reader.poll()) {
        total += part.length();
        if (total > limit) {
          throw tooLarge.apply(limit);
        }
        parts.add(part);
      }
      if (reader.ended()) {
        result.complete(parts.whole());
      } else {
        reader.onReady(this::pump);
      }
    } catch (RuntimeException e) {
      reader.cancel();
      result.completeExceptionally(e);
    }
  }
}
