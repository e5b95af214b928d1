package dev.runnel.http;

import dev.runnel.io.Loop;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A body to be read: of a request by a server, of an answer by a client. It can be read once, in
 * one of these ways; a second read is an {@link IllegalStateException}.
 *
 * <p>The buffering ways hold at most a limit, and fail above it. {@link #reader()} has no limit
 * unless one is set. The methods that return the value itself block, and so refuse to run on the
 * loop; the {@code …Async} ones complete on the loop. Where a client reads an answer, cancelling
 * their future gives the body up, and the call with it.
 */
public interface Content {
  /**
   * Reads a body that is all there, or that is pulled from elsewhere.
   *
   * @param headers say the charset
   * @param limit in bytes, for what is held as a whole
   * @param tooLarge makes the error of a body above the limit, which it is given
   */
  static Content of(
      Body body, Headers headers, long limit, LongFunction<? extends RuntimeException> tooLarge) {
    return new ReadContent(body, headers, limit, tooLarge);
  }

  /** Whether there is nothing to read: the head declared no body, or a length of 0. */
  boolean isEmpty();

  /** The declared length in bytes, or -1 when it is not known in advance. */
  long length();

  /** The bytes as they arrive. To be called on {@link #home()}, and used there. */
  BodyReader reader();

  /** The loop that the bytes arrive on; null where they are all there, and any will do. */
  @Nullable Loop home();

  /** All bytes. Blocks. */
  byte[] bytes();

  /** All bytes as text, in the charset of the Content-Type or UTF-8. Blocks. */
  String text();

  /** All bytes decoded as JSON. Blocks. */
  <T> T json(Class<T> type);

  /** All bytes. */
  CompletionStage<byte[]> bytesAsync();

  /** All bytes as text, in the charset of the Content-Type or UTF-8. */
  CompletionStage<String> textAsync();

  /** All bytes decoded as JSON. */
  <T> CompletionStage<T> jsonAsync(Class<T> type);
}
