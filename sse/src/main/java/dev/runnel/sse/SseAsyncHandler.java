package dev.runnel.sse;

import java.util.concurrent.CompletionStage;

/** Sends a stream of events without blocking. */
@FunctionalInterface
public interface SseAsyncHandler {
  /**
   * Called once for each stream, on its loop: must not block.
   *
   * @return completes when the stream shall end, on whatever thread; if exceptionally, the stream
   *     is broken off. {@link SseSink#closed()} is the one for a stream that ends when its client
   *     leaves. A {@link java.util.concurrent.CompletableFuture} is cancelled if the stream is over
   *     before it is done, as soon as those who wait for {@code closed()} were told
   */
  CompletionStage<?> run(SseSink sink) throws Exception;
}
