package dev.runnel.routing;

/** What becomes of a path that matches a route only with its last slash added or taken away. */
public enum TrailingSlash {
  /** It is another path: 404 unless a route says so. One resource has one URL. */
  STRICT,
  /** The route answers as if asked by its own path. */
  IGNORE,
  /**
   * 308 to the route's own path, query included; OPTIONS is answered, as browsers do not follow a
   * preflight.
   */
  REDIRECT
}
