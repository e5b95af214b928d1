package dev.runnel.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one media type (RFC 9110 8.3.1, 5.6.6). Says null instead of throwing: a malformed member
 * of an Accept field is nothing to make a stack trace of.
 */
final class MediaTypeParser {
  private final String text;
  private int at;

  MediaTypeParser(String text) {
    this.text = text;
  }

  @Nullable MediaType parse() {
    String type = token();
    if (type == null || !skip('/')) {
      return null;
    }
    String subtype = token();
    if (subtype == null || (type.equals("*") && !subtype.equals("*"))) {
      return null;
    }
    Map<String, String> parameters = parameters();
    return parameters == null
        ? null
        : new MediaType(
            type.toLowerCase(Locale.ROOT), subtype.toLowerCase(Locale.ROOT), parameters);
  }

  /** *( OWS ";" OWS [ parameter ] ), until the end of the text. */
  private @Nullable Map<String, String> parameters() {
    Map<String, String> parameters = Map.of();
    skipSpace();
    while (at < text.length()) {
      if (!skip(';')) {
        return null;
      }
      skipSpace();
      if (at < text.length() && text.charAt(at) != ';') {
        if (parameters.isEmpty()) {
          parameters = new LinkedHashMap<>(4);
        }
        if (!parameter(parameters)) {
          return null;
        }
        skipSpace();
      }
    }
    return parameters;
  }

  private boolean parameter(Map<String, String> into) {
    String name = token();
    if (name == null || !skip('=')) {
      return false;
    }
    String value = skip('"') ? quotedRest() : token();
    if (value == null) {
      return false;
    }
    String key = name.toLowerCase(Locale.ROOT);
    into.putIfAbsent(key, MediaType.normalized(key, value));
    return true;
  }

  private @Nullable String token() {
    int from = at;
    while (at < text.length() && Tokens.isTokenChar(text.charAt(at))) {
      at++;
    }
    return at == from ? null : text.substring(from, at);
  }

  /** What stands between the quotes, the first of which has been read (RFC 9110 5.6.4). */
  private @Nullable String quotedRest() {
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c == '\\') {
        if (at == text.length()) {
          return null;
        }
        c = text.charAt(at++);
      }
      if (!isQuotable(c)) {
        return null;
      }
      value.append(c);
    }
    return null;
  }

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  /** Whether the text can stand in a quoted-string, escaped where needed. */
  static boolean isQuotable(String value) {
    return value.chars().allMatch(c -> isQuotable((char) c));
  }

  private static boolean isQuotable(char c) {
    return (c >= ' ' || c == '\t') && c != 0x7F && c <= 0xFF;
  }
}
