package dev.runnel.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Paths of URLs: segments, and the dots among them (RFC 3986 5.2.4). */
final class UriPath {
  private UriPath() {}

  /**
   * An absolute path without dot segments. A dot may be percent-encoded: it is an unreserved
   * character, which means the same (RFC 3986 2.3), and browsers read it so.
   */
  static String withoutDots(String path) {
    if (!path.contains("/.") && !path.toLowerCase(Locale.ROOT).contains("/%2e")) {
      return path;
    }
    List<String> kept = new ArrayList<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      int dots = dots(segments[i]);
      if (dots == 0) {
        kept.add(segments[i]);
        continue;
      }
      if (dots == 2 && !kept.isEmpty()) {
        kept.remove(kept.size() - 1);
      }
      if (i == segments.length - 1) {
        kept.add(""); // A dot segment at the end leaves the slash before it.
      }
    }
    return '/' + String.join("/", kept);
  }

  /** 1 or 2 for the segments that are one dot or two, 0 for all others. */
  static int dots(String segment) {
    return switch (segment.toLowerCase(Locale.ROOT)) {
      case ".", "%2e" -> 1;
      case "..", ".%2e", "%2e.", "%2e%2e" -> 2;
      default -> 0;
    };
  }

  /** A relative path seen from a base path (RFC 3986 5.2.3). */
  static String merge(String base, String relative) {
    return base.substring(0, base.lastIndexOf('/') + 1) + relative;
  }

  /** Segments joined by slashes, each encoded, so that what is in one stays in it. */
  static String join(String... segments) {
    List<String> encoded = new ArrayList<>(segments.length);
    for (String segment : segments) {
      if (dots(segment) != 0) {
        throw new IllegalArgumentException(
            "a path segment must not be "
                + Tokens.quote(segment)
                + ": it would remove the one before it or itself; resolve(…) does that");
      }
      encoded.add(PercentCode.encode(segment, PercentCode.UNRESERVED));
    }
    return String.join("/", encoded);
  }

  /** The decoded segments of an absolute path; one that ends with a slash has an empty last one. */
  static List<String> segments(String path) {
    List<String> decoded = new ArrayList<>();
    for (String segment : path.substring(1).split("/", -1)) {
      decoded.add(PercentCode.decode(segment));
    }
    return List.copyOf(decoded);
  }
}
