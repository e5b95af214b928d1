package dev.runnel.http;

/** Which characters may stand where (RFC 9110 5.6.2 tokens, 5.5 field values). */
final class Tokens {
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= '9'; c++) {
      TOKEN[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      TOKEN[c] = true;
      TOKEN[c - 32] = true;
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private Tokens() {}

  static boolean isToken(CharSequence text) {
    if (text.isEmpty()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenChar(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean isTokenChar(char c) {
    return c < 128 && TOKEN[c];
  }

  static String requireToken(String text, String what) {
    if (!isToken(text)) {
      throw new IllegalArgumentException(
          what + " must be a token (RFC 9110 5.6.2), but is " + quote(text));
    }
    return text;
  }

  /**
   * A field value: visible ASCII, spaces, tabs and ISO-8859-1 above 0x7F. CR, LF and NUL would let
   * a value end the field and forge another (response splitting).
   */
  static String requireFieldValue(String name, String value) {
    int length = value.length();
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException(
            "value of header field '"
                + name
                + "' must not contain "
                + String.format("U+%04X", (int) c)
                + " (at index "
                + i
                + " of "
                + quote(value)
                + ")");
      }
    }
    if (length > 0 && (isSpace(value.charAt(0)) || isSpace(value.charAt(length - 1)))) {
      throw new IllegalArgumentException(
          "value of header field '" + name + "' must not start or end with white space");
    }
    return value;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  /** The text in quotes, cut at 80 characters, with control characters made visible. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < Math.min(80, text.length()); i++) {
      char c = text.charAt(i);
      out.append(c < ' ' || c == 0x7F ? String.format("\\u%04x", (int) c) : String.valueOf(c));
    }
    return out.append(text.length() > 80 ? "…\"" : "\"").toString();
  }
}
