package dev.runnel.routing;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding of paths (RFC 3986 2.1): decoded once, as a whole, before anything is compared.
 */
final class PathText {
  /**
   * Stands for an encoded slash within a decoded path, whose other slashes part segments. A
   * noncharacter, kept for such use (Unicode 23.7) and refused as input. A lone surrogate would not
   * do: it is half of other characters.
   */
  static final char ENCODED_SLASH = '\uFFFF';

  private static final String HEX = "0123456789ABCDEF";
  private static final String UNRESERVED_MARKS = "-._~!$&'()*+,;=:@";

  private PathText() {}

  /**
   * The path decoded; the same string when nothing is encoded.
   *
   * @throws BadPath if an escape or its UTF-8 is malformed, or a segment has NUL, an encoded slash
   *     (unless allowed), or is {@code .} or {@code ..}
   */
  static String decode(String raw, boolean encodedSlash) throws BadPath {
    if (raw.indexOf('%') < 0) {
      if (raw.contains("/.")) {
        refuseDots(raw);
      }
      return raw;
    }
    String path = unescape(raw, encodedSlash);
    refuseDots(path);
    return path;
  }

  /** Clients resolve these (RFC 3986 5.2.4); who sends them wants to get past a prefix. */
  private static void refuseDots(String path) throws BadPath {
    int from = 1;
    for (int i = 1; i <= path.length(); i++) {
      if (i == path.length() || path.charAt(i) == '/' || path.charAt(i) == ENCODED_SLASH) {
        if (isDots(path, from, i)) {
          throw new BadPath("the path must not have the segments '.' and '..'");
        }
        from = i + 1;
      }
    }
  }

  static boolean isDots(String path, int from, int until) {
    int length = until - from;
    return (length == 1 || length == 2)
        && path.charAt(from) == '.'
        && path.charAt(until - 1) == '.';
  }

  private static String unescape(String raw, boolean encodedSlash) throws BadPath {
    StringBuilder out = new StringBuilder(raw.length());
    byte[] run = new byte[raw.length() / 3];
    int at = 0;
    while (at < raw.length()) {
      int length = 0;
      while (at < raw.length() && raw.charAt(at) == '%') {
        run[length++] = escaped(raw, at);
        at += 3;
      }
      if (length > 0) {
        append(out, run, length, encodedSlash);
      } else {
        out.append(raw.charAt(at++));
      }
    }
    return out.toString();
  }

  private static byte escaped(String raw, int at) throws BadPath {
    int high = at + 2 < raw.length() ? hex(raw.charAt(at + 1)) : -1;
    int low = at + 2 < raw.length() ? hex(raw.charAt(at + 2)) : -1;
    if (high < 0 || low < 0) {
      throw new BadPath("the path has a '%' without two hexadecimal digits");
    }
    return (byte) (high << 4 | low);
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private static void append(StringBuilder out, byte[] run, int length, boolean encodedSlash)
      throws BadPath {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw new BadPath("the path has escapes that are not UTF-8");
    }
    if (text.indexOf('\0') >= 0 || text.indexOf(ENCODED_SLASH) >= 0) {
      throw new BadPath("the path must not have NUL or U+FFFF");
    }
    if (text.indexOf('/') >= 0 && !encodedSlash) {
      throw new BadPath("the path must not have an encoded slash");
    }
    out.append(text.replace('/', ENCODED_SLASH));
  }

  /** A path with its last slash added or taken away; itself if that leaves nothing. */
  static String otherSlash(String path) {
    if (!path.endsWith("/")) {
      return path + "/";
    }
    return path.length() == 1 ? path : path.substring(0, path.length() - 1);
  }

  /**
   * Appends text for a segment: what RFC 3986 3.3 allows there as it is, the rest as escapes of
   * UTF-8.
   */
  static void encode(StringBuilder out, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      int lower = c | 0x20;
      boolean plain = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9');
      if (plain || UNRESERVED_MARKS.indexOf(c) >= 0) {
        out.append((char) c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
  }
}
