package dev.runnel.sse;

/** Sends a stream of events by blocking code, on a thread where it may block. */
@FunctionalInterface
public interface SseHandler {
  /**
   * Called once for each stream. Returning ends the stream. What it throws before the head is sent
   * becomes the answer; after that it is logged and breaks the stream off, so that the client sees
   * a failure. Letting the exceptions of {@link SseSink#send} through is always right.
   */
  void run(SseSink sink) throws Exception;
}
