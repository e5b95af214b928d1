package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A body as it arrives: pulled, on the loop, with back-pressure. Nothing is read from the peer that
 * nobody asked for.
 *
 * <pre>
 *   void pump() {
 *     for (Bytes b; (b = reader.poll()) != null; ) use(b);
 *     if (!reader.ended()) reader.onReady(this::pump);
 *   }
 * </pre>
 */
public interface BodyReader {
  /**
   * A body of bytes that are all there. They are given in slices of 64 KiB, so that what waits for
   * a slow peer is one slice and not the whole.
   */
  static BodyReader of(Bytes bytes, Loop loop) {
    return new SliceReader(bytes, loop);
  }

  /**
   * The next bytes, or null when none are there now. Asking for bytes that are not there is the
   * demand that makes the wire read on (and, once, send the 100-continue that the client waits
   * for).
   *
   * @throws HttpError if the peer broke the framing (400), was silent for too long (408) or passed
   *     a limit (413)
   * @throws RuntimeException if the call was cancelled
   */
  @Nullable Bytes poll();

  /** Whether the last byte was polled and the end of the body seen. */
  boolean ended();

  /**
   * Runs the task once, on the loop, as soon as polling gives bytes, the end or a failure. Replaces
   * an earlier task.
   */
  void onReady(Runnable once);

  /**
   * Says that nothing more is wanted. A body of a client's call that has not ended is given up with
   * its call: the connection is closed, or the stream reset. Does nothing after the end, or where
   * whoever sends must be heard out anyway.
   */
  default void cancel() {}

  /** The trailer section (RFC 9110 6.5); empty before {@link #ended()} and when there was none. */
  Headers trailers();

  /** The declared length in bytes, or -1 when it is not known in advance. */
  long length();

  /** The loop this body lives on. */
  Loop loop();

  /**
   * This body for a reader on another loop: it is fetched in batches of about 64 KiB, one of them
   * ahead. To be called before anything of this reader is used, and instead of using it.
   */
  default BodyReader on(Loop other) {
    return other.equals(loop()) ? this : new CrossingReader(this, other);
  }
}
