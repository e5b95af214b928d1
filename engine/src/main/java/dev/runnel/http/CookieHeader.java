package dev.runnel.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the Cookie fields of a request (RFC 6265bis 4.2, 5.8.3) as servers must: leniently, since
 * other servers and scripts of the same site set cookies too. Members end at semicolons, white
 * space around names and values is dropped, members without a name or equals sign are skipped,
 * quotes belong to the value. HTTP/2 may spread the cookies over several fields (RFC 9113 8.2.3).
 */
final class CookieHeader {
  private CookieHeader() {}

  static @Nullable Cookie find(Headers headers, String name) {
    int field = headers.indexOf(HeaderNames.COOKIE, 0);
    for (; field >= 0; field = headers.indexOf(HeaderNames.COOKIE, field + 1)) {
      String text = headers.value(field);
      for (int from = 0; from < text.length(); ) {
        int until = endOfMember(text, from);
        Cookie cookie = read(text, from, until, name);
        if (cookie != null) {
          return cookie;
        }
        from = until + 1;
      }
    }
    return null;
  }

  static List<Cookie> all(Headers headers) {
    List<Cookie> cookies = new ArrayList<>();
    int field = headers.indexOf(HeaderNames.COOKIE, 0);
    for (; field >= 0; field = headers.indexOf(HeaderNames.COOKIE, field + 1)) {
      String text = headers.value(field);
      for (int from = 0; from < text.length(); ) {
        int until = endOfMember(text, from);
        Cookie cookie = read(text, from, until, null);
        if (cookie != null) {
          cookies.add(cookie);
        }
        from = until + 1;
      }
    }
    return List.copyOf(cookies);
  }

  private static int endOfMember(String text, int from) {
    int semicolon = text.indexOf(';', from);
    return semicolon < 0 ? text.length() : semicolon;
  }

  /** The cookie between the indices, or null if it is malformed or not of the wanted name. */
  private static @Nullable Cookie read(String text, int from, int until, @Nullable String wanted) {
    int equals = from;
    while (equals < until && text.charAt(equals) != '=') { // not beyond: there may be many members
      equals++;
    }
    if (equals == until) {
      return null;
    }
    int nameFrom = skipSpace(text, from, equals);
    int nameUntil = dropSpace(text, nameFrom, equals);
    int length = nameUntil - nameFrom;
    boolean asked =
        wanted == null || (wanted.length() == length && text.startsWith(wanted, nameFrom));
    if (length == 0 || !asked) {
      return null;
    }
    int valueFrom = skipSpace(text, equals + 1, until);
    String value = text.substring(valueFrom, dropSpace(text, valueFrom, until));
    return new Cookie(text.substring(nameFrom, nameUntil), value, Map.of());
  }

  private static int skipSpace(String text, int from, int until) {
    int i = from;
    while (i < until && isSpace(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static int dropSpace(String text, int from, int until) {
    int i = until;
    while (i > from && isSpace(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
