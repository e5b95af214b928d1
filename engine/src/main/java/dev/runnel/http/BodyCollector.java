package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongFunction;

/** Reads a body to its end, up to a limit. */
public final class BodyCollector {
  private BodyCollector() {}

  /**
   * All bytes of a body, completed on the reader's loop, where this has to be called. A body above
   * the limit is cancelled.
   *
   * @param limit in bytes
   * @param tooLarge makes the error of a body above the limit, which it is given
   */
  public static CompletableFuture<Bytes> collect(
      BodyReader reader, long limit, LongFunction<? extends RuntimeException> tooLarge) {
    return new Run<>(reader, limit, tooLarge, Gathered::whole).begin();
  }

  /**
   * Like {@link #collect}, in an array that nobody else has. What came in pieces is copied once.
   *
   * @param limit in bytes
   * @param tooLarge makes the error of a body above the limit, which it is given
   */
  public static CompletableFuture<byte[]> collectArray(
      BodyReader reader, long limit, LongFunction<? extends RuntimeException> tooLarge) {
    return new Run<>(reader, limit, tooLarge, Gathered::array).begin();
  }

  private static final class Run<T> {
    private final BodyReader reader;
    private final long limit;
    private final LongFunction<? extends RuntimeException> tooLarge;
    private final Function<Gathered, T> finish;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Gathered parts = new Gathered();
    private long total;

    Run(
        BodyReader reader,
        long limit,
        LongFunction<? extends RuntimeException> tooLarge,
        Function<Gathered, T> finish) {
      this.reader = reader;
      this.limit = limit;
      this.tooLarge = tooLarge;
      this.finish = finish;
    }

    CompletableFuture<T> begin() {
      pump();
      return result;
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
          result.complete(finish.apply(parts));
        } else {
          reader.onReady(this::pump);
        }
      } catch (RuntimeException e) {
        reader.cancel();
        result.completeExceptionally(e);
      }
    }
  }
}
