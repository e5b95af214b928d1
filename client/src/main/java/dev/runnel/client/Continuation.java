package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import org.jspecify.annotations.Nullable;

/** What an answer says of the content that a part of is here (RFC 9110 14, 15.3.7, 15.5.17). */
final class Continuation {
  private Continuation() {}

  /** Whether the bytes of a 206 are the ones behind those that are here, up to the last. */
  static boolean fits(ResumeRecord known, Headers headers) {
    ContentRange range = range(headers);
    return range != null
        && isSame(known, headers.get(HeaderNames.ETAG))
        && range.first() == known.kept()
        && range.total() == known.total()
        && range.last() == known.total() - 1;
  }

  /** If-Range should have seen to it; mixing two contents up is worth a second look. */
  private static boolean isSame(ResumeRecord known, @Nullable String etag) {
    boolean isTagged = known.validator().startsWith("\"");
    return etag == null || !isTagged || etag.equals(known.validator());
  }

  /** Whether a 416 says that no more bytes are to come. */
  static boolean isWhole(ResumeRecord known, Headers headers) {
    ContentRange range = range(headers);
    return range != null && range.total() == known.total() && known.kept() == known.total();
  }

  private static @Nullable ContentRange range(Headers headers) {
    return ContentRange.parse(headers.get("Content-Range"));
  }

  /** How many bytes a whole content is announced to have, or -1. */
  static long length(Response response) {
    String declared = response.headers().get(HeaderNames.CONTENT_LENGTH);
    boolean isPlain = declared != null && declared.matches("[0-9]{1,18}");
    return isPlain ? Long.parseLong(declared) : response.body().length();
  }
}
