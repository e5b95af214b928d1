package dev.runnel.testkit;

/** Finds how far values of JSON reach, in text that may be cut or only look like JSON. */
final class JsonSpan {
  private JsonSpan() {}

  static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  /**
   * The quotation mark that ends the string which one at {@code open} begins; -1 if it is too far.
   */
  static int closingQuote(String text, int open, int most) {
    int limit = (int) Math.min(text.length(), (long) open + 2 + most);
    for (int at = open + 1; at < limit; at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return at;
      }
      if (c == '\\') {
        at++;
      }
    }
    return -1;
  }

  /** Where the value ends that begins here: the end of the text if it does not. */
  static int end(String text, int from) {
    return switch (text.charAt(from)) {
      case '"' -> endOfString(text, from);
      case '{', '[' -> endOfGroup(text, from);
      default -> endOfWord(text, from);
    };
  }

  private static int endOfString(String text, int from) {
    int close = closingQuote(text, from, text.length());
    return close < 0 ? text.length() : close + 1;
  }

  private static int endOfGroup(String text, int from) {
    int depth = 0;
    for (int at = from; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '{', '[' -> depth++;
        case '}', ']' -> {
          depth--;
          if (depth == 0) {
            return at + 1;
          }
        }
        case '"' -> at = endOfString(text, at) - 1;
        default -> {}
      }
    }
    return text.length();
  }

  private static int endOfWord(String text, int from) {
    int at = from;
    while (at < text.length() && ",}] \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  /** A name with its escapes undone (RFC 8259 7); as it is where they are malformed. */
  static String unescaped(String name) {
    if (name.indexOf('\\') < 0) {
      return name;
    }
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < name.length(); at++) {
      char c = name.charAt(at);
      if (c != '\\' || at + 1 == name.length()) {
        plain.append(c);
      } else if (name.charAt(at + 1) == 'u' && isHex(name, at + 2)) {
        plain.append((char) Integer.parseInt(name.substring(at + 2, at + 6), 16));
        at += 5;
      } else {
        at++;
        plain.append(name.charAt(at));
      }
    }
    return plain.toString();
  }

  private static boolean isHex(String text, int from) {
    if (from + 4 > text.length()) {
      return false;
    }
    for (int i = from; i < from + 4; i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
