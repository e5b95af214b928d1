package dev.runnel.routing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host of a group: a name, or a wildcard for the first label and what follows it.
 *
 * @param text as written
 * @param key the name, or for a wildcard what follows its label, dot included; in lower case
 * @param wildcard whether the first label is free
 * @param param the name of the free label, or null
 */
record HostPattern(String text, String key, boolean wildcard, @Nullable String param) {
  static HostPattern parse(String text, String declaredAt) {
    int dot = text.indexOf('.');
    String first = dot < 0 ? text : text.substring(0, dot);
    if (first.equals("*") && dot > 0) {
      return new HostPattern(text, suffix(text, dot, declaredAt), true, null);
    }
    if (first.startsWith("{") && first.endsWith("}") && dot > 0) {
      String name = first.substring(1, first.length() - 1);
      if (PatternParser.isName(name)) {
        return new HostPattern(text, suffix(text, dot, declaredAt), true, name);
      }
    }
    return new HostPattern(text, plain(text, text, declaredAt), false, null);
  }

  private static String suffix(String text, int dot, String declaredAt) {
    return "." + plain(text.substring(dot + 1), text, declaredAt);
  }

  private static String plain(String name, String text, String declaredAt) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean fine = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
      // An IPv6 literal, which has colons within brackets.
      if (!fine && !(name.startsWith("[") && (c == '[' || c == ']' || c == ':'))) {
        throw error(text, declaredAt);
      }
    }
    if (name.isEmpty() || name.startsWith(".") || name.endsWith(".")) {
      throw error(text, declaredAt);
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static RouteException error(String text, String declaredAt) {
    return new RouteException(
        "host '"
            + text
            + "' ("
            + declaredAt
            + ") must be like 'api.example', '*.example' or '{tenant}.example', without a port");
  }

  /** The host of an authority, without its port, in lower case. */
  static String hostOf(String authority) {
    int bracket = authority.lastIndexOf(']');
    int colon = authority.indexOf(':', bracket + 1);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return host.toLowerCase(Locale.ROOT);
  }

  /** The label that a wildcard stands for. */
  static String label(String host) {
    int dot = host.indexOf('.');
    return dot < 0 ? host : host.substring(0, dot);
  }
}
