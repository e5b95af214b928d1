package dev.runnel.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regexes of parameters: literals, {@code .}, classes, {@code \d \w \s \D \W \S}, groups,
 * alternation and greedy quantifiers. What needs backtracking, or means nothing to the match of a
 * whole segment, is refused. Errors are {@link IllegalArgumentException}s.
 */
final class RegexParser {
  private static final int MAX_REPEAT = 256;
  private static final int MAX_DEPTH = 50;
  private static final String MEANS_ITSELF = "-_.~!$&'()*+,;=:@|?[]{}^\\\"#%<> ";

  private final String text;
  private int at;
  private int depth;

  private RegexParser(String text) {
    this.text = text;
  }

  static RegexNode parse(String text) {
    RegexParser parser = new RegexParser(text);
    RegexNode node = parser.choice();
    if (parser.at < text.length()) {
      throw parser.error("')' without its '('");
    }
    return node;
  }

  private RegexNode choice() {
    List<RegexNode> options = new ArrayList<>();
    options.add(sequence());
    while (accept('|')) {
      options.add(sequence());
    }
    return options.size() == 1 ? options.get(0) : new RegexNode.Choice(options);
  }

  private RegexNode sequence() {
    List<RegexNode> parts = new ArrayList<>();
    while (at < text.length() && peek() != '|' && peek() != ')') {
      parts.add(quantified(atom()));
    }
    return parts.size() == 1 ? parts.get(0) : new RegexNode.Sequence(parts);
  }

  private RegexNode quantified(RegexNode part) {
    RegexNode repeated = quantifier(part);
    if (repeated != part && at < text.length() && "?*+{".indexOf(peek()) >= 0) {
      throw error("lazy, possessive and doubled quantifiers are not supported");
    }
    return repeated;
  }

  private RegexNode quantifier(RegexNode part) {
    if (accept('?')) {
      return new RegexNode.Repeat(part, 0, 1);
    }
    if (accept('*')) {
      return new RegexNode.Repeat(part, 0, RegexNode.Repeat.UNBOUNDED);
    }
    if (accept('+')) {
      return new RegexNode.Repeat(part, 1, RegexNode.Repeat.UNBOUNDED);
    }
    return accept('{') ? counted(part) : part;
  }

  private RegexNode counted(RegexNode part) {
    int least = number();
    int most = least;
    if (accept(',')) {
      most = at < text.length() && peek() == '}' ? RegexNode.Repeat.UNBOUNDED : number();
    }
    if (!accept('}') || (most != RegexNode.Repeat.UNBOUNDED && most < least)) {
      throw error("malformed quantifier; write {n}, {n,} or {m,n}");
    }
    return new RegexNode.Repeat(part, least, most);
  }

  private int number() {
    int value = 0;
    int start = at;
    while (at < text.length() && peek() >= '0' && peek() <= '9') {
      value = value * 10 + next() - '0';
      if (value > MAX_REPEAT) {
        throw error("more than " + MAX_REPEAT + " repetitions are not supported");
      }
    }
    if (at == start) {
      throw error("malformed quantifier; write {n}, {n,} or {m,n}");
    }
    return value;
  }

  private RegexNode atom() {
    int c = next();
    return switch (c) {
      case '(' -> group();
      case '[' -> new RegexNode.Chars(charClass());
      case '.' -> new RegexNode.Chars(CharSet.ANY);
      case '\\' -> new RegexNode.Chars(escape());
      case '^', '$' ->
          throw error("'" + (char) c + "' is not needed: the regex covers the whole segment");
      case '?', '*', '+', '{' -> throw error("nothing before the quantifier '" + (char) c + "'");
      case '/' -> throw error("'/' never occurs within a segment");
      default -> new RegexNode.Chars(CharSet.of(c, c));
    };
  }

  private RegexNode group() {
    if (accept('?') && !accept(':')) {
      throw error("named groups, flags and look-around are not supported");
    }
    if (++depth > MAX_DEPTH) {
      throw error("groups are nested more than " + MAX_DEPTH + " deep");
    }
    RegexNode inner = choice();
    if (!accept(')')) {
      throw error("'(' without its ')'");
    }
    depth--;
    return inner;
  }

  private CharSet charClass() {
    boolean negated = accept('^');
    List<CharSet> sets = new ArrayList<>();
    while (sets.isEmpty() || at >= text.length() || peek() != ']') {
      if (at >= text.length()) {
        throw error("'[' without its ']'");
      }
      sets.add(classMember());
    }
    at++;
    CharSet union = CharSet.union(sets.toArray(CharSet[]::new));
    return negated ? union.negated() : union;
  }

  private CharSet classMember() {
    CharSet first = classChar();
    boolean range =
        at + 1 < text.length() && peek() == '-' && text.charAt(at + 1) != ']' && isSingle(first);
    if (!range) {
      return first;
    }
    at++;
    CharSet last = classChar();
    if (!isSingle(last) || only(last) < only(first)) {
      throw error("malformed range in a class");
    }
    return CharSet.of(only(first), only(last));
  }

  private CharSet classChar() {
    int c = next();
    if (c == '\\') {
      return escape();
    }
    if (c == '[' || (c == '&' && at < text.length() && peek() == '&')) {
      throw error("classes within classes are not supported; write '\\[' for a bracket");
    }
    if (c == ']') {
      throw error("a class is empty");
    }
    return CharSet.of(c, c);
  }

  private CharSet escape() {
    int c = next();
    return switch (c) {
      case 'd' -> CharSet.DIGIT;
      case 'D' -> CharSet.DIGIT.negated();
      case 'w' -> CharSet.WORD;
      case 'W' -> CharSet.WORD.negated();
      case 's' -> CharSet.SPACE;
      case 'S' -> CharSet.SPACE.negated();
      default -> {
        if (MEANS_ITSELF.indexOf(c) < 0) {
          throw error("the escape '\\" + Character.toString(c) + "' is not supported");
        }
        yield CharSet.of(c, c);
      }
    };
  }

  private static boolean isSingle(CharSet set) {
    return set.ranges().size() == 1 && set.ranges().get(0).first() == set.ranges().get(0).last();
  }

  private static int only(CharSet set) {
    return set.ranges().get(0).first();
  }

  private char peek() {
    return text.charAt(at);
  }

  private int next() {
    if (at >= text.length()) {
      throw error("it ends too early");
    }
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private boolean accept(char c) {
    if (at < text.length() && peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " (at index " + at + ")");
  }
}
