package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a path: an endpoint for each method. */
final class Leaf {
  private final List<Endpoint> endpoints = new ArrayList<>(1);

  void add(Entry entry) {
    Endpoint known = exactly(entry.method());
    if (known != null) {
      known.add(entry);
    } else {
      endpoints.add(new Endpoint(entry));
    }
  }

  /** The endpoint that answers the method; GET answers HEAD where there is no route for it. */
  @Nullable Endpoint endpoint(Method method) {
    Endpoint found = exactly(method);
    return found == null && method.equals(Method.HEAD) ? exactly(Method.GET) : found;
  }

  private @Nullable Endpoint exactly(Method method) {
    for (int i = 0; i < endpoints.size(); i++) {
      if (endpoints.get(i).method().equals(method)) {
        return endpoints.get(i);
      }
    }
    return null;
  }

  List<Endpoint> endpoints() {
    return endpoints;
  }
}
