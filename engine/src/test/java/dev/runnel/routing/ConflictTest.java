package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConflictTest {
  @ParameterizedTest
  @CsvSource({
    "/a, /a",
    "/a/{x}, /a/{y}",
    "/a/{x:int}, /a/{y:int}",
    "/a/{x:[a-z]+}, /a/{y:[a-z]+}",
    "/a/{x...}, /a/{y...}",
    "/a, /a/{x?}",
    "/a/, /a/{x...?}",
    "'/', /{x?}",
    "/a/v{x}, /a/v{y}",
    "/a/{x:[a-z]+}, /a/{y:[a-f]+}",
    "/a/{x:[a-z]+}/b, /a/{y:[a-f]+}/b",
    "/a/{x:[a-z]+}/{z}, /a/{y:[a-f]+}/b",
    "/a/{x:[a-z]+}/b, /a/{y:[a-f]+}/{z...}",
    "/a/{x:[a-z]+}/{i:int}, /a/{y:[a-f]+}/{i:long}",
  })
  void twoRoutesForTheSameRequests(String one, String other) {
    assertThatThrownBy(() -> Patterns.router(one, other))
        .isInstanceOf(RouteException.class)
        .hasMessageStartingWith("ambiguous routes: ")
        .hasMessageContaining("GET " + one + " (Patterns.java:")
        .hasMessageContaining("GET " + other + " (Patterns.java:")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "/a, /a/",
    "/a/{x:int}, /a/{y:long}",
    "/a/{x:[a-z]+}, /a/{y:[0-9]+}",
    "/a/{x:[a-z]+}/b, /a/{y:[a-f]+}/c",
    "/a/{x:[a-z]+}/{i:int}, /a/{y:[a-f]+}/{w:alpha}",
    "/a/x{x:[a-z]+}, /a/y{y:[a-f]+}",
    "/a/{x:[a-z]+}, /a/{y}",
    "/a/{x...}, /a/{y?}",
    "/a/{x}/b/{y...}, /a/{x...}",
  })
  void thesePatternsDoNotCollide(String one, String other) {
    assertThatCode(() -> Patterns.router(one, other)).doesNotThrowAnyException();
  }

  @Test
  void orderTellsRegexesApart() {
    for (int wide : new int[] {1, -1}) {
      Router router =
          Patterns.router(
              r -> {
                r.route(Method.GET, "/{x:[a-z]+}", Patterns.says("wide")).order(wide);
                r.route(Method.GET, "/{x:[a-f]+}", Patterns.says("narrow"));
              });
      assertThat(Patterns.matched(router, "/abc")).isEqualTo(wide > 0 ? "narrow" : "wide");
      assertThat(Patterns.matched(router, "/xyz")).isEqualTo("wide");
    }
  }

  @Test
  void ordersMustNotContradict() {
    assertThatThrownBy(
            () ->
                Patterns.router(
                    r -> {
                      r.route(Method.GET, "/{x:[a-z]+}/a", Patterns.says("")).order(1);
                      r.route(Method.GET, "/{x:[a-f]+}/{y}", Patterns.says("")).order(2);
                      r.route(Method.GET, "/{x:[a-z]+}/{y}", Patterns.says("")).order(3);
                    }))
        .isInstanceOf(RouteException.class)
        .hasMessageStartingWith("contradicting order: ");
  }

  @Test
  void headAndGetBehindDifferentRegexes() {
    assertThatThrownBy(
            () ->
                Patterns.router(
                    r -> {
                      r.route(Method.GET, "/{x:[a-z]+}", Patterns.says(""));
                      r.route(Method.HEAD, "/{x:[a-f]+}", Patterns.says(""));
                    }))
        .isInstanceOf(RouteException.class)
        .hasMessageStartingWith("ambiguous routes: ");
  }

  @Test
  void methodsAndHostsTellRoutesApart() {
    assertThatCode(
            () ->
                Patterns.router(
                    r ->
                        r.get("/{x:[a-z]+}", q -> null)
                            .post("/{x:[a-f]+}", q -> null)
                            .host("a.example", h -> h.get("/{x:[a-f]+}", q -> null))))
        .doesNotThrowAnyException();
  }

  @Test
  void mountsCollideToo() {
    Routes part = Routes.of(r -> r.get("/x", q -> null));

    assertThatThrownBy(() -> Patterns.router(r -> r.mount("/a", part).mount("/a", part)))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("GET /a/x (ConflictTest.java:");
  }

  @Test
  void twoFallbacksInOnePlace() {
    assertThatThrownBy(() -> Patterns.router(r -> r.fallback(q -> null).fallback(q -> null)))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("two fallbacks in one group");
    assertThatThrownBy(
            () -> Patterns.router(r -> r.fallback(q -> null).path("/", g -> g.fallback(q -> null))))
        .isInstanceOf(RouteException.class)
        .hasMessageStartingWith("ambiguous");
  }

  @Test
  void namesAreUnique() {
    assertThatThrownBy(
            () ->
                Patterns.router(
                    r ->
                        r.get("/a", q -> null)
                            .with(route -> route.named("n"))
                            .get("/b", q -> null)
                            .with(route -> route.named("n"))))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("two routes are named 'n'");
  }

  @Test
  void starsAndHostsInTheWrongPlace() {
    assertThatThrownBy(() -> Patterns.router("*"))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("for any path write '/{rest...}'");
    assertThatThrownBy(() -> Patterns.router(r -> r.host("a.b", h -> h.host("c.d", deeper -> {}))))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("stands within host 'a.b'");
    for (String host : new String[] {"", "a.b:80", "*", "a.*.b", ".a", "{x}y.z", "{}.a", "h/x"}) {
      assertThatThrownBy(() -> Patterns.router(r -> r.host(host, h -> {})))
          .isInstanceOf(RouteException.class)
          .hasMessageContaining("must be like 'api.example'");
    }
  }
}
