package dev.runnel.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A parsed pattern: its text, and a segment for each slash in it. */
final class PathPattern {
  /** What stands before any prefix. */
  static final PathPattern ROOT = new PathPattern("/", List.of(Segment.literal("")));

  /** The target of OPTIONS * and CONNECT. */
  static final PathPattern STAR = new PathPattern("*", List.of());

  private final String text;
  private final List<Segment> segments;
  private final String[] names;
  private final int[] places;

  PathPattern(String text, List<Segment> segments) {
    this.text = text;
    this.segments = List.copyOf(segments);
    List<Segment> params = segments.stream().filter(Segment::isParam).toList();
    this.names = params.stream().map(Segment::name).toArray(String[]::new);
    this.places = params.stream().mapToInt(segments::indexOf).toArray();
  }

  String text() {
    return text;
  }

  List<Segment> segments() {
    return segments;
  }

  boolean isRoot() {
    return this == ROOT || text.equals("/");
  }

  int params() {
    return names.length;
  }

  String name(int param) {
    return names[param];
  }

  Segment param(int param) {
    return segments.get(places[param]);
  }

  /**
   * This prefix and another pattern behind it; a lone slash on either side adds nothing.
   *
   * @throws RouteException if a parameter has the name of another
   */
  PathPattern join(PathPattern below, String declaredAt) {
    if (isRoot() || below.isRoot()) {
      return isRoot() ? below : this;
    }
    List<Segment> all = new ArrayList<>(segments);
    all.addAll(below.segments);
    PathPattern joined = new PathPattern(text + below.text, all);
    joined.requireDistinctNames(declaredAt);
    return joined;
  }

  void requireDistinctNames(String declaredAt) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new RouteException(
            "pattern '"
                + text
                + "' ("
                + declaredAt
                + ") has two parameters named '"
                + name
                + "'; rename one");
      }
    }
  }

  /**
   * The value of a parameter in a path that matches; null if it is optional and absent, or has
   * another name.
   */
  @Nullable String value(String name, String path) {
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return value(i, path);
      }
    }
    return null;
  }

  @Nullable String value(int param, String path) {
    int place = places[param];
    int slash = 0;
    for (int i = 0; i < place; i++) {
      slash = path.indexOf('/', slash + 1);
      if (slash < 0) {
        return null;
      }
    }
    Segment segment = segments.get(place);
    int end = segment.isTail() ? -1 : path.indexOf('/', slash + 1);
    int until = end < 0 ? path.length() : end;
    if (until == slash + 1 && !segment.isTail()) {
      return null; // "/" for "/{id?}"
    }
    return path.substring(slash + 1 + segment.prefix().length(), until - segment.suffix().length());
  }

  /**
   * The first reason why a path does not match, or null if it does. Slow and plain: for people, and
   * for tests.
   */
  @Nullable String mismatch(String path) {
    int at = 0;
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (at == path.length()) {
        return segment.optional() ? null : endsBefore(segment);
      }
      int from = at + 1;
      int slash = path.indexOf('/', from);
      int until = slash < 0 ? path.length() : slash;
      boolean nothing = from == path.length();
      if (segment.isTail() && (until > from || (segment.optional() && nothing))) {
        return null;
      }
      if (i == 0 && nothing && segment.optional()) {
        return null; // "/" for "/{id?}"
      }
      if (segment.isTail() || !segment.matches(path, from, until)) {
        return "segment "
            + (i + 1)
            + " is '"
            + path.substring(from, until)
            + "', not "
            + segment.wanted();
      }
      at = until;
    }
    return at == path.length() ? null : goesOn(path.substring(at));
  }

  private static String endsBefore(Segment segment) {
    return segment.isEmptyLiteral()
        ? "the path lacks the last slash"
        : "the path ends before " + segment.quoted();
  }

  private static String goesOn(String rest) {
    return rest.equals("/")
        ? "the path has one more slash at its end"
        : "the path goes on with '" + rest + "'";
  }

  @Override
  public String toString() {
    return text;
  }
}
