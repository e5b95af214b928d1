package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Filter;
import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FilterTest {
  private final List<String> trace = new ArrayList<>();
  private int applied;
  private Router router = Patterns.router();

  private Filter filter(String name) {
    return next -> {
      applied++;
      return exchange -> {
        trace.add(name);
        next.handle(exchange);
      };
    };
  }

  @BeforeEach
  void build() {
    Routes mounted =
        Routes.of(
            r ->
                r.handle(Method.GET, "/x", Patterns.says("x"))
                    .use(filter("mounted"))
                    .handleFallback(Patterns.says("fallback")));
    router =
        Router.of(
            Routes.of(
                r ->
                    r.handle(Method.GET, "/first", Patterns.says("first"))
                        .use(filter("root1"))
                        .path(
                            "/g",
                            g -> {
                              g.handle(Method.GET, "/x", Patterns.says("x"));
                              g.use(filter("group1"), filter("group2"));
                              g.path("/", i -> i.use(filter("put")).put("/x", q -> null));
                              g.route(Method.GET, "/json", Patterns.says("json"))
                                  .produces("application/json")
                                  .consumes("application/json");
                            })
                        .mount("/m", mounted)
                        .use(filter("root2"))),
            RouterOptions.DEFAULT.withTrailingSlash(TrailingSlash.REDIRECT));
    trace.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "GET,     /first,   '',     200, root1 root2",
    "GET,     /nosuch,  '',     404, root1 root2",
    "POST,    /first,   '',     405, root1 root2",
    "OPTIONS, *,        '',     204, root1 root2",
    "GET,     /..,      '',     400, root1 root2",
    "CONNECT, a:1,      '',     501, root1 root2",
    "GET,     /g/x,     '',     200, root1 root2 group1 group2",
    "GET,     /g/x/,    '',     308, root1 root2 group1 group2",
    "POST,    /g/x,     '',     405, root1 root2 group1 group2",
    "OPTIONS, /g/x,     '',     204, root1 root2 group1 group2",
    "OPTIONS, /g/x,     PUT,    204, root1 root2 group1 group2 put",
    "OPTIONS, /g/x,     GET,    204, root1 root2 group1 group2",
    "OPTIONS, /g/x,     DELETE, 204, root1 root2 group1 group2",
    "OPTIONS, /g/x,     'a b',  204, root1 root2 group1 group2",
    "OPTIONS, /g/x/,    PUT,    204, root1 root2 group1 group2 put",
    "GET,     /g/json,  xml,    406, root1 root2 group1 group2",
    "GET,     /g/no,    '',     404, root1 root2",
    "GET,     /m/x,     '',     200, root1 root2 mounted",
    "GET,     /m/no,    '',     200, root1 root2 mounted",
    "DELETE,  /m/x,     '',     405, root1 root2 mounted",
  })
  void run(String method, String path, String asked, int status, String filters) {
    FakeExchange exchange =
        asked.equals("xml")
            ? FakeExchange.of(method, path, "Accept", "application/xml")
            : asked.isEmpty()
                ? FakeExchange.of(method, path)
                : FakeExchange.of(method, path, "Access-Control-Request-Method", asked);

    exchange.run(router);

    assertThat(exchange.status()).isEqualTo(status);
    assertThat(String.join(" ", trace)).isEqualTo(filters);
  }

  @Test
  void unsupportedMediaTypesSeeTheFiltersOfTheGroup() {
    FakeExchange exchange = FakeExchange.of("GET", "/g/json", "Content-Type", "text/xml");

    assertThat(exchange.run(router).status()).isEqualTo(415);
    assertThat(trace).containsExactly("root1", "root2", "group1", "group2");
  }

  @Test
  void areComposedOnce() {
    int before = applied;
    for (int i = 0; i < 10; i++) {
      FakeExchange.of("GET", "/g/x").run(router);
      FakeExchange.of("POST", "/g/x").run(router);
      FakeExchange.of("GET", "/nosuch").run(router);
    }
    assertThat(applied).isEqualTo(before);
  }

  @Test
  void knowTheRoute() {
    List<String> seen = new ArrayList<>();
    Filter looks =
        next ->
            exchange -> {
              seen.add(exchange.request().routePattern() + " " + exchange.request().path("x"));
              next.handle(exchange);
            };
    Router looking =
        Patterns.router(r -> r.use(looks).handle(Method.GET, "/a/{x}", Patterns.says("")));

    FakeExchange.of("GET", "/a/1").run(looking);

    assertThat(seen).containsExactly("/a/{x} 1");
  }

  @Test
  void mayAnswerInsteadOfTheRouter() {
    Filter cors =
        next ->
            exchange -> {
              exchange.onHead(
                  head ->
                      head.withHeaders(head.headers().with("Access-Control-Allow-Origin", "*")));
              next.handle(exchange);
            };
    Router router =
        Patterns.router(
            r -> r.path("/api", g -> g.use(cors).handle(Method.PUT, "/x", Patterns.says(""))));

    FakeExchange preflight =
        FakeExchange.of("OPTIONS", "/api/x", "Access-Control-Request-Method", "PUT").run(router);

    assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(preflight.header("Allow")).isEqualTo("PUT, OPTIONS");
  }
}
