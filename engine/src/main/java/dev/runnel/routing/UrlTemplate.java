package dev.runnel.routing;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes paths from patterns: what comes out is matched by the pattern it came from. */
final class UrlTemplate {
  private UrlTemplate() {}

  static String expand(PathPattern pattern, boolean encodedSlash, @Nullable Object... args) {
    Map<String, @Nullable Object> byName = new LinkedHashMap<>();
    if (args.length > pattern.params()) {
      throw new IllegalArgumentException(
          "pattern '"
              + pattern
              + "' has "
              + pattern.params()
              + " parameters, but there are "
              + args.length
              + " arguments");
    }
    for (int i = 0; i < args.length; i++) {
      byName.put(pattern.name(i), args[i]);
    }
    return expand(pattern, encodedSlash, byName);
  }

  static String expand(PathPattern pattern, boolean encodedSlash, Map<String, ?> args) {
    requireKnown(pattern, args);
    StringBuilder out = new StringBuilder();
    for (Segment segment : pattern.segments()) {
      Object arg = segment.isParam() ? args.get(segment.name()) : "";
      if (arg != null) {
        out.append('/');
        PathText.encode(out, segment.prefix());
        append(out, pattern, segment, arg.toString(), encodedSlash);
        PathText.encode(out, segment.suffix());
      } else if (!segment.optional()) {
        throw new IllegalArgumentException(
            "parameter '" + segment.name() + "' of pattern '" + pattern + "' is missing");
      }
    }
    return out.isEmpty() ? "/" : out.toString();
  }

  private static void requireKnown(PathPattern pattern, Map<String, ?> args) {
    for (String name : args.keySet()) {
      boolean known = false;
      for (int i = 0; i < pattern.params(); i++) {
        known |= pattern.name(i).equals(name);
      }
      if (!known) {
        throw new IllegalArgumentException(
            "pattern '" + pattern + "' has no parameter '" + name + "'");
      }
    }
  }

  private static void append(
      StringBuilder out, PathPattern pattern, Segment segment, String value, boolean encodedSlash) {
    if (!segment.isParam()) {
      return;
    }
    String complaint = complaint(segment, value, encodedSlash);
    if (complaint != null) {
      throw new IllegalArgumentException(
          "parameter '"
              + segment.name()
              + "' of pattern '"
              + pattern
              + "' must not be '"
              + value
              + "': "
              + complaint);
    }
    if (!segment.isTail()) {
      PathText.encode(out, value);
      return;
    }
    int from = 0;
    for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', from)) {
      PathText.encode(out, value.substring(from, slash));
      out.append('/');
      from = slash + 1;
    }
    PathText.encode(out, value.substring(from));
  }

  private static @Nullable String complaint(Segment segment, String value, boolean encodedSlash) {
    if (value.isEmpty() && !(segment.isTail() && segment.optional())) {
      return "it is empty";
    }
    if (value.codePoints().anyMatch(UrlTemplate::isRefused)) {
      return "it has NUL, U+FFFF or a lone surrogate";
    }
    if (segment.isTail()) {
      return value.startsWith("/") ? "a tail does not begin with a slash" : dots(segment, value);
    }
    if (value.indexOf('/') >= 0 && !encodedSlash) {
      return "a segment cannot have a slash";
    }
    String seen = value.replace('/', PathText.ENCODED_SLASH);
    return segment.valueMatches(seen, 0, seen.length())
        ? dots(segment, value)
        : "the pattern wants " + segment.quoted();
  }

  private static @Nullable String dots(Segment segment, String value) {
    for (String part : (segment.prefix() + value + segment.suffix()).split("/", -1)) {
      if (PathText.isDots(part, 0, part.length())) {
        return "clients resolve the segments '.' and '..'";
      }
    }
    return null;
  }

  private static boolean isRefused(int codePoint) {
    boolean surrogate =
        codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    return codePoint == 0 || codePoint == PathText.ENCODED_SLASH || surrogate;
  }
}
