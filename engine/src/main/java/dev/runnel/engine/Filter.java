package dev.runnel.engine;

/** Wraps a handler. Applied once, when the routes are built; a request only runs what came out. */
@FunctionalInterface
public interface Filter {
  /** The handler that stands in front of the next one. */
  Handler apply(Handler next);
}
