package dev.runnel.routing;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A nondeterministic automaton after Thompson (1968): each state either reads one character of a
 * set and goes on to one state, or goes on to up to two states without reading. Lives only while a
 * pattern compiles.
 */
final class Nfa {
  /** More than any sensible path parameter needs; {@code [a-z]{256}} takes 257. */
  private static final int MAX_STATES = 4_000;

  private record State(@Nullable CharSet reads, int next, int other) {}

  private static final int NONE = -1;

  private final List<State> states = new ArrayList<>();
  private final int end;
  private final int start;

  /**
   * The automaton of a regex.
   *
   * @throws IllegalArgumentException if it would be too large
   */
  Nfa(RegexNode regex) {
    end = add(new State(null, NONE, NONE));
    start = build(regex, end);
  }

  /** All characters that some state tells from others. */
  List<CharSet> alphabet() {
    List<CharSet> sets = new ArrayList<>();
    for (State state : states) {
      if (state.reads() != null) {
        sets.add(state.reads());
      }
    }
    return sets;
  }

  BitSet startSet() {
    BitSet set = new BitSet(states.size());
    close(set, start);
    return set;
  }

  boolean accepts(BitSet set) {
    return set.get(end);
  }

  BitSet step(BitSet from, int codePoint) {
    BitSet to = new BitSet(states.size());
    for (int i = from.nextSetBit(0); i >= 0; i = from.nextSetBit(i + 1)) {
      State state = states.get(i);
      if (state.reads() != null && state.reads().contains(codePoint)) {
        close(to, state.next());
      }
    }
    return to;
  }

  private void close(BitSet set, int first) {
    List<Integer> open = new ArrayList<>(List.of(first));
    while (!open.isEmpty()) {
      int index = open.remove(open.size() - 1);
      if (index == NONE || set.get(index)) {
        continue;
      }
      set.set(index);
      State state = states.get(index);
      if (state.reads() == null) {
        open.add(state.next());
        open.add(state.other());
      }
    }
  }

  /** Builds from the end to the start; gives the state that begins the part. */
  private int build(RegexNode node, int next) {
    if (node instanceof RegexNode.Chars chars) {
      return add(new State(chars.set(), next, NONE));
    }
    if (node instanceof RegexNode.Sequence sequence) {
      int first = next;
      for (int i = sequence.parts().size() - 1; i >= 0; i--) {
        first = build(sequence.parts().get(i), first);
      }
      return first;
    }
    if (node instanceof RegexNode.Choice choice) {
      int first = NONE;
      for (RegexNode option : choice.options()) {
        first = add(new State(null, build(option, next), first));
      }
      return first;
    }
    return repeat((RegexNode.Repeat) node, next);
  }

  private int repeat(RegexNode.Repeat repeat, int next) {
    int first = next;
    if (repeat.most() == RegexNode.Repeat.UNBOUNDED) {
      int loop = add(new State(null, NONE, next));
      states.set(loop, new State(null, build(repeat.part(), loop), next));
      first = loop;
    } else {
      for (int i = repeat.least(); i < repeat.most(); i++) {
        first = add(new State(null, build(repeat.part(), first), next));
      }
    }
    for (int i = 0; i < repeat.least(); i++) {
      first = build(repeat.part(), first);
    }
    return first;
  }

  private int add(State state) {
    if (states.size() == MAX_STATES) {
      throw new IllegalArgumentException("it is too large; use smaller counts in {m,n}");
    }
    states.add(state);
    return states.size() - 1;
  }
}
