package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The most specific route answers, in whatever order they were declared. */
final class PrecedenceTest {
  private static final String[] TABLE = {
    "/u/me",
    "/u/{n:int}",
    "/u/{n:long}",
    "/u/{w:alpha}",
    "/u/{w:alnum}",
    "/u/{s:[a-z.0-9-]+}",
    "/u/v{x}.json",
    "/u/{x}.json",
    "/u/v{x}",
    "/u/{x}",
    "/u/{x}/edit",
    "/u/me/{y}",
    "/u/{rest...}",
    "/{rest...}",
    "/u/{n:int}/{y}/z",
  };

  @ParameterizedTest
  @CsvSource({
    "/u/me, /u/me",
    "/u/7, /u/{n:int}",
    "/u/3000000000, /u/{n:long}",
    "/u/joe, /u/{w:alpha}",
    "/u/joe7, /u/{w:alnum}",
    "/u/a-b, /u/{s:[a-z.0-9-]+}",
    "/u/A-b, /u/{x}",
    "/u/vA-.json, /u/v{x}.json",
    "/u/A-.json, /u/{x}.json",
    "/u/vA-, /u/v{x}",
    "/u/me/edit, /u/me/{y}",
    "/u/7/edit, /u/{x}/edit",
    "/u/7/a/z, /u/{n:int}/{y}/z",
    "/u/7/a/y, /u/{rest...}",
    "/u/me/a/b, /u/{rest...}",
    "/x, /{rest...}",
    "/u/, /{rest...}",
  })
  void mostSpecificAnswers(String path, String pattern) {
    Random random = new Random(7);
    List<String> patterns = new ArrayList<>(Arrays.asList(TABLE));
    for (int i = 0; i < 50; i++) {
      Collections.shuffle(patterns, random);

      assertThat(Patterns.matched(router(patterns), path)).isEqualTo(pattern);
    }
  }

  private static Router router(List<String> patterns) {
    return Patterns.router(patterns.toArray(String[]::new));
  }

  private static final String[] SEGMENTS = {
    "a",
    "b",
    "1",
    "{p%d}",
    "{p%d:int}",
    "{p%d:alpha}",
    "{p%d:[ab1]+}",
    "{p%d:[a2-]+}",
    "a{p%d}",
    "{p%d}a",
  };
  private static final String[] ENDS = {"", "/", "/{r...}", "/{o?}", "/{o?:int}", "/{r...?}"};
  private static final String[] TEXTS = {"a", "b", "1", "ab", "ba", "a1a", "22", "", "-"};

  private record Declared(String method, String pattern) {}

  @Test
  void agreesWithTheNaiveReference() {
    Random random = new Random(1);
    int answered = 0;
    for (int round = 0; round < 600; round++) {
      List<Declared> routes = distinctRoutes(random);
      Router router = compile(routes);
      for (int i = 0; i < 30; i++) {
        String method = random.nextInt(3) == 0 ? "POST" : "GET";
        String path = path(random);
        Declared expected = reference(routes, method, path);
        FakeExchange exchange = FakeExchange.of(method, path).run(router);
        String actual = exchange.status() == 200 ? exchange.text() : null;
        assertThat(actual)
            .as("%s %s among %s", method, path, routes)
            .isEqualTo(expected == null ? null : expected.method() + expected.pattern());
        answered += expected == null ? 0 : 1;
      }
    }
    assertThat(answered).isGreaterThan(2_000);
  }

  private static Router compile(List<Declared> routes) {
    return Patterns.router(
        r -> {
          for (Declared route : routes) {
            String name = route.method() + route.pattern();
            r.route(Method.of(route.method()), route.pattern(), Patterns.says(name));
          }
        });
  }

  /**
   * Routes that are not ambiguous: those the router refuses beside the ones before are left out.
   */
  private static List<Declared> distinctRoutes(Random random) {
    List<Declared> routes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Declared next = new Declared(random.nextInt(3) == 0 ? "POST" : "GET", pattern(random));
      routes.add(next);
      try {
        compile(routes);
      } catch (RouteException e) {
        routes.remove(next);
      }
    }
    return routes;
  }

  private static String pattern(Random random) {
    StringBuilder out = new StringBuilder();
    int length = random.nextInt(4);
    for (int i = 0; i < length; i++) {
      out.append('/').append(String.format(pick(random, SEGMENTS), i));
    }
    out.append(random.nextInt(3) == 0 ? pick(random, ENDS) : "");
    return out.isEmpty() ? "/" : out.toString();
  }

  private static String path(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      out.append('/').append(pick(random, TEXTS));
    }
    return out.toString();
  }

  private static String pick(Random random, String[] from) {
    return from[random.nextInt(from.length)];
  }

  /** All that match, compared segment by segment. */
  private static @Nullable Declared reference(List<Declared> routes, String method, String path) {
    Declared best = null;
    for (Declared route : routes) {
      boolean fits = route.method().equals(method) && parse(route).mismatch(path) == null;
      if (fits && (best == null || compare(parse(route), parse(best), path) < 0)) {
        best = route;
      }
    }
    return best;
  }

  private static PathPattern parse(Declared route) {
    return PatternParser.parse(route.pattern(), "here");
  }

  private static int compare(PathPattern one, PathPattern other, String path) {
    int parts = path.split("/", -1).length - 1;
    for (int i = 0; i < parts; i++) {
      int difference = Arrays.compare(rank(one, i), rank(other, i));
      if (difference != 0) {
        return difference;
      }
    }
    throw new AssertionError(one + " and " + other + " are equally specific for " + path);
  }

  private static final List<String> ORDER =
      List.of(
          "LITERAL", "TYPED", "int", "long", "uuid", "alpha", "alnum", "REGEX", "PLAIN", "TAIL");

  /** What the javadoc of RouteBuilder says, as numbers: the lower, the more specific. */
  private static int[] rank(PathPattern pattern, int place) {
    if (place >= pattern.segments().size()) {
      return new int[] {0}; // behind a tail, or an empty segment that an optional one leaves
    }
    Segment segment = pattern.segments().get(place);
    int kind = ORDER.indexOf(segment.kind().name());
    int type = segment.type() == null ? 0 : ORDER.indexOf(segment.type().label());
    return new int[] {kind, -segment.textAround(), -segment.prefix().length(), type};
  }
}
