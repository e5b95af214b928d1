package dev.runnel.routing;

import dev.runnel.engine.Handler;
import java.util.function.Consumer;

/**
 * A group of routes as a value: written in a file of its own, tested without a socket, mounted
 * anywhere and any number of times. Immutable.
 */
public final class Routes {
  private final Group root;

  private Routes(Group root) {
    this.root = root;
  }

  /**
   * Builds the routes that the function declares.
   *
   * @throws RouteException if a pattern has a typo
   */
  public static Routes of(Consumer<RouteBuilder> declare) {
    return new Routes(GroupBuilder.build(PathPattern.ROOT, null, declare));
  }

  /**
   * A handler of these routes with default options, without listing, explaining or URLs.
   *
   * @throws RouteException as {@link Router#of(Routes)}
   */
  public Handler handler() {
    return Router.of(this);
  }

  Group root() {
    return root;
  }
}
