package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What identifies a content well enough to continue it: a value for If-Range. */
final class Validator {
  private Validator() {}

  /**
   * A strong ETag, or a Last-Modified that is one second older than the answer at least (RFC 9110
   * 8.8.2.2): within a second a content may change twice. Null where there is neither.
   */
  static @Nullable String of(Headers headers) {
    String etag = headers.get(HeaderNames.ETAG);
    if (etag != null) {
      return isStrong(etag) ? etag : null;
    }
    String modified = headers.get(HeaderNames.LAST_MODIFIED);
    Instant then = instant(modified);
    Instant now = instant(headers.get(HeaderNames.DATE));
    boolean identifies =
        then != null && now != null && Duration.between(then, now).compareTo(SECOND) >= 0;
    return identifies ? modified : null;
  }

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static boolean isStrong(String etag) {
    return etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
  }

  private static @Nullable Instant instant(@Nullable String date) {
    if (date == null) {
      return null;
    }
    try {
      return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    } catch (DateTimeParseException e) {
      return null; // the obsolete forms are nothing to rely on
    }
  }
}
