package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BadPathTest {
  private final Router router = Patterns.router("/a/{x}", "/f/{rest...?}", "/{x}");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a/%",
        "/a/%4",
        "/a/%zz",
        "/a/%4g",
        "/a/%-1",
        "/a/%C3",
        "/a/%C3x",
        "/a/%C0%80",
        "/a/%ED%A0%80",
        "/a/%ED%B0%AF",
        "/a/%F5%80%80%80",
        "/a/%80",
        "/a/%00",
        "/a/%EF%BF%BF",
        "/a/x%00y",
        "/a/x%2Fy",
        "/a/x%2fy",
        "/f/a%2F..",
        "/a/.",
        "/a/..",
        "/.",
        "/..",
        "/../a",
        "/a/./x",
        "/f/a/../b",
        "/a/%2e",
        "/a/%2E%2e",
        "/a/.%2e",
        "/%2e%2e/a",
        "/f/x/%2E./y",
        "/f/..",
        "/nosuch/..",
      })
  void isAnsweredWith400(String path) {
    FakeExchange exchange = FakeExchange.of("GET", path).run(router);

    assertThat(exchange.status()).isEqualTo(400);
    assertThat(exchange.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(exchange.text()).contains("the path ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/...", "/a/.x", "/a/x.", "/a/..x", "/.well-known", "/f/.git/x.."})
  void dotsWithinSegmentsAreFine(String path) {
    assertThat(FakeExchange.of("GET", path).run(router).status()).isEqualTo(200);
  }

  @Test
  void encodedSlashCanBeAllowed() {
    Router allowing =
        Router.of(
            Routes.of(
                r -> {
                  r.route(dev.runnel.http.Method.GET, "/a/{x}", Patterns.says("one")).named("one");
                  r.route(dev.runnel.http.Method.GET, "/a/{x}/{y}", Patterns.says("two"));
                }),
            RouterOptions.DEFAULT.withEncodedSlash(true));

    FakeExchange exchange = FakeExchange.of("GET", "/a/x%2Fy%20z").run(allowing);

    assertThat(exchange.text()).isEqualTo("one");
    assertThat(exchange.request.path("x")).isEqualTo("x/y z");
    assertThat(allowing.url("one", "x/y")).isEqualTo("/a/x%2Fy");
    assertThat(FakeExchange.of("GET", "/a/x%2F..%2Fy").run(allowing).status()).isEqualTo(400);
  }
}
