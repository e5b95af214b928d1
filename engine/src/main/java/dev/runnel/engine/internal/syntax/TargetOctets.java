package dev.runnel.engine.internal.syntax;

import org.jspecify.annotations.Nullable;

/**
 * Which octets may stand in a request target. Those of RFC 3986, and those that browsers send as
 * they are because the URL standard of the WHATWG does not encode them: {@code [ ] ^ |} anywhere,
 * and {@code \ ` { }} in a query. Space, controls, {@code " < > #} and everything outside ASCII are
 * refused everywhere, a percent sign without two hex digits as well.
 */
public final class TargetOctets {
  /** Nowhere. */
  public static final byte REFUSED = 0;

  /** Anywhere. */
  public static final byte PLAIN = 1;

  /** Behind the question mark. */
  public static final byte QUERY_ONLY = 2;

  /** The question mark, which starts the query. */
  public static final byte QUESTION = 3;

  /** The percent sign, which two hexadecimal digits must follow. */
  public static final byte PERCENT = 4;

  private static final byte[] KIND = kinds();

  private TargetOctets() {}

  /** One of the constants above. */
  public static byte kind(byte octet) {
    return KIND[octet & 0xFF];
  }

  /** What is wrong with a path and query, or null. */
  public static @Nullable String flaw(byte[] data, int from, int until) {
    boolean query = false;
    for (int i = from; i < until; i++) {
      byte kind = KIND[data[i] & 0xFF];
      query |= kind == QUESTION;
      if (!fits(kind, query) || (kind == PERCENT && !Authority.isTriplet(data, i, until))) {
        return Octets.name(data[i]) + " in the target";
      }
    }
    return null;
  }

  private static boolean fits(byte kind, boolean query) {
    return kind != REFUSED && (kind != QUERY_ONLY || query);
  }

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    for (int c = '!'; c < 0x7F; c++) {
      kinds[c] = PLAIN;
    }
    for (char c : "\"<>#".toCharArray()) {
      kinds[c] = REFUSED;
    }
    for (char c : "\\`{}".toCharArray()) {
      kinds[c] = QUERY_ONLY;
    }
    kinds['?'] = QUESTION;
    kinds['%'] = PERCENT;
    return kinds;
  }
}
