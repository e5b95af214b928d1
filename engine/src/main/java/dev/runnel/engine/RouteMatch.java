package dev.runnel.engine;

import org.jspecify.annotations.Nullable;

/** What the router found for a call. */
public interface RouteMatch {
  /** The pattern of the route, as written, with the prefixes of its groups. */
  String pattern();

  /**
   * A path parameter, decoded; null when an optional one is absent or the pattern has none of this
   * name.
   */
  @Nullable String param(String name);
}
