package dev.runnel.engine.internal.h2;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A field name as HPACK wants it: in lower case, with its place in the static table (RFC 7541
 * appendix A), and what is known about its values.
 */
final class FieldName {
  /** Not in the static table. */
  static final int UNLISTED = 0;

  // Entries 15 to 61 of the static table, those without a value. Requests need more than answers;
  // all of them cost nothing.
  private static final String[] LISTED = {
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "accept",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "www-authenticate"
  };

  private static final int FIRST_LISTED = 15;

  /** Seldom the same twice: they would only push out what is. */
  private static final Set<String> CHANGING =
      Set.of(
          "age",
          "content-length",
          "content-location",
          "content-range",
          "etag",
          "expires",
          "last-modified",
          "location",
          "retry-after",
          "server-timing",
          "traceparent",
          "x-request-id");

  /** Secrets, which a table could give away byte by byte (RFC 7541 7.1). */
  private static final Set<String> SECRET =
      Set.of("authorization", "cookie", "proxy-authorization", "set-cookie");

  /** Fields of a connection; HTTP/2 has none (RFC 9113 8.2.2). The framing's are written apart. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "upgrade");

  private static final Map<String, FieldName> KNOWN = known();

  static final FieldName AUTHORITY = new FieldName(":authority", 1);
  static final FieldName PROTOCOL = new FieldName(":protocol", UNLISTED); // RFC 8441 4
  static final FieldName DATE = of("date");
  static final FieldName CONTENT_LENGTH = of("content-length");

  final String text;
  final byte[] bytes;
  final int listed;
  final boolean indexed;
  final boolean secret;
  final boolean leftOut;

  private FieldName(String lower, int listed) {
    this.text = lower;
    this.bytes = lower.getBytes(StandardCharsets.US_ASCII);
    this.listed = listed;
    this.secret = SECRET.contains(lower);
    this.indexed = !secret && !CHANGING.contains(lower);
    this.leftOut = LEFT_OUT.contains(lower);
  }

  static FieldName of(String name) {
    FieldName known = KNOWN.get(name);
    if (known != null) {
      return known;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    known = KNOWN.get(lower);
    return known != null ? known : new FieldName(lower, UNLISTED);
  }

  private static Map<String, FieldName> known() {
    Map<String, FieldName> names = new HashMap<>();
    for (int i = 0; i < LISTED.length; i++) {
      put(names, new FieldName(LISTED[i], FIRST_LISTED + i));
    }
    for (Set<String> others : java.util.List.of(CHANGING, LEFT_OUT)) {
      for (String other : others) {
        if (!names.containsKey(other)) {
          put(names, new FieldName(other, UNLISTED));
        }
      }
    }
    return names;
  }

  /** Under its own spelling, and under the one that most people write. */
  private static void put(Map<String, FieldName> names, FieldName name) {
    StringBuilder usual = new StringBuilder(name.text);
    for (int i = 0; i < usual.length(); i++) {
      if (i == 0 || usual.charAt(i - 1) == '-') {
        usual.setCharAt(i, Character.toUpperCase(usual.charAt(i)));
      }
    }
    names.put(name.text, name);
    names.put(usual.toString(), name);
  }
}
