package dev.runnel.routing;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads patterns; the grammar stands at {@link RouteBuilder}. */
final class PatternParser {
  private final String text;
  private final String declaredAt;
  private final List<Segment> segments = new ArrayList<>();

  private PatternParser(String text, String declaredAt) {
    this.text = text;
    this.declaredAt = declaredAt;
  }

  /**
   * The pattern of a route.
   *
   * @throws RouteException if it has a typo
   */
  static PathPattern parse(String text, String declaredAt) {
    return new PatternParser(text, declaredAt).parse();
  }

  /**
   * The prefix of a group or mount.
   *
   * @throws RouteException if it has a typo, ends with a slash, or has a parameter that may be
   *     missing or is a tail
   */
  static PathPattern parsePrefix(String text, String declaredAt) {
    PatternParser parser = new PatternParser(text, declaredAt);
    PathPattern pattern = parser.parse();
    if (pattern.isRoot()) {
      return PathPattern.ROOT;
    }
    if (text.endsWith("/")) {
      throw parser.error("is a prefix and must not end with a slash; routes below begin with one");
    }
    Segment last = pattern.segments().get(pattern.segments().size() - 1);
    if (last.optional() || last.isTail()) {
      throw parser.error("is a prefix and cannot have " + last.quoted() + ", which must be last");
    }
    return pattern;
  }

  private PathPattern parse() {
    if (!text.startsWith("/")) {
      throw error("must begin with a slash; write '/" + text + "'");
    }
    int from = 1;
    while (true) {
      int until = endOfSegment(from);
      segments.add(segment(from, until));
      if (until == text.length()) {
        break;
      }
      from = until + 1;
    }
    checkOrder();
    PathPattern pattern = new PathPattern(text, segments);
    pattern.requireDistinctNames(declaredAt);
    return pattern;
  }

  private void checkOrder() {
    for (int i = 0; i < segments.size() - 1; i++) {
      Segment segment = segments.get(i);
      if (segment.isTail()) {
        throw error("goes on behind the tail " + segment.quoted() + "; a tail must be last");
      }
      if (segment.optional()) {
        throw error("goes on behind the optional " + segment.quoted() + "; that must be last");
      }
      if (segment.isEmptyLiteral()) {
        throw error("has an empty segment; remove the double slash");
      }
    }
  }

  /** The slash that ends the segment, or the end; slashes within braces do not count. */
  private int endOfSegment(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '/') {
      at = text.charAt(at) == '{' ? closingBrace(at) + 1 : at + 1;
    }
    return at;
  }

  /** Regexes have braces, classes and escapes of their own. */
  private int closingBrace(int open) {
    int depth = 0;
    boolean inClass = false;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw error("has a '{' without its '}' at index " + open);
  }

  private Segment segment(int from, int until) {
    int open = text.indexOf('{', from);
    if (open < 0 || open >= until) {
      return Segment.literal(literal(text.substring(from, until), true));
    }
    int close = closingBrace(open);
    String suffix = text.substring(close + 1, until);
    if (suffix.indexOf('{') >= 0) {
      throw error(
          "has two parameters in the segment '"
              + text.substring(from, until)
              + "'; use one with a regex");
    }
    String prefix = text.substring(from, open);
    return param(text.substring(open + 1, close), literal(prefix, false), literal(suffix, false));
  }

  private Segment param(String inner, String prefix, String suffix) {
    boolean bare = prefix.isEmpty() && suffix.isEmpty();
    int colon = inner.indexOf(':');
    String head = colon < 0 ? inner : inner.substring(0, colon);
    if (head.contains("...")) {
      return tail(inner, bare);
    }
    boolean optional = head.endsWith("?");
    if (optional && !bare) {
      throw error("has text around the optional '{" + inner + "}'; it must fill its segment");
    }
    String name = name(optional ? head.substring(0, head.length() - 1) : head, inner);
    if (colon < 0) {
      return new Segment(Segment.Kind.PLAIN, prefix, suffix, name, null, null, optional);
    }
    String rule = inner.substring(colon + 1);
    ParamType type = ParamType.of(rule);
    return type != null
        ? new Segment(Segment.Kind.TYPED, prefix, suffix, name, type, null, optional)
        : new Segment(Segment.Kind.REGEX, prefix, suffix, name, null, regex(name, rule), optional);
  }

  private Segment tail(String inner, boolean bare) {
    boolean optional = inner.endsWith("?");
    String body = optional ? inner.substring(0, inner.length() - 1) : inner;
    if (!body.endsWith("...") || !bare) {
      throw error("has a malformed tail '{" + inner + "}'; write '/{rest...}' or '/{rest...?}'");
    }
    String name = name(body.substring(0, body.length() - 3), inner);
    return new Segment(Segment.Kind.TAIL, "", "", name, null, null, optional);
  }

  private String name(String name, String inner) {
    if (!isName(name)) {
      throw error(
          "has a parameter '{"
              + inner
              + "}' without a proper name; write '{name}': letters, digits"
              + " and '_', no digit first");
    }
    return name;
  }

  static boolean isName(String name) {
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      return false;
    }
    return name.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '_');
  }

  private SegmentRegex regex(String name, String rule) {
    if (rule.endsWith("?") && ParamType.of(rule.substring(0, rule.length() - 1)) != null) {
      throw error(
          "has '" + rule + "'; optional is written '{" + name + "?:" + rule.replace("?", "}'"));
    }
    if (rule.chars().allMatch(Character::isLetterOrDigit)) {
      throw error(
          "has the unknown type '"
              + rule
              + "'; types are int, long, uuid, alpha and alnum, and a"
              + " regex of one word is written '("
              + rule
              + ")'");
    }
    try {
      return SegmentRegex.compile(rule);
    } catch (IllegalArgumentException e) {
      throw error("has the regex '" + rule + "': " + e.getMessage());
    }
  }

  private String literal(String literal, boolean whole) {
    String mend = whole ? complaint(literal) : null;
    for (int i = 0; i < literal.length() && mend == null; i++) {
      mend = complaint(literal.charAt(i));
    }
    if (mend != null) {
      throw error("has " + mend);
    }
    return literal;
  }

  private static @Nullable String complaint(String segment) {
    if (segment.equals(".") || segment.equals("..")) {
      return "the segment '" + segment + "', which no request can ask for; remove it";
    }
    if (segment.startsWith(":") && isName(segment.substring(1))) {
      return "the segment '"
          + segment
          + "'; a parameter is written '{"
          + segment.substring(1)
          + "}'";
    }
    return null;
  }

  private static @Nullable String complaint(char c) {
    return switch (c) {
      case '}' -> "a '}' without its '{'";
      case '%' -> "a '%'; patterns are compared decoded, so write the character itself";
      case '?' -> "a '?'; a query is no part of a pattern, and optional is written '{name?}'";
      case '#' -> "a '#', which no request can ask for";
      case '*' -> "a '*'; any one segment is '{name}', the whole rest '{rest...}'";
      case '[', ']', '\\', '<', '>' -> "the reserved character '" + c + "'; remove it";
      default ->
          Character.isISOControl(c)
              ? String.format("the control character U+%04X; remove it", (int) c)
              : null;
    };
  }

  private RouteException error(String what) {
    return new RouteException("pattern '" + text + "' (" + declaredAt + ") " + what);
  }
}
