package dev.runnel.routing;

import org.jspecify.annotations.Nullable;

/**
 * One segment of a pattern.
 *
 * @param kind what it matches
 * @param prefix the text before the parameter, or the whole text of a literal
 * @param suffix the text behind the parameter
 * @param name of the parameter, empty for a literal
 * @param type of a typed parameter
 * @param regex of a regex parameter
 * @param optional whether it may be missing
 */
record Segment(
    Kind kind,
    String prefix,
    String suffix,
    String name,
    @Nullable ParamType type,
    @Nullable SegmentRegex regex,
    boolean optional) {
  /** In order of precedence. */
  enum Kind {
    LITERAL,
    TYPED,
    REGEX,
    PLAIN,
    TAIL
  }

  static Segment literal(String text) {
    return new Segment(Kind.LITERAL, text, "", "", null, null, false);
  }

  boolean isParam() {
    return kind != Kind.LITERAL;
  }

  /** What stands behind the slash that ends a pattern. */
  boolean isEmptyLiteral() {
    return kind == Kind.LITERAL && prefix.isEmpty();
  }

  boolean isTail() {
    return kind == Kind.TAIL;
  }

  /**
   * Whether the text of a path between two slashes is this. A parameter is never empty; tails ask
   * elsewhere.
   */
  boolean matches(String path, int from, int until) {
    if (kind == Kind.LITERAL) {
      return until - from == prefix.length() && path.startsWith(prefix, from);
    }
    int start = from + prefix.length();
    int end = until - suffix.length();
    return start < end
        && (prefix.isEmpty() || path.startsWith(prefix, from))
        && (suffix.isEmpty() || path.startsWith(suffix, end))
        && valueMatches(path, start, end);
  }

  /** Whether the value of the parameter, without the text around it, fits. */
  boolean valueMatches(String path, int from, int until) {
    if (type != null) {
      return type.matches(path, from, until);
    }
    return regex == null || regex.matches(path, from, until);
  }

  /** Equal for two parameters that match the same texts with the same precedence. */
  String place() {
    String inner = type != null ? ":" + type.label() : regex != null ? ":" + regex.text() : "";
    return prefix + "{" + inner + "}" + suffix;
  }

  /** The higher goes first among parameters of one kind. */
  int textAround() {
    return prefix.length() + suffix.length();
  }

  /** A regex of everything this matches, for finding overlaps. */
  String asRegex() {
    String inner = type != null ? type.regex() : regex != null ? regex.text() : ".+";
    return SegmentRegex.quote(prefix) + "(" + inner + ")" + SegmentRegex.quote(suffix);
  }

  /** As in the pattern. */
  String quoted() {
    return "'" + toString() + "'";
  }

  /** What a person would have to write here. */
  String wanted() {
    return switch (kind) {
      case LITERAL -> "'" + prefix + "'";
      case TYPED -> "of type " + (type == null ? "" : type.label()) + " as " + quoted() + " wants";
      case REGEX -> "matched by " + quoted();
      case PLAIN, TAIL -> "anything but empty as " + quoted() + " wants";
    };
  }

  @Override
  public String toString() {
    if (kind == Kind.LITERAL) {
      return prefix;
    }
    String inner = type != null ? ":" + type.label() : regex != null ? ":" + regex.text() : "";
    String dots = isTail() ? "..." : "";
    return prefix + "{" + name + dots + (optional ? "?" : "") + inner + "}" + suffix;
  }
}
