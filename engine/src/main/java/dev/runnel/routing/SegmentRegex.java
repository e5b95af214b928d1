package dev.runnel.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A regex as a deterministic automaton, made by the subset construction when the pattern compiles:
 * a match is one table look-up per character, without any memory, however the regex and the text
 * look. The price is that some regexes ({@code (a|b)*a(a|b){20}}) have too many states and are
 * refused.
 */
final class SegmentRegex {
  private static final int MAX_STATES = 2_000;
  private static final int DEAD = 0;
  private static final int START = 1;

  private final String text;
  // Characters from starts[i] until starts[i + 1] are one column of the table.
  private final int[] starts;
  private final short[] ascii;
  private final int[][] table;
  private final BitSet accepting;

  private SegmentRegex(String text, int[] starts, int[][] table, BitSet accepting) {
    this.text = text;
    this.starts = starts;
    this.table = table;
    this.accepting = accepting;
    this.ascii = new short[128];
    for (int c = 0; c < ascii.length; c++) {
      ascii[c] = (short) search(c);
    }
  }

  /**
   * The automaton of a regex.
   *
   * @throws IllegalArgumentException if the regex is malformed, uses what {@link RegexParser}
   *     refuses, or is too complex
   */
  static SegmentRegex compile(String text) {
    Nfa nfa = new Nfa(RegexParser.parse(text));
    int[] starts = columns(nfa);
    Map<BitSet, Integer> numbers = new HashMap<>();
    List<BitSet> sets = new ArrayList<>();
    number(new BitSet(), numbers, sets);
    number(nfa.startSet(), numbers, sets);
    List<int[]> table = new ArrayList<>();
    for (int state = 0; state < sets.size(); state++) {
      int[] row = new int[starts.length];
      for (int column = 0; column < starts.length; column++) {
        row[column] = number(nfa.step(sets.get(state), starts[column]), numbers, sets);
      }
      table.add(row);
    }
    BitSet accepting = new BitSet();
    for (int state = 0; state < sets.size(); state++) {
      accepting.set(state, nfa.accepts(sets.get(state)));
    }
    return new SegmentRegex(text, starts, table.toArray(int[][]::new), accepting);
  }

  private static int number(BitSet set, Map<BitSet, Integer> numbers, List<BitSet> sets) {
    Integer known = numbers.get(set);
    if (known != null) {
      return known;
    }
    if (sets.size() == MAX_STATES) {
      throw new IllegalArgumentException("it is too complex; it needs more than 2,000 states");
    }
    numbers.put(set, sets.size());
    sets.add(set);
    return sets.size() - 1;
  }

  private static int[] columns(Nfa nfa) {
    TreeSet<Integer> bounds = new TreeSet<>(Set.of(0));
    for (CharSet set : nfa.alphabet()) {
      for (CharSet.Range range : set.ranges()) {
        bounds.add(range.first());
        bounds.add(range.last() + 1);
      }
    }
    return bounds.headSet(Character.MAX_CODE_POINT + 1).stream().mapToInt(i -> i).toArray();
  }

  /** The regex as written. */
  String text() {
    return text;
  }

  /** Whether the regex matches the whole part of the text. */
  boolean matches(String input, int from, int until) {
    int state = START;
    for (int i = from; i < until && state != DEAD; i++) {
      int c = input.charAt(i);
      if (c < ascii.length) {
        state = table[state][ascii[c]];
      } else {
        int codePoint = input.codePointAt(i);
        i += Character.charCount(codePoint) - 1;
        state = table[state][search(codePoint)];
      }
    }
    return accepting.get(state);
  }

  private int search(int codePoint) {
    int found = Arrays.binarySearch(starts, codePoint);
    return found >= 0 ? found : -found - 2;
  }

  /** Whether some text is matched by both. */
  boolean overlaps(SegmentRegex other) {
    Set<Long> seen = new HashSet<>();
    Deque<Long> open = new ArrayDeque<>();
    visit(START, START, seen, open);
    while (!open.isEmpty()) {
      long pair = open.remove();
      int mine = (int) (pair >> 32);
      int theirs = (int) pair;
      if (accepting.get(mine) && other.accepting.get(theirs)) {
        return true;
      }
      for (int start : starts) {
        visit(table[mine][search(start)], other.table[theirs][other.search(start)], seen, open);
      }
      for (int start : other.starts) {
        visit(table[mine][search(start)], other.table[theirs][other.search(start)], seen, open);
      }
    }
    return false;
  }

  private static void visit(int mine, int theirs, Set<Long> seen, Deque<Long> open) {
    long pair = ((long) mine << 32) | theirs;
    if (mine != DEAD && theirs != DEAD && seen.add(pair)) {
      open.add(pair);
    }
  }

  /** A regex that matches just this text. */
  static String quote(String literal) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if ("\\.[]{}()|?*+^$".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return out.toString();
  }
}
