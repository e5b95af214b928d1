package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/                    | /                  | yes",
        "/                    | /a                 | no",
        "/a/b                 | /a/b               | yes",
        "/a/b                 | /a/b/              | no",
        "/a/b                 | /A/b               | no",
        "/a/b/                | /a/b/              | yes",
        "/a/b/                | /a/b               | no",
        "/{x}                 | /                  | no",
        "/a/{x}               | /a/1               | yes",
        "/a/{x}               | /a/                | no",
        "/a/{x}/b             | /a//b              | no",
        "/a/{x}               | /a/1/2             | no",
        "/{n:int}             | /0                 | yes",
        "/{n:int}             | /-7                | yes",
        "/{n:int}             | /-                 | no",
        "/{n:int}             | /+7                | no",
        "/{n:int}             | /2147483647        | yes",
        "/{n:int}             | /2147483648        | no",
        "/{n:int}             | /-2147483648       | yes",
        "/{n:int}             | /-2147483649       | no",
        "/{n:int}             | /1x                | no",
        "/{n:int}             | /%D9%A1            | no",
        "/{n:long}            | /9223372036854775807  | yes",
        "/{n:long}            | /9223372036854775808  | no",
        "/{n:long}            | /-9223372036854775808 | yes",
        "/{n:long}            | /-9223372036854775809 | no",
        "/{n:long}            | /99999999999999999999 | no",
        "/{u:uuid}            | /123e4567-e89b-12d3-a456-426614174000 | yes",
        "/{u:uuid}            | /123E4567-E89B-12D3-A456-426614174000 | yes",
        "/{u:uuid}            | /123e4567-e89b-12d3-a456-42661417400g | no",
        "/{u:uuid}            | /123e4567ae89b-12d3-a456-426614174000 | no",
        "/{u:uuid}            | /123e4567-e89b-12d3-a456-42661417400  | no",
        "/{w:alpha}           | /Abc               | yes",
        "/{w:alpha}           | /ab1               | no",
        "/{w:alpha}           | /a[                | no",
        "/{w:alnum}           | /ab1               | yes",
        "/{w:alnum}           | /ab-1              | no",
        "/{s:[a-z-]+}         | /a-b               | yes",
        "/{s:[a-z-]+}         | /a_b               | no",
        "/{s:[a-z]{2,3}}      | /abc               | yes",
        "/{s:[a-z]{2,3}}      | /abcd              | no",
        "/{s:a*}              | /                  | no",
        "/{name}.json         | /x.json            | yes",
        "/{name}.json         | /.json             | no",
        "/{name}.json         | /x.jsn             | no",
        "/v{n:int}/x          | /v12/x             | yes",
        "/v{n:int}/x          | /12/x              | no",
        "/@{user}             | /@me               | yes",
        "/ab{x}ba             | /aba               | no",
        "/a/{id?}             | /a                 | yes",
        "/a/{id?}             | /a/1               | yes",
        "/a/{id?}             | /a/                | no",
        "/{id?}               | /                  | yes",
        "/a/{id?:int}         | /a                 | yes",
        "/a/{id?:int}         | /a/x               | no",
        "/a/{s?:[x-z]+}       | /a/xyz             | yes",
        "/f/{r...}            | /f                 | no",
        "/f/{r...}            | /f/                | no",
        "/f/{r...}            | /f/a               | yes",
        "/f/{r...}            | /f/a/b//c/         | yes",
        "/f/{r...}            | /f//etc/passwd     | no",
        "/f/{r...?}           | /f                 | yes",
        "/f/{r...?}           | /f/                | yes",
        "/f/{r...?}           | /f//x              | no",
        "/f/{r...?}           | /g                 | no",
        "/{r...}              | /a/b               | yes",
        "/{r...?}             | /                  | yes",
        "/caf\u00e9           | /caf%C3%A9         | yes",
        "/a b                 | /a%20b             | yes",
        "/a                   | /%61               | yes",
        "/~x                  | /%7Ex              | yes",
        "/a+b                 | /a+b               | yes",
        "/a b                 | /a+b               | no",
      })
  void matches(String pattern, String path, String expected) {
    Router router = Patterns.router(pattern);
    boolean matches = expected.equals("yes");

    assertThat(Patterns.matched(router, path) != null).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a/{x}          | /a/1           | x | 1",
        "/a/{x}/{y}      | /a/1/2         | y | 2",
        "/a/{x}          | /a/%C3%A9%20b  | x | \u00e9 b",
        "/a/{x}          | /a/1%2B1       | x | 1+1",
        "/a/{x}          | /a/1+1         | x | 1+1",
        "/a/{x}          | /a/%252F       | x | %2F",
        "/a/{x}          | /a/%F0%9F%98%80 | x | \uD83D\uDE00",
        "/{name}.json    | /a.b.json      | name | a.b",
        "/v{n:int}-x/{y} | /v3-x/4        | n | 3",
        "/f/{r...}       | /f/a/b%20c//   | r | a/b c//",
        "/f/{r...?}      | /f/            | r | ''",
        "/f/{r...?}      | /f             | r |",
        "/a/{id?}        | /a             | id |",
        "/{id?}          | /              | id |",
        "/a/{x}          | /a/1           | nosuch |",
      })
  void givesParameters(String pattern, String path, String name, String expected) {
    Router router = Patterns.router(pattern);

    assertThat(Patterns.params(router, path, name)).containsExactly(expected);
    assertThat(Patterns.matched(router, path)).isEqualTo(pattern);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "users            | must begin with a slash; write '/users'",
        "``               | must begin with a slash; write '/'",
        "/a//b            | has an empty segment; remove the double slash",
        "//               | has an empty segment; remove the double slash",
        "/a/{id           | has a '{' without its '}' at index 3",
        "/a/id}           | has a '}' without its '{'",
        "/a/{s:[a-z}      | has a '{' without its '}' at index 3",
        "/a/{}            | without a proper name",
        "/a/{1x}          | without a proper name",
        "/a/{x y}         | without a proper name",
        "/a/{x}/{x}       | has two parameters named 'x'; rename one",
        "/a/{x}-{y}       | has two parameters in the segment '{x}-{y}'; use one with a regex",
        "/a/{x...}/b      | goes on behind the tail '{x...}'; a tail must be last",
        "/a/p{x...}       | has a malformed tail",
        "/a/{x..}         | without a proper name",
        "/a/{...x}        | has a malformed tail",
        "/a/{id?}/b       | goes on behind the optional '{id?}'; that must be last",
        "/a/p{id?}        | has text around the optional '{id?}'; it must fill its segment",
        "/a/{id:integer}  | has the unknown type 'integer'; types are int, long, uuid",
        "/a/{id:int?}     | has 'int?'; optional is written '{id?:int}'",
        "/a/{x:[a-z}      | has a '{' without its '}'",
        "/a/{x:(a}        | has the regex '(a': '(' without its ')'",
        "/a/{x:^a$}       | is not needed: the regex covers the whole segment",
        "/a/{x:a/b}       | has the regex 'a/b': '/' never occurs within a segment",
        "/a%20b           | has a '%'; patterns are compared decoded, so write the",
        "/a?b=c           | has a '?'; a query is no part of a pattern",
        "/a#b             | has a '#', which no request can ask for",
        "/a/*             | has a '*'; any one segment is '{name}', the whole rest '{rest...}'",
        "/a/:id           | has the segment ':id'; a parameter is written '{id}'",
        "/a/../b          | has the segment '..', which no request can ask for; remove it",
        "/a/./b           | has the segment '.', which no request can ask for; remove it",
        "/a[b             | has the reserved character '['; remove it",
      })
  void refusesTypos(String pattern, String message) {
    assertThatThrownBy(() -> Patterns.router(pattern))
        .isInstanceOf(RouteException.class)
        .hasMessageStartingWith("pattern '" + pattern + "' (Patterns.java:")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void refusesPrefixesThatAreNone() {
    assertThatThrownBy(() -> Patterns.router(r -> r.path("/a/", g -> {})))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("is a prefix and must not end with a slash");
    assertThatThrownBy(() -> Patterns.router(r -> r.path("/{x...}", g -> {})))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("is a prefix and cannot have '{x...}'");
    assertThatThrownBy(() -> Patterns.router(r -> r.path("/{x}", g -> g.get("/{x}", q -> null))))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("pattern '/{x}/{x}'")
        .hasMessageContaining("has two parameters named 'x'");
  }

  @Test
  void saysWhereThePatternStands() {
    assertThatThrownBy(() -> Routes.of(r -> r.get("x", q -> null)))
        .hasMessageMatching(".*\\(PatternTest.java:\\d+\\).*");
  }
}
