package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tree for each host pattern, and one for every host. The name goes before the wildcard, that
 * before every host.
 */
final class HostTrees {
  private final boolean anyTail;
  private final Node everyHost;
  private final Map<String, Node> names = new HashMap<>();
  private final Map<String, Node> wildcards = new HashMap<>();

  HostTrees(boolean anyTail) {
    this.anyTail = anyTail;
    this.everyHost = Node.root(anyTail);
  }

  void insert(Entry entry) {
    tree(entry.host()).insert(entry);
  }

  private Node tree(@Nullable HostPattern host) {
    if (host == null) {
      return everyHost;
    }
    return (host.wildcard() ? wildcards : names)
        .computeIfAbsent(host.key(), key -> Node.root(anyTail));
  }

  /** Makes the trees ready to be searched. */
  void freeze() {
    Conflicts conflicts = new Conflicts();
    List<Node> all = new ArrayList<>(names.values());
    all.addAll(wildcards.values());
    all.add(everyHost);
    for (Node tree : all) {
      tree.freeze();
      conflicts.check(tree);
    }
  }

  boolean hasHosts() {
    return !names.isEmpty() || !wildcards.isEmpty();
  }

  /** The endpoint of the most specific route, or null. */
  @Nullable Endpoint find(String host, String path, Method method) {
    if (hasHosts()) {
      Endpoint found = findIn(named(host), path, method);
      found = found != null ? found : findIn(wildcard(host), path, method);
      if (found != null) {
        return found;
      }
    }
    return everyHost.find(path, 0, method);
  }

  private static @Nullable Endpoint findIn(@Nullable Node tree, String path, Method method) {
    return tree == null ? null : tree.find(path, 0, method);
  }

  private @Nullable Node named(String host) {
    return names.get(host);
  }

  private @Nullable Node wildcard(String host) {
    int dot = host.indexOf('.');
    return dot <= 0 ? null : wildcards.get(host.substring(dot));
  }

  /** The leaves of all routes that match host and path, whatever their method. */
  List<Leaf> collect(String host, String path) {
    List<Leaf> found = new ArrayList<>();
    for (Node tree : new @Nullable Node[] {named(host), wildcard(host), everyHost}) {
      if (tree != null) {
        tree.collect(path, 0, found);
      }
    }
    return found;
  }
}
