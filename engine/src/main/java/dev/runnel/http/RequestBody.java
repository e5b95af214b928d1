package dev.runnel.http;

import java.util.concurrent.CompletionStage;

/**
 * The body of a request. It can be read once, in one of these ways; a second read is an {@link
 * IllegalStateException}.
 *
 * <p>The buffering ways hold at most the buffered body limit (1 MiB unless set): a larger body is
 * an {@link HttpError} 413 that names the limit. {@link #reader()} has no limit unless one is set.
 *
 * <p>The methods that return the value itself block, and so refuse to run on the loop; the {@code
 * …Async} ones complete on the loop.
 */
public interface RequestBody {
  /** Whether there is nothing to read: the head declared no body, or a length of 0. */
  boolean isEmpty();

  /** The declared length in bytes, or -1 when it is not known in advance. */
  long length();

  /** The bytes as they arrive, on the loop. */
  BodyReader reader();

  /** All bytes. Blocks. */
  byte[] bytes();

  /** All bytes as text, in the charset of the Content-Type or UTF-8. Blocks. */
  String text();

  /**
   * All bytes decoded as JSON. Blocks. What does not decode is a 400 that names the place in the
   * document.
   */
  <T> T json(Class<T> type);

  /** The fields of an application/x-www-form-urlencoded body; any other type is a 415. Blocks. */
  QueryParams form();

  /** All bytes. */
  CompletionStage<byte[]> bytesAsync();

  /** All bytes as text, in the charset of the Content-Type or UTF-8. */
  CompletionStage<String> textAsync();

  /**
   * All bytes decoded as JSON. What does not decode is a 400 that names the place in the document.
   */
  <T> CompletionStage<T> jsonAsync(Class<T> type);

  /** The fields of an application/x-www-form-urlencoded body; any other type is a 415. */
  CompletionStage<QueryParams> formAsync();
}
