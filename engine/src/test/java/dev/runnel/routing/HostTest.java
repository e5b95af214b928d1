package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostTest {
  private final Router router =
      Patterns.router(
          r ->
              r.handle(Method.GET, "/x", Patterns.says("every"))
                  .handle(Method.PUT, "/only", Patterns.says("put"))
                  .host("api.example", h -> h.handle(Method.GET, "/x", Patterns.says("api")))
                  .host(
                      "{tenant}.example",
                      h ->
                          h.handle(Method.GET, "/x", Patterns.says("tenant"))
                              .handle(Method.GET, "/t/{id}", Patterns.says("tenant/t")))
                  .host("*.cdn.example", h -> h.handle(Method.GET, "/only", Patterns.says("cdn"))));

  @ParameterizedTest
  @CsvSource({
    "api.example,      /x,    api",
    "API.example:8080, /x,    api",
    "shop.example,     /x,    tenant",
    "a.b.example,      /x,    every",
    "example,          /x,    every",
    "'',               /x,    every",
    "'[::1]:80',       /x,    every",
    "a.cdn.example,    /only, cdn",
    "api.example,      /t/1,  tenant/t",
  })
  void picksByHost(String host, String path, String expected) {
    FakeExchange exchange = FakeExchange.of("GET", path, "Host", host).run(router);

    assertThat(exchange.text()).isEqualTo(expected);
  }

  @Test
  void wildcardLabelIsAParameter() {
    FakeExchange exchange = FakeExchange.of("GET", "/t/7", "Host", "Shop.example:1").run(router);

    assertThat(exchange.request.path("tenant")).isEqualTo("shop");
    assertThat(exchange.request.path("id")).isEqualTo("7");
  }

  @Test
  void allowSpansHosts() {
    FakeExchange exchange = FakeExchange.of("POST", "/only", "Host", "a.cdn.example").run(router);

    assertThat(exchange.header("Allow")).isEqualTo("GET, HEAD, PUT, OPTIONS");
  }
}
