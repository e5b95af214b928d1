package dev.runnel.routing;

import dev.runnel.engine.Handler;
import dev.runnel.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Short ways for tests to make routes and ask them. */
final class Patterns {
  private Patterns() {}

  /** Answers with a text, on the loop. */
  static Handler says(String text) {
    return exchange -> exchange.respond(Response.ok(text));
  }

  static Router router(Consumer<RouteBuilder> declare) {
    return Router.of(Routes.of(declare));
  }

  /** A GET route for each pattern, which answers with the pattern. */
  static Router router(String... patterns) {
    return router(
        r -> {
          for (String pattern : patterns) {
            r.route(dev.runnel.http.Method.GET, pattern, says(pattern));
          }
        });
  }

  /** The pattern that answers GET, or null for anything but 200. */
  static @Nullable String matched(Router router, String path) {
    FakeExchange exchange = FakeExchange.of("GET", path).run(router);
    return exchange.status() == 200 ? exchange.text() : null;
  }

  /** The values of these parameters. */
  static List<@Nullable String> params(Router router, String path, String... names) {
    FakeExchange exchange = FakeExchange.of("GET", path).run(router);
    List<@Nullable String> values = new ArrayList<>();
    for (String name : names) {
      values.add(exchange.request.pathOrNull(name));
    }
    return values;
  }
}
