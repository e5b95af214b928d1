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
   *     leaves
   */
  CompletionStage<?> run(SseSink sink) throws Exception;
}
