package dev.runnel.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A set of code points.
 *
 * @param ranges sorted, neither touching nor overlapping
 */
record CharSet(List<Range> ranges) {
  private static final int MAX = Character.MAX_CODE_POINT;

  static final CharSet ANY = of(0, MAX);
  static final CharSet DIGIT = of('0', '9');
  static final CharSet WORD = union(of('a', 'z'), of('A', 'Z'), DIGIT, of('_', '_'));
  static final CharSet SPACE = union(of('\t', '\r'), of(' ', ' '));

  /** Both ends belong to it. */
  record Range(int first, int last) {}

  static CharSet of(int first, int last) {
    return new CharSet(List.of(new Range(first, last)));
  }

  static CharSet union(CharSet... sets) {
    List<Range> sorted = new ArrayList<>();
    for (CharSet set : sets) {
      sorted.addAll(set.ranges);
    }
    sorted.sort(Comparator.comparingInt(Range::first));
    List<Range> merged = new ArrayList<>();
    for (Range next : sorted) {
      int end = merged.size() - 1;
      if (end >= 0 && next.first() <= merged.get(end).last() + 1) {
        Range before = merged.get(end);
        merged.set(end, new Range(before.first(), Math.max(before.last(), next.last())));
      } else {
        merged.add(next);
      }
    }
    return new CharSet(List.copyOf(merged));
  }

  CharSet negated() {
    List<Range> gaps = new ArrayList<>();
    int from = 0;
    for (Range range : ranges) {
      if (range.first() > from) {
        gaps.add(new Range(from, range.first() - 1));
      }
      from = range.last() + 1;
    }
    if (from <= MAX) {
      gaps.add(new Range(from, MAX));
    }
    return new CharSet(List.copyOf(gaps));
  }

  boolean contains(int codePoint) {
    for (Range range : ranges) {
      if (codePoint >= range.first() && codePoint <= range.last()) {
        return true;
      }
    }
    return false;
  }
}
