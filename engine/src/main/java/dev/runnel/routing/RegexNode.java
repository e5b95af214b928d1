package dev.runnel.routing;

import java.util.List;

/** A regex as a tree. */
sealed interface RegexNode {
  /** One character of a set. */
  record Chars(CharSet set) implements RegexNode {}

  /** One after the other; none is the empty text. */
  record Sequence(List<RegexNode> parts) implements RegexNode {}

  /** Any one of them. */
  record Choice(List<RegexNode> options) implements RegexNode {}

  /** A part so many times; {@link #UNBOUNDED} as the most. */
  record Repeat(RegexNode part, int least, int most) implements RegexNode {
    static final int UNBOUNDED = -1;
  }
}
