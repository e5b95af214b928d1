package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds routes that only the order of two regexes can tell apart. Two routes of one place are found
 * when they are inserted, and all other branches of a node have an order by their kind.
 */
final class Conflicts {
  private final Map<String, SegmentRegex> automata = new HashMap<>();

  /**
   * Checks the whole tree below a node.
   *
   * @throws RouteException if two routes match the same request, lie behind different regexes of
   *     one place, and the one that is tried first is not ranked before the other
   */
  void check(Node node) {
    Node[] params = node.paramNodes();
    for (int i = 0; i < params.length; i++) {
      for (int j = i + 1; j < params.length; j++) {
        if (areRivals(params[i].segment(), params[j].segment())) {
          compare(params[i], params[j]);
        }
      }
    }
    node.children().forEach(this::check);
  }

  private boolean areRivals(Segment one, Segment other) {
    return one.regex() != null
        && other.regex() != null
        && one.prefix().equals(other.prefix())
        && one.suffix().equals(other.suffix())
        && overlap(one, other);
  }

  private boolean overlap(Segment one, Segment other) {
    return automaton(one).overlaps(automaton(other));
  }

  private SegmentRegex automaton(Segment segment) {
    return automata.computeIfAbsent(segment.asRegex(), SegmentRegex::compile);
  }

  /** Walks two branches side by side, along all paths that lie in both. */
  private void compare(Node first, Node second) {
    if (first.leafHere() != null && second.leafHere() != null) {
      compare(first.leafHere(), second.leafHere());
    }
    if (first.tailHere() != null) {
      second.leavesBelow().forEach(leaf -> compare(first.tailHere(), leaf));
    }
    if (second.tailHere() != null) {
      first.leavesBelow().forEach(leaf -> compare(leaf, second.tailHere()));
    }
    first.literals().forEach((text, node) -> compareLiteral(text, node, second, false));
    second.literals().forEach((text, node) -> compareLiteral(text, node, first, true));
    for (Node mine : first.paramNodes()) {
      for (Node theirs : second.paramNodes()) {
        if (overlap(mine.segment(), theirs.segment())) {
          compare(mine, theirs);
        }
      }
    }
  }

  private void compareLiteral(String text, Node node, Node other, boolean swapped) {
    Node same = other.literals().get(text);
    if (same != null && !swapped) {
      compare(node, same);
    }
    for (Node param : other.paramNodes()) {
      if (param.segment().matches(text, 0, text.length())) {
        compare(swapped ? param : node, swapped ? node : param);
      }
    }
  }

  private static void compare(Leaf first, Leaf second) {
    Set<Method> methods = new HashSet<>();
    first.endpoints().forEach(endpoint -> methods.add(endpoint.method()));
    second.endpoints().forEach(endpoint -> methods.add(endpoint.method()));
    for (Method method : methods) {
      Endpoint mine = first.endpoint(method);
      Endpoint theirs = second.endpoint(method);
      if (mine != null && theirs != null) {
        requireOrder(mine.entries(), theirs.entries());
      }
    }
  }

  private static void requireOrder(List<Entry> firsts, List<Entry> seconds) {
    for (Entry first : firsts) {
      for (Entry second : seconds) {
        int a = first.route().order();
        int b = second.route().order();
        if (a == b) {
          throw new RouteException(
              "ambiguous routes: the regexes of "
                  + first
                  + " and "
                  + second
                  + " match the same requests; give one of them a lower order");
        }
        if (a > b) {
          throw new RouteException(
              "contradicting order: "
                  + second
                  + " goes before "
                  + first
                  + ", but other routes of the"
                  + " same two regexes go the other way; order them alike");
        }
      }
    }
  }
}
