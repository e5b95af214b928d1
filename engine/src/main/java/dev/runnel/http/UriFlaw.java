package dev.runnel.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is said of a text that is no URL: the text, the character, its place, and what is wrong. */
final class UriFlaw {
  /** All between the slashes and the last at sign, wherever that is. */
  private static final Pattern SECRET =
      Pattern.compile("(?s)((?:[a-zA-Z][a-zA-Z0-9+.-]*+:)?+[/\\\\]*+)(.+)@(.*)");

  private UriFlaw() {}

  /** A flaw of the character at an index. */
  static IllegalArgumentException at(String text, int index, String what) {
    String found = index < text.length() ? name(text.codePointAt(index)) : "its end";
    return new IllegalArgumentException(
        quote(text) + ": " + found + " at index " + index + ' ' + what);
  }

  /** A flaw of a part that starts at an index. */
  static IllegalArgumentException from(String text, int index, String what) {
    return new IllegalArgumentException(quote(text) + ": " + what + " (at index " + index + ")");
  }

  /** A visible character as it is, any other by its number. */
  private static String name(int c) {
    String number = String.format("U+%04X", c);
    return c > ' ' && c < 0x7F ? "'" + (char) c + "' (" + number + ")" : number;
  }

  /**
   * The text without what may be a password: messages end up in logs. The text may be broken just
   * because the password has a slash that should have been encoded, so all before the last at sign
   * is hidden, be it user information or not.
   */
  static String quote(String text) {
    Matcher secret = SECRET.matcher(text);
    return Tokens.quote(secret.matches() ? secret.group(1) + "***@" + secret.group(3) : text);
  }
}
