package dev.runnel.hub;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Hubs by name, such as the rooms of a chat. A hub is made when its name is first asked for, and
 * stays the same one as long as anybody holds it or is subscribed to it; then it is forgotten, with
 * its counters. Any thread.
 *
 * @param <T> messages
 */
public final class Hubs<T> {
  private final HubOptions<T> options;
  private final ConcurrentMap<String, Named<T>> hubs = new ConcurrentHashMap<>();
  private final Set<Object> anchors = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Hub<T>> forgotten = new ReferenceQueue<>();

  /** Hubs with the default options. */
  public Hubs() {
    this(HubOptions.defaults());
  }

  /** Hubs with these options. */
  public Hubs(HubOptions<T> options) {
    this.options = Objects.requireNonNull(options, "options");
  }

  /** The hub of that name, made if there is none. */
  public Hub<T> hub(String name) {
    sweep();
    Named<T> known = hubs.get(name);
    Hub<T> hub = known == null ? null : known.get();
    return hub != null ? hub : make(name);
  }

  private Hub<T> make(String name) {
    Hub<T> mine = new Hub<>(name, options, anchors);
    Named<T> fresh = new Named<>(name, mine, forgotten);
    while (true) {
      Named<T> kept = hubs.merge(name, fresh, (old, other) -> old.get() == null ? other : old);
      Hub<T> hub = kept == fresh ? mine : kept.get(); // another's may be gone again
      if (hub != null) {
        return hub;
      }
    }
  }

  /** The names of the hubs that somebody holds or is subscribed to, in alphabetical order. */
  public Set<String> names() {
    sweep();
    Set<String> names = new TreeSet<>();
    hubs.forEach(
        (name, named) -> {
          if (named.get() != null) {
            names.add(name);
          }
        });
    return names;
  }

  /** What is kept of the hub of that name; none if it was never made or is swept. For tests. */
  @Nullable Reference<Hub<T>> reference(String name) {
    return hubs.get(name);
  }

  /** How many names are kept. For tests. */
  int size() {
    return hubs.size();
  }

  private void sweep() {
    for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      Named<?> named = (Named<?>) gone;
      hubs.remove(named.name, named); // by identity: a newer one of that name stays
    }
  }

  private static final class Named<T> extends WeakReference<Hub<T>> {
    final String name;

    Named(String name, Hub<T> hub, ReferenceQueue<? super Hub<T>> queue) {
      super(hub, queue);
      this.name = name;
    }
  }
}
