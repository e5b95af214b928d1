package dev.runnel.routing;

import dev.runnel.http.MediaType;
import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All routes of one method in one place of the tree; more than one only if their media types tell
 * them apart.
 */
final class Endpoint {
  private final Method method;
  private final List<Entry> entries = new ArrayList<>(1);
  private Scope scope;

  Endpoint(Entry first) {
    this.method = first.method();
    this.scope = first.scope();
    entries.add(first);
  }

  void add(Entry entry) {
    for (Entry other : entries) {
      if (Negotiation.ambiguous(entry.route(), other.route())) {
        throw new RouteException(
            "ambiguous routes: "
                + other
                + " and "
                + entry
                + " match the same requests; remove one,"
                + " or let them differ in produces or consumes");
      }
    }
    entries.add(entry);
    scope = Scope.common(scope, entry.scope());
  }

  Method method() {
    return method;
  }

  List<Entry> entries() {
    return entries;
  }

  /** The one route, if it answers whatever the header fields say. */
  @Nullable Entry only() {
    Entry first = entries.get(0);
    boolean plain = first.route().produced().isEmpty() && first.route().consumed().isEmpty();
    return plain && entries.size() == 1 ? first : null;
  }

  /** Whether the Accept field has a choice here, so that caches must tell answers apart by it. */
  boolean variesByAccept() {
    List<MediaType> first = entries.get(0).route().produced();
    return first.size() > 1
        || entries.stream().anyMatch(entry -> !entry.route().produced().equals(first));
  }

  /** The innermost group around all its routes. */
  Scope scope() {
    return scope;
  }
}
