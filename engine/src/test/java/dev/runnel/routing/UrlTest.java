package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Method;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UrlTest {
  private static Route route(String pattern) {
    AtomicReference<Route> made = new AtomicReference<>();
    Routes.of(r -> made.set(r.route(Method.GET, pattern, Patterns.says(""))));
    return made.get();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/              |                | /",
        "/a             |                | /a",
        "/caf\u00e9 x/  |                | /caf%C3%A9%20x/",
        "/a/{x}         | b              | /a/b",
        "/a/{x}         | \u00e9 %?#+;   | /a/%C3%A9%20%25%3F%23+;",
        "/a/{n:int}     | -7             | /a/-7",
        "/{x}.json      | a.b            | /a.b.json",
        "/f/{r...}      | a b/c//        | /f/a%20b/c//",
        "/f/{r...?}     | ''             | /f/",
        "/a/{x?}        |                | /a",
        "/{x?}          |                | /",
        "/f/{r...?}     |                | /f",
        "/a/{x}         | \uD83D\uDE00   | /a/%F0%9F%98%80",
      })
  void expands(String pattern, String arg, String expected) {
    assertThat(arg == null ? route(pattern).url() : route(pattern).url(arg)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/{x}       |      | parameter 'x' of pattern '/a/{x}' is missing",
        "/a/{x}       | ''   | parameter 'x' of pattern '/a/{x}' must not be '': it is empty",
        "/a/{x}       | b/c  | a segment cannot have a slash",
        "/a/{x}       | ..   | clients resolve the segments",
        "/a/.{x}      | .    | clients resolve the segments",
        "/f/{r...}    | a/../b | clients resolve the segments",
        "/f/{r...}    | /a   | a tail does not begin with a slash",
        "/a/{n:int}   | x    | the pattern wants '{n:int}'",
        "/a/{s:[a-z]} | A    | the pattern wants '{s:[a-z]}'",
        "/a           | x    | has 0 parameters, but there are 1 arguments",
      })
  void refusesWhatDoesNotFit(String pattern, String arg, String message) {
    Route route = route(pattern);

    assertThatThrownBy(() -> expand(route, arg))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static String expand(Route route, String arg) {
    return arg == null ? route.url() : route.url(arg);
  }

  @Test
  void byName() {
    Route route = route("/a/{x}/b/{n:int}");

    assertThat(route.url(Map.of("n", 7, "x", "y"))).isEqualTo("/a/y/b/7");
    assertThat(route.url("y", 7)).isEqualTo("/a/y/b/7");
    assertThatThrownBy(() -> route.url(Map.of("n", 7, "x", "y", "z", 1)))
        .hasMessageContaining("has no parameter 'z'");
  }

  @Test
  void routersKnowMounts() {
    AtomicReference<Route> made = new AtomicReference<>();
    Routes part =
        Routes.of(
            r ->
                r.path(
                    "/p",
                    g -> made.set(g.route(Method.GET, "/{x}", Patterns.says("")).named("it"))));
    Router once = Patterns.router(r -> r.mount("/{v}", part));
    Router twice = Patterns.router(r -> r.mount("/a", part).mount("/b", part));

    assertThat(made.get().url("1")).isEqualTo("/p/1");
    assertThat(once.url("it", "v1", 1)).isEqualTo("/v1/p/1");
    assertThat(once.url("it", Map.of("v", "v1", "x", 1))).isEqualTo("/v1/p/1");
    assertThat(once.url(made.get(), "v1", 1)).isEqualTo("/v1/p/1");
    assertThatThrownBy(() -> twice.url("it", 1)).hasMessageContaining("is mounted 2 times");
    assertThatThrownBy(() -> once.url("nosuch")).hasMessageContaining("no route named 'nosuch'");
  }

  @Test
  void whatComesOutIsMatched() {
    Random random = new Random(3);
    Router router = Patterns.router("/a/{x}", "/f/{r...}");
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(5); j >= 0; j--) {
        text.appendCodePoint(codePoint(random));
      }
      String value = text.toString();
      if (value.replace(".", "").isEmpty()) {
        continue;
      }
      assertThat(Patterns.params(router, route("/a/{x}").url(value), "x"))
          .isEqualTo(List.of(value));
      assertThat(Patterns.params(router, route("/f/{r...}").url(value + "/" + value), "r"))
          .isEqualTo(List.of(value + "/" + value));
    }
  }

  private static int codePoint(Random random) {
    int[] limits = {0x7F, 0x7FF, 0xD7FF, 0x10FFFF};
    int codePoint = 1 + random.nextInt(limits[random.nextInt(limits.length)]);
    boolean bad =
        codePoint == '/' || codePoint == 0xFFFF || (codePoint >= 0xD800 && codePoint <= 0xDFFF);
    return bad ? '%' : codePoint;
  }

  @Test
  void settingsEndWithTheBuild() {
    Route route = route("/a");

    assertThatThrownBy(() -> route.named("late")).isInstanceOf(IllegalStateException.class);
  }
}
