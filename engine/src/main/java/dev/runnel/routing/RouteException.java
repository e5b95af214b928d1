package dev.runnel.routing;

/**
 * Routes that cannot be served: a pattern with a typo, two routes for the same requests. Thrown
 * while routes are declared or compiled, never while a request is routed. The message is one line:
 * what, where, and how to mend it.
 */
public final class RouteException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  RouteException(String message) {
    super(message);
  }
}
