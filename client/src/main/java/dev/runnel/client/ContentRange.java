package dev.runnel.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Content-Range in bytes (RFC 9110 14.4).
 *
 * @param first of the bytes that are sent, or -1 for none (416)
 * @param last of the bytes that are sent, or -1 for none
 * @param total of the whole content, or -1 when it is not told
 */
record ContentRange(long first, long last, long total) {
  // 18 digits always fit into a long; more are no file's length. Units are without case (14.1).
  private static final Pattern SYNTAX =
      Pattern.compile(
          "bytes (?:([0-9]{1,18})-([0-9]{1,18})|\\*)/([0-9]{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

  /** What the value says; null where there is none, or none that makes sense. */
  static @Nullable ContentRange parse(@Nullable String value) {
    Matcher matcher = SYNTAX.matcher(value == null ? "" : value);
    if (!matcher.matches()) {
      return null;
    }
    long total = matcher.group(3).equals("*") ? -1 : Long.parseLong(matcher.group(3));
    if (matcher.group(1) == null) {
      return total < 0 ? null : new ContentRange(-1, -1, total);
    }
    long first = Long.parseLong(matcher.group(1));
    long last = Long.parseLong(matcher.group(2));
    return first > last || (total >= 0 && last >= total)
        ? null
        : new ContentRange(first, last, total);
  }
}
