package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Method;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrailingSlashTest {
  private static final Routes ROUTES =
      Routes.of(
          r ->
              r.handle(Method.GET, "/a", Patterns.says("a"))
                  .handle(Method.GET, "/b/", Patterns.says("b"))
                  .handle(Method.GET, "/c", Patterns.says("c"))
                  .handle(Method.GET, "/c/", Patterns.says("c/"))
                  .handle(Method.POST, "/d/", Patterns.says("d/"))
                  .handle(Method.GET, "/d", Patterns.says("d"))
                  .handle(Method.GET, "/u/{x}", Patterns.says("u"))
                  .handle(Method.GET, "/", Patterns.says("root")));

  @ParameterizedTest
  @CsvSource({
    "STRICT,   GET,     /,            root",
    "STRICT,   GET,     /a/,          404",
    "STRICT,   GET,     /b,           404",
    "STRICT,   GET,     /c/,          c/",
    "IGNORE,   GET,     /,            root",
    "IGNORE,   GET,     /a/,          a",
    "IGNORE,   GET,     /b,           b",
    "IGNORE,   GET,     /c/,          c/",
    "IGNORE,   GET,     /c,           c",
    "IGNORE,   GET,     /d/,          d",
    "IGNORE,   POST,    /d,           d/",
    "IGNORE,   DELETE,  /a/,          405 GET; HEAD; OPTIONS",
    "IGNORE,   OPTIONS, /d,           204 GET; HEAD; POST; OPTIONS",
    "IGNORE,   GET,     /a//,         404",
    "IGNORE,   GET,     /u/x/,        u",
    "REDIRECT, GET,     /,            root",
    "REDIRECT, GET,     /a/,          308 /a",
    "REDIRECT, GET,     /a/?x=1&y=%2F, 308 /a?x=1&y=%2F",
    "REDIRECT, GET,     /b,           308 /b/",
    "REDIRECT, GET,     /u/%C3%A9/,   308 /u/%C3%A9",
    "REDIRECT, HEAD,    /a/,          308 /a",
    "REDIRECT, GET,     /c/,          c/",
    "REDIRECT, POST,    /a/,          405 GET; HEAD; OPTIONS",
    "REDIRECT, OPTIONS, /a/,          204 GET; HEAD; OPTIONS",
    "REDIRECT, GET,     //evil.example/, 404",
    "REDIRECT, GET,     /nosuch/,     404",
  })
  void policies(TrailingSlash policy, String method, String target, String expected) {
    Router router = Router.of(ROUTES, RouterOptions.DEFAULT.withTrailingSlash(policy));

    FakeExchange exchange = FakeExchange.of(method, target).run(router);

    assertThat(summary(exchange)).isEqualTo(expected);
  }

  private static String summary(FakeExchange exchange) {
    return switch (exchange.status()) {
      case 200 -> exchange.text();
      case 308 -> "308 " + exchange.header("Location");
      case 204, 405 -> exchange.status() + " " + allow(exchange);
      default -> Integer.toString(exchange.status());
    };
  }

  private static String allow(FakeExchange exchange) {
    String allow = exchange.header("Allow");
    return allow == null ? "" : allow.replace(',', ';');
  }
}
