package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Method;
import org.junit.jupiter.api.Test;

final class AutomaticAnswersTest {
  private final Router router =
      Patterns.router(
          r -> {
            r.route(Method.GET, "/a", Patterns.says("get"));
            r.route(Method.POST, "/a", Patterns.says("post"));
            r.route(Method.GET, "/u/{x}", Patterns.says("user"));
            r.route(Method.PUT, "/u/me", Patterns.says("me"));
            r.route(Method.of("PURGE"), "/u/me", Patterns.says("purge"));
          });

  @Test
  void headRunsGet() {
    assertThat(FakeExchange.of("HEAD", "/a").run(router).text()).isEqualTo("get");
  }

  @Test
  void explicitHeadGoesFirst() {
    Router explicit =
        Patterns.router(
            r ->
                r.handle(Method.GET, "/a", Patterns.says("get"))
                    .handle(Method.HEAD, "/a", Patterns.says("head")));

    assertThat(FakeExchange.of("HEAD", "/a").run(explicit).text()).isEqualTo("head");
    assertThat(FakeExchange.of("GET", "/a").run(explicit).text()).isEqualTo("get");
  }

  @Test
  void optionsNamesTheMethods() {
    FakeExchange exchange = FakeExchange.of("OPTIONS", "/a").run(router);

    assertThat(exchange.status()).isEqualTo(204);
    assertThat(exchange.header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
  }

  @Test
  void explicitOptionsReplacesTheAnswer() {
    Router explicit =
        Patterns.router(
            r ->
                r.handle(Method.GET, "/a", Patterns.says("get"))
                    .handle(Method.OPTIONS, "/{rest...}", Patterns.says("mine"))
                    .handle(Method.OPTIONS, "*", Patterns.says("star"))
                    .handle(Method.CONNECT, "*", Patterns.says("tunnel")));

    assertThat(FakeExchange.of("OPTIONS", "/a").run(explicit).text()).isEqualTo("mine");
    assertThat(FakeExchange.of("OPTIONS", "*").run(explicit).text()).isEqualTo("star");
    assertThat(FakeExchange.of("CONNECT", "db.example:5432").run(explicit).text())
        .isEqualTo("tunnel");
  }

  @Test
  void optionsStarNamesAllMethods() {
    FakeExchange exchange = FakeExchange.of("OPTIONS", "*").run(router);

    assertThat(exchange.status()).isEqualTo(204);
    assertThat(exchange.header("Allow")).isEqualTo("GET, HEAD, POST, PUT, OPTIONS, PURGE");
  }

  @Test
  void connectIsNotImplemented() {
    assertThat(FakeExchange.of("CONNECT", "db.example:5432").run(router).status()).isEqualTo(501);
    assertThat(FakeExchange.of("GET", "*").run(router).status()).isEqualTo(400);
  }

  @Test
  void extendedConnectHasAPath() {
    Router extended =
        Patterns.router(r -> r.handle(Method.CONNECT, "/chat/{room}", Patterns.says("chat")));

    assertThat(FakeExchange.of("CONNECT", "/chat/1").run(extended).text()).isEqualTo("chat");
  }

  @Test
  void otherMethodsAre405() {
    FakeExchange exchange = FakeExchange.of("DELETE", "/a").run(router);

    assertThat(exchange.status()).isEqualTo(405);
    assertThat(exchange.header("Allow")).isEqualTo("GET, HEAD, POST, OPTIONS");
    assertThat(exchange.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(exchange.text()).contains("DELETE is not allowed here");
  }

  @Test
  void theMethodCountsBeforeTheMoreSpecificPath() {
    assertThat(FakeExchange.of("GET", "/u/me").run(router).text()).isEqualTo("user");
    FakeExchange exchange = FakeExchange.of("POST", "/u/me").run(router);
    assertThat(exchange.status()).isEqualTo(405);
    assertThat(exchange.header("Allow")).isEqualTo("GET, HEAD, PUT, OPTIONS, PURGE");
  }

  @Test
  void methodsAreCaseSensitive() {
    assertThat(FakeExchange.of("get", "/a").run(router).status()).isEqualTo(405);
  }

  @Test
  void unknownPathsAre404() {
    FakeExchange exchange = FakeExchange.of("GET", "/nosuch").run(router);

    assertThat(exchange.status()).isEqualTo(404);
    assertThat(exchange.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(exchange.text()).doesNotContain("nosuch").doesNotContain("/a");
    assertThat(exchange.match).isNull();
  }

  @Test
  void devModeNamesTheNearestRoutes() {
    FakeExchange exchange = FakeExchange.of("GET", "/aa").inDevMode().run(router);

    assertThat(exchange.status()).isEqualTo(404);
    assertThat(exchange.text())
        .contains("no route matches GET /aa")
        .contains("\"nearest\":[\"GET /a (AutomaticAnswersTest.java:")
        .contains("segment 1 is 'aa', not 'a'");
  }

  @Test
  void fallbackAnswersUnknownPathsOnly() {
    Router falling =
        Patterns.router(
            r ->
                r.handle(Method.GET, "/a", Patterns.says("a"))
                    .handleFallback(Patterns.says("outer"))
                    .path(
                        "/api/{v}",
                        g ->
                            g.handleFallback(Patterns.says("inner"))
                                .handle(Method.GET, "/x", Patterns.says("x"))));

    assertThat(Patterns.matched(falling, "/")).isEqualTo("outer");
    assertThat(Patterns.matched(falling, "/nosuch")).isEqualTo("outer");
    assertThat(Patterns.matched(falling, "//")).isEqualTo("outer");
    assertThat(Patterns.matched(falling, "//a")).isEqualTo("outer");
    assertThat(Patterns.matched(falling, "/a/")).isEqualTo("outer");
    assertThat(Patterns.matched(falling, "/api")).isEqualTo("outer");
    assertThat(Patterns.matched(falling, "/api/1")).isEqualTo("inner");
    assertThat(Patterns.matched(falling, "/api/1/")).isEqualTo("inner");
    assertThat(Patterns.matched(falling, "/api/1//y/z")).isEqualTo("inner");
    assertThat(Patterns.matched(falling, "/api/1/x")).isEqualTo("x");
    assertThat(Patterns.params(falling, "/api/1/y", "v")).containsExactly("1");
    FakeExchange exchange = FakeExchange.of("DELETE", "/nosuch").run(falling);
    assertThat(exchange.text()).isEqualTo("outer");
    assertThat(exchange.request.routePattern()).isEqualTo("/*");
    assertThat(FakeExchange.of("POST", "/a").run(falling).status()).isEqualTo(405);
  }
}
