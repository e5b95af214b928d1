package dev.runnel.routing;

import dev.runnel.http.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route as listings show it.
 *
 * @param method the method it was declared for
 * @param host the host pattern of its group, or null when it answers for every host
 * @param pattern the whole pattern, with the prefixes of its groups and mounts
 * @param produces the media types it declares to send; empty when it declares none
 * @param consumes the media types or ranges it declares to take; empty when it declares none
 * @param name its name, or null
 * @param filters how many filters stand in front of its handler
 * @param declaredAt file and line of its declaration
 */
public record RouteInfo(
    Method method,
    @Nullable String host,
    String pattern,
    List<String> produces,
    List<String> consumes,
    @Nullable String name,
    int filters,
    String declaredAt) {
  public RouteInfo {
    produces = List.copyOf(produces);
    consumes = List.copyOf(consumes);
  }

  /** As {@code GET api.example/users/{id} (UserRoutes.java:12)}. */
  @Override
  public String toString() {
    return method + " " + (host == null ? "" : host) + pattern + " (" + declaredAt + ")";
  }
}
