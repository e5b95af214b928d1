package dev.runnel.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding of the parts of a URL (RFC 3986 2), in UTF-8, and which characters need none.
 */
final class PercentCode {
  private static final String UNRESERVED_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final String PCHAR = UNRESERVED_CHARS + "!$&'()*+,;=:@";

  /** Those that mean nothing anywhere (RFC 3986 2.3). */
  static final boolean[] UNRESERVED = table(UNRESERVED_CHARS);

  static final boolean[] USER_INFO = table(UNRESERVED_CHARS + "!$&'()*+,;=:");
  static final boolean[] PATH = table(PCHAR + "/");
  static final boolean[] QUERY = table(PCHAR + "/?");

  private static final String HEX = "0123456789ABCDEF";

  private PercentCode() {}

  private static boolean[] table(String chars) {
    boolean[] table = new boolean[128];
    for (int i = 0; i < chars.length(); i++) {
      table[chars.charAt(i)] = true;
    }
    return table;
  }

  /** The text with everything but the kept characters encoded, percent signs too. */
  static String encode(String text, boolean[] kept) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c < 128 && kept[c]) {
        out.append((char) c);
      } else {
        append(out, text, i);
      }
      i += Character.charCount(c);
    }
    return out.toString();
  }

  /** Appends the character at an index as percent sequences. */
  static void append(StringBuilder out, String text, int index) {
    int c = text.codePointAt(index);
    if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      throw UriFlaw.at(text, index, "is half of a surrogate pair, which has no UTF-8 form");
    }
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      out.append('%').append(HEX.charAt((b & 0xFF) >> 4)).append(HEX.charAt(b & 0xF));
    }
  }

  /** Whether a percent sign and two hexadecimal digits of ASCII stand here. */
  static boolean isTriplet(String text, int at) {
    return at + 2 < text.length()
        && text.charAt(at) == '%'
        && hex(text.charAt(at + 1)) >= 0
        && hex(text.charAt(at + 2)) >= 0;
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  /** Whether the percent sequences can be decoded. */
  static boolean isUtf8(String text) {
    try {
      decode(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false; // Not told: the text may be a password.
    }
  }

  /** The text with all percent sequences decoded; a plus sign is a plus sign. */
  static String decode(String text) {
    int first = text.indexOf('%');
    if (first < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, first);
    for (int i = first; i < text.length(); ) {
      if (text.charAt(i) == '%') {
        i = decodeRun(text, i, out);
      } else {
        out.append(text.charAt(i++));
      }
    }
    return out.toString();
  }

  /** Decodes sequences that follow each other, which together must be UTF-8; gives their end. */
  private static int decodeRun(String text, int from, StringBuilder out) {
    int until = endOfRun(text, from);
    ByteBuffer bytes = ByteBuffer.allocate((until - from) / 3);
    for (int i = from; i < until; i += 3) {
      bytes.put((byte) (hex(text.charAt(i + 1)) << 4 | hex(text.charAt(i + 2))));
    }
    bytes.flip();
    try {
      out.append(StandardCharsets.UTF_8.newDecoder().decode(bytes));
    } catch (CharacterCodingException e) {
      throw UriFlaw.at(text, from + 3 * bytes.position(), "starts bytes that are not UTF-8");
    }
    return until;
  }

  private static int endOfRun(String text, int from) {
    int i = from;
    for (; i < text.length() && text.charAt(i) == '%'; i += 3) {
      if (!isTriplet(text, i)) {
        throw UriFlaw.at(text, i, "is not followed by two hexadecimal digits (RFC 3986 2.1)");
      }
    }
    return i;
  }
}
