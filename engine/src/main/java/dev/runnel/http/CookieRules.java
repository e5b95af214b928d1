package dev.runnel.http;

import java.time.Instant;
import java.util.Locale;

/**
 * What a server may set (RFC 6265bis 4.1) and browsers accept (5.6, 5.7): the rest would be dropped
 * in silence.
 */
final class CookieRules {
  /** What browsers take for name and value together, in bytes (RFC 6265bis 5.6). */
  private static final int MAX_LENGTH = 4096;

  /** What browsers take for an attribute's value, in bytes (RFC 6265bis 5.6). */
  private static final int MAX_ATTRIBUTE = 1024;

  private static final Instant FIRST = Instant.parse("1601-01-01T00:00:00Z");
  private static final Instant AFTER_LAST = Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1);

  private CookieRules() {}

  static void requireNameAndValue(String name, String value) {
    Tokens.requireToken(name, "cookie name");
    int length = value.length();
    boolean quoted = length > 1 && value.charAt(0) == '"' && value.charAt(length - 1) == '"';
    for (int i = quoted ? 1 : 0; i < (quoted ? length - 1 : length); i++) {
      if (!isCookieOctet(value.charAt(i))) {
        throw new IllegalArgumentException(
            "value of cookie '"
                + name
                + "' has a character at index "
                + i
                + " that RFC 6265bis 4.1.1 does not allow; encode it: "
                + Tokens.quote(value));
      }
    }
    if (name.length() + length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "name and value of cookie '"
              + name
              + "' must not be longer than 4,096 bytes, but are "
              + (name.length() + length)
              + ": "
              + Tokens.quote(value));
    }
  }

  private static boolean isCookieOctet(char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  static String requirePath(String path) {
    if (!path.startsWith("/") || !isAttribute(path)) {
      throw new IllegalArgumentException(
          "Path of a cookie must start with a slash and be visible ASCII without semicolon, at most"
              + " 1,024 characters, but is "
              + Tokens.quote(path));
    }
    return path;
  }

  private static boolean isAttribute(String text) {
    return text.length() <= MAX_ATTRIBUTE
        && text.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ';');
  }

  static String requireDomain(String domain) {
    boolean host =
        !domain.isEmpty() && domain.length() <= 255 && domain.chars().allMatch(CookieRules::isHost);
    if (!host) {
      throw new IllegalArgumentException(
          "Domain of a cookie must be a host name, but is " + Tokens.quote(domain));
    }
    return domain;
  }

  private static boolean isHost(int c) {
    int lower = c | 0x20;
    return (lower >= 'a' && lower <= 'z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_';
  }

  static Instant requireExpires(Instant until) {
    if (until.isBefore(FIRST) || !until.isBefore(AFTER_LAST)) {
      throw new IllegalArgumentException(
          "Expires of a cookie must be within the years 1601 to 9999, but is " + until);
    }
    return until;
  }

  /**
   * Rules that tie attributes to each other or to the name; asked when all are set, so that their
   * order is free.
   */
  static void requireConsistent(Cookie cookie) {
    if (!cookie.isSecure()) {
      require(cookie.sameSite() != Cookie.SameSite.NONE, cookie, "SameSite=None needs Secure");
      require(!cookie.isPartitioned(), cookie, "Partitioned needs Secure");
    }
    // Browsers compare the prefixes without case (RFC 6265bis 5.7).
    String name = cookie.name().toLowerCase(Locale.ROOT);
    if (name.startsWith("__secure-")) {
      require(cookie.isSecure(), cookie, "the prefix __Secure- needs Secure");
    }
    if (name.startsWith("__host-")) {
      boolean bound = "/".equals(cookie.path()) && cookie.domain() == null;
      require(
          cookie.isSecure() && bound,
          cookie,
          "the prefix __Host- needs Secure and Path=/ and excludes Domain");
    }
  }

  private static void require(boolean kept, Cookie cookie, String rule) {
    if (!kept) {
      throw new IllegalArgumentException(rule + ", or browsers refuse it: " + cookie);
    }
  }
}
