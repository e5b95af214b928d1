package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes compiled: groups and mounts dissolved into entries, handlers composed, trees built. */
final class RouteTable {
  /** What a fallback answers: methods are compared by name, and no request spells this one. */
  static final Method ANY = Method.of("*");

  private final HostTrees trees = new HostTrees(false);
  private final HostTrees fallbacks = new HostTrees(true);
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Method, Entry> stars = new HashMap<>();
  private final Map<String, List<Entry>> names = new LinkedHashMap<>();
  private final Scope root;

  RouteTable(Routes routes) {
    root = new Scope(null, routes.root().filters());
    addMembers(routes.root(), root, PathPattern.ROOT, null);
    trees.freeze();
    fallbacks.freeze();
  }

  private void addGroup(Group group, Scope parent, PathPattern mount, @Nullable HostPattern host) {
    HostPattern own = group.host();
    if (own != null && host != null) {
      throw new RouteException(
          "routes of host '"
              + own.text()
              + "' are mounted within host '"
              + host.text()
              + "'; mount them outside of it");
    }
    addMembers(group, new Scope(parent, group.filters()), mount, own != null ? own : host);
  }

  private void addMembers(Group group, Scope scope, PathPattern mount, @Nullable HostPattern host) {
    if (group.fallback() != null) {
      addFallback(group, group.fallback(), scope, mount, host);
    }
    for (GroupMember member : group.members()) {
      if (member instanceof Route route) {
        addRoute(route, scope, mount, host);
      } else if (member instanceof Group inner) {
        addGroup(inner, scope, mount, host);
      } else if (member instanceof Group.Mount outer) {
        PathPattern prefix = mount.join(outer.prefix(), outer.declaredAt());
        addGroup(outer.routes().root(), scope, prefix, host);
      }
    }
  }

  private void addRoute(Route route, Scope scope, PathPattern mount, @Nullable HostPattern host) {
    if (route.path() == PathPattern.STAR) {
      addStar(new Entry(route, PathPattern.STAR, null, scope), mount, host);
      return;
    }
    Entry entry = new Entry(route, mount.join(route.path(), route.declaredAt()), host, scope);
    entries.add(entry);
    trees.insert(entry);
    String name = route.name();
    if (name != null) {
      addName(name, entry);
    }
  }

  private void addStar(Entry entry, PathPattern mount, @Nullable HostPattern host) {
    if (!mount.isRoot() || host != null) {
      throw new RouteException(
          "route "
              + entry
              + " is mounted below a prefix or host, where '*' has no meaning;"
              + " declare it outside");
    }
    Entry other = stars.put(entry.method(), entry);
    if (other != null) {
      throw new RouteException(
          "ambiguous routes: " + other + " and " + entry + " match the same requests; remove one");
    }
    entries.add(entry);
  }

  /** One route mounted twice may keep its name, as long as nobody asks for its URL by it. */
  private void addName(String name, Entry entry) {
    List<Entry> known = names.computeIfAbsent(name, key -> new ArrayList<>(1));
    for (Entry other : known) {
      if (other.route() != entry.route()) {
        throw new RouteException(
            "two routes are named '" + name + "': " + other + " and " + entry + "; rename one");
      }
    }
    known.add(entry);
  }

  private void addFallback(
      Group group,
      Group.Fallback fallback,
      Scope scope,
      PathPattern mount,
      @Nullable HostPattern host) {
    PathPattern prefix = mount.join(group.prefix(), fallback.declaredAt());
    List<Segment> segments = new ArrayList<>(prefix.isRoot() ? List.of() : prefix.segments());
    segments.add(new Segment(Segment.Kind.TAIL, "", "", "*", null, null, true));
    String text = (prefix.isRoot() ? "" : prefix.text()) + "/*";
    PathPattern pattern = new PathPattern(text, segments);
    Route route = new Route(ANY, pattern, host, fallback.handler(), fallback.declaredAt());
    fallbacks.insert(new Entry(route, pattern, host, scope));
  }

  /** The group around everything. */
  Scope root() {
    return root;
  }

  HostTrees trees() {
    return trees;
  }

  /** Who answers what no route matches, or null. */
  @Nullable Entry fallback(String host, String path) {
    Endpoint found = fallbacks.find(host, path, ANY);
    return found == null ? null : found.entries().get(0);
  }

  boolean hasHosts() {
    return trees.hasHosts() || fallbacks.hasHosts();
  }

  /** The route for the target {@code *} or, for CONNECT, an authority. */
  @Nullable Entry star(Method method) {
    return stars.get(method);
  }

  /** All routes in the order they were declared. */
  List<Entry> entries() {
    return entries;
  }

  List<Entry> named(String name) {
    return names.getOrDefault(name, List.of());
  }
}
