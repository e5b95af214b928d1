package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NegotiationTest {
  private static Route add(RouteBuilder r, Method method, String pattern, String says) {
    return r.route(method, pattern, Patterns.says(says));
  }

  private final Router router =
      Patterns.router(
          r -> {
            add(r, Method.GET, "/r", "json").produces("application/json");
            add(r, Method.GET, "/r", "csv").produces("text/csv", "text/plain");
            add(r, Method.GET, "/s", "json").produces("application/json");
            add(r, Method.GET, "/t", "html").produces("text/html");
            add(r, Method.GET, "/t", "any");
            add(r, Method.POST, "/r", "json").consumes("application/json");
            add(r, Method.POST, "/r", "app").consumes("application/*");
            add(r, Method.POST, "/r", "text").consumes("text/plain", "text/csv");
          });

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/r |                                     | 200 json",
        "/r | application/json                    | 200 json",
        "/r | text/csv                            | 200 csv",
        "/r | text/plain                          | 200 csv",
        "/r | */*                                 | 200 json",
        "/r | application/json;q=0.5, text/*;q=0.6 | 200 csv",
        "/r | application/json;q=0, */*           | 200 csv",
        "/r | image/png                           | 406",
        "/s | application/json                    | 200 json",
        "/s | text/html                           | 406",
        "/t | text/html;q=0.001                   | 200 html",
        "/t | image/png                           | 200 any",
      })
  void acceptPicks(String path, String accept, String expected) {
    FakeExchange exchange =
        accept == null
            ? FakeExchange.of("GET", path)
            : FakeExchange.of("GET", path, "Accept", accept);

    exchange.run(router);

    String text = exchange.status() == 200 ? " " + exchange.text() : "";
    assertThat(exchange.status() + text).isEqualTo(expected);
    boolean varies = !path.equals("/s") || exchange.status() == 406;
    assertThat(exchange.header("Vary")).isEqualTo(varies ? "Accept" : null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json                | 200 json",
        "application/JSON; charset=utf-8 | 200 json",
        "application/xml                 | 200 app",
        "text/csv                        | 200 text",
        "image/png                       | 415",
        "rubbish                         | 415",
        "                                | 415",
      })
  void contentTypePicks(String type, String expected) {
    FakeExchange exchange =
        type == null
            ? FakeExchange.of("POST", "/r")
            : FakeExchange.of("POST", "/r", "Content-Type", type);
    exchange.request.hasBody = true;

    exchange.run(router);

    String text = exchange.status() == 200 ? " " + exchange.text() : "";
    assertThat(exchange.status() + text).isEqualTo(expected);
  }

  @Test
  void noBodyNeedsNoType() {
    assertThat(FakeExchange.of("POST", "/r").run(router).text()).isEqualTo("json");
  }

  @Test
  void refusalsNameTheOffer() {
    FakeExchange get = FakeExchange.of("GET", "/r", "Accept", "image/png").run(router);
    assertThat(get.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(get.text())
        .contains("\"offered\":[\"application/json\",\"text/csv\",\"text/plain\"]");

    FakeExchange post = FakeExchange.of("POST", "/r", "Content-Type", "image/png").run(router);
    assertThat(post.header("Accept"))
        .isEqualTo("application/json, application/*, text/plain, text/csv");
    assertThat(post.text()).contains("send application/json or application/*");
  }

  @Test
  void keepsAVaryOfTheHandler() {
    FakeExchange exchange = FakeExchange.of("GET", "/r").run(router);
    exchange.edits.add(0, head -> head.withHeaders(head.headers().with("Vary", "Origin, accept")));

    assertThat(exchange.answer().headers().all("Vary")).containsExactly("Origin, accept");
  }

  @Test
  void sharedTypesAreAmbiguous() {
    assertThatThrownBy(
            () ->
                Patterns.router(
                    r -> {
                      add(r, Method.GET, "/a", "").produces("text/csv", "application/json");
                      add(r, Method.GET, "/a", "").produces("application/json");
                    }))
        .isInstanceOf(RouteException.class)
        .hasMessageStartingWith("ambiguous routes");
    assertThatCode(
            () ->
                Patterns.router(
                    r -> {
                      add(r, Method.GET, "/a", "").produces("text/csv");
                      add(r, Method.GET, "/a", "").consumes("text/csv");
                    }))
        .doesNotThrowAnyException();
  }

  @Test
  void malformedTypesAreRefused() {
    assertThatThrownBy(() -> Patterns.router(r -> add(r, Method.GET, "/a", "").produces("json")))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("produces 'json', which is no media type");
    assertThatThrownBy(() -> Patterns.router(r -> add(r, Method.GET, "/a", "").produces("text/*")))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("which is a range");
  }
}
