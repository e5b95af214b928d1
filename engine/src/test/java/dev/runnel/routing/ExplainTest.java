package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Method;
import org.junit.jupiter.api.Test;

final class ExplainTest {
  private final Router router =
      Patterns.router(
          r ->
              r.use(next -> next)
                  .handle(Method.GET, "/users/{id:int}", Patterns.says(""))
                  .with(route -> route.named("user").produces("application/json"))
                  .handle(Method.POST, "/users", Patterns.says(""))
                  .handle(Method.GET, "/users/{name}", Patterns.says(""))
                  .host("a.example", h -> h.handle(Method.GET, "/host", Patterns.says("")))
                  .path("/api", g -> g.use(next -> next).fallback(q -> null)));

  @Test
  void namesTheRouteAndWhyNotTheOthers() {
    Explanation explanation = router.explain(Method.GET, "/users/7?x=1");

    assertThat(explanation.route()).isNotNull();
    assertThat(explanation.answer()).startsWith("GET /users/{id:int} (ExplainTest.java:");
    assertThat(explanation.params()).containsEntry("id", "7");
    assertThat(explanation.filters()).isEqualTo(1);
    assertThat(explanation.others().get(0).route().pattern()).isEqualTo("/users/{name}");
    assertThat(explanation.others().get(0).why()).contains("a more specific route");
    assertThat(explanation.toString())
        .startsWith("GET /users/7\n  -> GET /users/{id:int}")
        .contains("\n  id = 7")
        .containsPattern("not POST /users \\(.*\\): the path goes on with '/7'");
  }

  @Test
  void saysWhatTheRouterAnswers() {
    assertThat(router.explain(Method.GET, "/nosuch").answer()).isEqualTo("404");
    assertThat(router.explain(Method.DELETE, "/users").answer())
        .isEqualTo("405, Allow: POST, OPTIONS");
    assertThat(router.explain(Method.GET, "/%").answer()).startsWith("400: ");
    assertThat(router.explain(Method.OPTIONS, "*").answer()).isEqualTo("204 to OPTIONS *");
    assertThat(router.explain(Method.GET, "/api/x").answer()).isEqualTo("fallback /api/*");
    assertThat(router.explain(Method.GET, "/api/x").filters()).isEqualTo(2);
  }

  @Test
  void whyNot() {
    assertThat(whyNot("/users/x/", "/users/{name}"))
        .isEqualTo("the path has one more slash at its end");
    assertThat(whyNot("/users/x/y", "/users/{id:int}"))
        .isEqualTo("segment 2 is 'x', not of type int as '{id:int}' wants");
    assertThat(whyNot("/host", "/host")).isEqualTo("the host is ''");
    assertThat(whyNot("/users", "/users")).isEqualTo("the method is GET");
    assertThat(router.explain(Method.GET, "a.example:1", "/host").route()).isNotNull();
  }

  private String whyNot(String path, String pattern) {
    return router.explain(Method.GET, path).others().stream()
        .filter(miss -> miss.route().pattern().equals(pattern))
        .findFirst()
        .orElseThrow()
        .why();
  }

  @Test
  void listsRoutesAsDeclared() {
    assertThat(router.routes())
        .extracting(RouteInfo::pattern)
        .containsExactly("/users/{id:int}", "/users", "/users/{name}", "/host");
    RouteInfo first = router.routes().get(0);
    assertThat(first.name()).isEqualTo("user");
    assertThat(first.produces()).containsExactly("application/json");
    assertThat(first.declaredAt()).startsWith("ExplainTest.java:");
    assertThat(router.routes().get(3).host()).isEqualTo("a.example");
  }

  @Test
  void nearestComesFirst() {
    Explanation explanation = router.explain(Method.GET, "/usrs/7");

    assertThat(explanation.others().get(0).route().pattern()).isEqualTo("/users/{id:int}");
    assertThat(explanation.others().get(0).why()).isEqualTo("segment 1 is 'usrs', not 'users'");
  }
}
