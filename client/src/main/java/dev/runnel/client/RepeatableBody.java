package dev.runnel.client;

import dev.runnel.http.Body;

/**
 * What a streamed body implements to say that it can be sent more than once, as a redirect or a
 * retry may need. A {@link Body.Source} or {@link Body.Producer} that does not is sent once.
 */
public interface RepeatableBody {
  /** Whether it can be opened or produced again, from its beginning, after it has been. */
  boolean isRepeatable();

  /**
   * Whether a body can be sent again: bytes and files can, streams where they say so. Any thread.
   */
  static boolean isRepeatable(Body body) {
    if (body instanceof RepeatableBody stream) {
      return stream.isRepeatable();
    }
    return body instanceof Body.Whole || body instanceof Body.File;
  }
}
