package dev.runnel.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a URL or a reference to one from left to right (RFC 3986 3 and 5.2). Where browsers take
 * more than the RFC has (WHATWG URL), what cannot be misread is encoded, and what has been used to
 * make two readers see two hosts is refused: backslashes, tabs and line ends, a second {@code @}.
 */
final class UriParser {
  private static final Set<String> SCHEMES = Set.of("http", "https", "ws", "wss");

  private final String text;
  private int at;

  UriParser(String text) {
    this.text = text;
    if (!text.isEmpty() && (text.charAt(0) == ' ' || text.endsWith(" "))) {
      int index = text.charAt(0) == ' ' ? 0 : text.length() - 1;
      throw UriFlaw.at(text, index, "must not surround it");
    }
  }

  static boolean isKnown(String scheme) {
    return SCHEMES.contains(scheme);
  }

  Uri absolute() {
    String scheme = scheme();
    if (scheme == null) {
      throw UriFlaw.from(
          text, 0, "it has no scheme; start it with https://, or resolve it against another Uri");
    }
    return withScheme(scheme);
  }

  /** What the text means as a reference within a document of this address. */
  Uri against(Uri base) {
    String scheme = scheme();
    if (scheme != null) {
      return withScheme(scheme);
    }
    if (text.startsWith("//")) {
      return withAuthority(base.scheme());
    }
    refuseColonInFirstSegment();
    String path = path();
    String query = query();
    String fragment = fragment();
    if (path.isEmpty()) {
      return base.with(base.rawPath(), query == null ? base.rawQuery() : query, fragment);
    }
    String whole = path.startsWith("/") ? path : UriPath.merge(base.rawPath(), path);
    return base.with(UriPath.withoutDots(whole), query, fragment);
  }

  /** The scheme in lower case, read away with its colon, or null if the text starts with none. */
  private @Nullable String scheme() {
    int i = 0;
    while (i < text.length() && isSchemeChar(text.charAt(i), i == 0)) {
      i++;
    }
    if (i == 0 || i == text.length() || text.charAt(i) != ':') {
      return null;
    }
    at = i + 1;
    return text.substring(0, i).toLowerCase(Locale.ROOT);
  }

  private static boolean isSchemeChar(char c, boolean first) {
    int lower = c | 0x20;
    boolean letter = c < 128 && lower >= 'a' && lower <= 'z';
    return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
  }

  /** RFC 3986 4.2: what stands before the colon would be taken for a scheme. */
  private void refuseColonInFirstSegment() {
    int colon = text.indexOf(':');
    if (colon >= 0 && colon < end("/?#")) {
      throw UriFlaw.at(text, colon, "cannot stand in the first segment; put ./ before it");
    }
  }

  private Uri withScheme(String scheme) {
    if (!isKnown(scheme)) {
      throw UriFlaw.from(text, 0, "its scheme is not http, https, ws or wss");
    }
    if (!text.startsWith("//", at)) {
      throw UriFlaw.at(text, at, "stands where // and a host must follow the scheme");
    }
    return withAuthority(scheme);
  }

  /** All behind the scheme; we stand at the two slashes. */
  private Uri withAuthority(String scheme) {
    at += 2;
    int until = end("/?#");
    int sign = text.lastIndexOf('@', until - 1);
    String userInfo = sign < at ? null : userInfo(sign);
    int hostEnd = hostEnd(until);
    String host = UriHost.read(text, at, hostEnd);
    int port = hostEnd == until ? Origin.defaultPort(scheme) : port(scheme, hostEnd + 1, until);
    at = until;
    String path = path();
    String query = query();
    String fragment = fragment();
    String rooted = path.isEmpty() ? "/" : UriPath.withoutDots(path);
    return new Uri(new Origin(scheme, host, port), userInfo, rooted, query, fragment);
  }

  private @Nullable String userInfo(int sign) {
    for (int i = at; i < sign; i++) {
      char c = text.charAt(i);
      boolean kept = c < 128 && PercentCode.USER_INFO[c];
      if (!kept && !PercentCode.isTriplet(text, i)) {
        throw UriFlaw.at(text, i, "cannot stand in the user information; percent-encode it");
      }
    }
    String userInfo = text.substring(at, sign);
    if (!PercentCode.isUtf8(userInfo)) {
      throw UriFlaw.from(text, at, "its user information is not UTF-8");
    }
    at = sign + 1;
    return userInfo.isEmpty() ? null : userInfo;
  }

  private int hostEnd(int until) {
    int from = at;
    if (from < until && text.charAt(from) == '[') {
      int close = text.indexOf(']', from);
      from = close < 0 || close >= until ? until : close + 1;
      if (from < until && text.charAt(from) != ':') {
        throw UriFlaw.at(text, from, "stands behind the host, where only a port can");
      }
    }
    int colon = text.indexOf(':', from);
    return colon < 0 || colon > until ? until : colon;
  }

  /** No digits are the port of the scheme (RFC 3986 3.2.3). */
  private int port(String scheme, int from, int until) {
    int port = 0;
    for (int i = from; i < until; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw UriFlaw.at(text, i, "cannot stand in a port");
      }
      port = port * 10 + c - '0';
      if (port > 65_535) {
        throw UriFlaw.from(text, from, "its port is not within 1..65535");
      }
    }
    if (port == 0 && from < until) {
      throw UriFlaw.from(text, from, "its port is not within 1..65535");
    }
    return from == until ? Origin.defaultPort(scheme) : port;
  }

  private String path() {
    int from = at;
    at = end("?#");
    return component(from, at, PercentCode.PATH);
  }

  private @Nullable String query() {
    if (at == text.length() || text.charAt(at) != '?') {
      return null;
    }
    int from = at + 1;
    at = end("#");
    return component(from, at, PercentCode.QUERY);
  }

  private @Nullable String fragment() {
    return at == text.length() ? null : component(at + 1, text.length(), PercentCode.QUERY);
  }

  /** A part with everything encoded that RFC 3986 does not let stand there. */
  private String component(int from, int until, boolean[] kept) {
    StringBuilder out = new StringBuilder(until - from);
    for (int i = from; i < until; ) {
      int c = text.codePointAt(i);
      if (c < 128 && kept[c]) {
        out.append((char) c);
      } else if (c == '%') {
        requireTriplet(i);
        out.append('%');
      } else {
        refuseMisleading(i, kept);
        PercentCode.append(out, text, i);
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  private void requireTriplet(int index) {
    if (!PercentCode.isTriplet(text, index)) {
      throw UriFlaw.at(text, index, "is not followed by two hexadecimal digits; write %25");
    }
  }

  private void refuseMisleading(int index, boolean[] kept) {
    char c = text.charAt(index);
    if (c < ' ' || c == 0x7F) {
      throw UriFlaw.at(text, index, "is a control");
    }
    if (c == '\\' && kept == PercentCode.PATH) {
      throw UriFlaw.at(text, index, "is a slash to browsers only; write / or %5C");
    }
  }

  /** Where the part ends that we stand in: at one of these characters, or at the end. */
  private int end(String delimiters) {
    int i = at;
    while (i < text.length() && delimiters.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }
}
