package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in the tree of routes, reached by one segment. Grows while routes are inserted, then
 * {@link #freeze} makes it ready to be searched, by any number of threads.
 *
 * <p>The depth of a node is the number of the segment it looks at, so one search visits a node at
 * most once, whatever it has to take back.
 */
final class Node {
  private static final Comparator<Node> PRECEDENCE =
      Comparator.comparing((Node node) -> node.segment.kind())
          .thenComparing(node -> -node.segment.textAround())
          .thenComparing(node -> -node.segment.prefix().length())
          .thenComparing(
              node -> node.segment.type(), Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(node -> node.order);

  private final Segment segment;
  private final boolean anyTail;
  private final Map<String, Node> literals = new LinkedHashMap<>();
  private final Map<String, Node> params = new LinkedHashMap<>();
  private @Nullable Leaf leaf;
  private @Nullable Leaf tail;
  private int order = Integer.MAX_VALUE;

  private @Nullable LiteralTable literalTable;
  private Node[] paramNodes = {};

  private Node(Segment segment, boolean anyTail) {
    this.segment = segment;
    this.anyTail = anyTail;
  }

  /**
   * An empty tree; its tails may match texts that begin with a slash, which only a fallback wants.
   */
  static Node root(boolean anyTail) {
    return new Node(Segment.literal(""), anyTail);
  }

  void insert(Entry entry) {
    Node node = this;
    node.lowerOrder(entry);
    for (Segment next : entry.pattern().segments()) {
      if (next.optional()) {
        // Nothing at all: no segment, but at the root "/" is the shortest path.
        Node absent = node == this && !next.isTail() ? node.literal("") : node;
        absent.leaf().add(entry);
      }
      if (next.isTail()) {
        if (next.optional()) {
          node.literal("").leaf().add(entry);
        }
        node.tail().add(entry);
        return;
      }
      node = node.child(next);
      node.lowerOrder(entry);
    }
    node.leaf().add(entry);
  }

  private void lowerOrder(Entry entry) {
    order = Math.min(order, entry.route().order());
  }

  private Node child(Segment next) {
    return next.isParam()
        ? params.computeIfAbsent(next.place(), place -> new Node(next, anyTail))
        : literal(next.prefix());
  }

  private Node literal(String text) {
    return literals.computeIfAbsent(text, key -> new Node(Segment.literal(key), anyTail));
  }

  private Leaf leaf() {
    if (leaf == null) {
      leaf = new Leaf();
    }
    return leaf;
  }

  private Leaf tail() {
    if (tail == null) {
      tail = new Leaf();
    }
    return tail;
  }

  void freeze() {
    literals.values().forEach(Node::freeze);
    params.values().forEach(Node::freeze);
    literalTable = literals.isEmpty() ? null : new LiteralTable(literals);
    paramNodes = params.values().stream().sorted(PRECEDENCE).toArray(Node[]::new);
  }

  /**
   * The endpoint of the most specific route, or null.
   *
   * @param at where the slash before the next segment is, or the end of the path
   */
  @Nullable Endpoint find(String path, int at, Method method) {
    if (at == path.length()) {
      return leaf == null ? null : leaf.endpoint(method);
    }
    int from = at + 1;
    int until = from;
    int hash = 0;
    for (char c; until < path.length() && (c = path.charAt(until)) != '/'; until++) {
      hash = 31 * hash + c;
    }
    if (literalTable != null) {
      Node next = literalTable.get(path, from, until, hash);
      Endpoint found = next == null ? null : next.find(path, until, method);
      if (found != null) {
        return found;
      }
    }
    return findParam(path, from, until, method);
  }

  private @Nullable Endpoint findParam(String path, int from, int until, Method method) {
    for (Node next : paramNodes) {
      if (next.segment.matches(path, from, until)) {
        Endpoint found = next.find(path, until, method);
        if (found != null) {
          return found;
        }
      }
    }
    return tail != null && (until > from || anyTail) ? tail.endpoint(method) : null;
  }

  /**
   * Adds the leaves of all routes that match the path, whatever their method, the most specific
   * first.
   */
  void collect(String path, int at, List<Leaf> found) {
    if (at == path.length()) {
      if (leaf != null) {
        found.add(leaf);
      }
      return;
    }
    int slash = path.indexOf('/', at + 1);
    int until = slash < 0 ? path.length() : slash;
    Node literal = literals.get(path.substring(at + 1, until));
    if (literal != null) {
      literal.collect(path, until, found);
    }
    for (Node next : paramNodes) {
      if (next.segment.matches(path, at + 1, until)) {
        next.collect(path, until, found);
      }
    }
    if (tail != null && (until > at + 1 || anyTail)) {
      found.add(tail);
    }
  }

  Segment segment() {
    return segment;
  }

  /** Every leaf from here on that a path of at least one more segment reaches. */
  List<Leaf> leavesBelow() {
    List<Leaf> all = new ArrayList<>();
    children().forEach(child -> child.addLeaves(all));
    if (tail != null) {
      all.add(tail);
    }
    return all;
  }

  private void addLeaves(List<Leaf> all) {
    if (leaf != null) {
      all.add(leaf);
    }
    all.addAll(leavesBelow());
  }

  List<Node> children() {
    List<Node> all = new ArrayList<>(literals.values());
    all.addAll(List.of(paramNodes));
    return all;
  }

  Map<String, Node> literals() {
    return literals;
  }

  Node[] paramNodes() {
    return paramNodes;
  }

  @Nullable Leaf leafHere() {
    return leaf;
  }

  @Nullable Leaf tailHere() {
    return tail;
  }
}
