package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ranks routes by how little is missing to their matching a request. For people: slow, and only
 * asked in trouble.
 */
final class Nearest {
  private static final int FAR = 4;

  private final Method method;
  private final String host;
  private final String path;

  private record Ranked(Explanation.Miss miss, int distance) {}

  Nearest(Method method, String host, String path) {
    this.method = method;
    this.host = host;
    this.path = path;
  }

  /** All routes but the given one, the nearest first. */
  List<Explanation.Miss> list(List<Entry> entries, @Nullable Entry but) {
    List<Ranked> ranked = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry != but) {
        ranked.add(new Ranked(new Explanation.Miss(entry.info(), why(entry)), distance(entry)));
      }
    }
    ranked.sort(Comparator.comparingInt(Ranked::distance));
    return ranked.stream().map(Ranked::miss).toList();
  }

  private String why(Entry entry) {
    String mismatch = entry.pattern().mismatch(path);
    if (mismatch != null) {
      return mismatch;
    }
    if (!hostFits(entry)) {
      return "the host is '" + host + "'";
    }
    return methodFits(entry)
        ? "a more specific route, or one that fits the media types better, goes first"
        : "the method is " + method;
  }

  private boolean methodFits(Entry entry) {
    return entry.method().equals(method)
        || (method.equals(Method.HEAD) && entry.method().equals(Method.GET));
  }

  private boolean hostFits(Entry entry) {
    HostPattern pattern = entry.host();
    if (pattern == null) {
      return true;
    }
    int dot = host.indexOf('.');
    return pattern.wildcard()
        ? dot > 0 && host.substring(dot).equals(pattern.key())
        : host.equals(pattern.key());
  }

  private int distance(Entry entry) {
    int distance = (methodFits(entry) ? 0 : 1) + (hostFits(entry) ? 0 : FAR);
    if (entry.pattern().mismatch(path) == null) {
      return distance;
    }
    List<Segment> segments = entry.pattern().segments();
    String[] parts = path.substring(1).split("/", -1);
    int common = Math.min(segments.size(), parts.length);
    for (int i = 0; i < common; i++) {
      distance += distance(segments.get(i), parts[i]);
    }
    for (int i = common; i < segments.size(); i++) {
      distance += segments.get(i).optional() ? 0 : segments.get(i).isEmptyLiteral() ? 1 : FAR;
    }
    boolean tail = segments.stream().anyMatch(Segment::isTail);
    for (int i = common; i < parts.length && !tail; i++) {
      distance += parts[i].isEmpty() ? 1 : FAR;
    }
    return distance + 1;
  }

  private static int distance(Segment segment, String part) {
    if (segment.isTail() || segment.matches(part, 0, part.length())) {
      return 0;
    }
    return segment.isParam() ? 2 : Math.min(FAR, edits(segment.prefix(), part));
  }

  /** How many characters to insert, delete or replace (Levenshtein), without regard to case. */
  private static int edits(String from, String to) {
    if (Math.abs(from.length() - to.length()) >= FAR) {
      return FAR;
    }
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int above = row[j];
        char a = Character.toLowerCase(from.charAt(i - 1));
        char b = Character.toLowerCase(to.charAt(j - 1));
        int replaced = diagonal + (a == b ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    // Another case is another path, so it is near, but not the same.
    return Math.max(1, row[to.length()]);
  }
}
