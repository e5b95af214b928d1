package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.routing.Routes;
import org.junit.jupiter.api.Test;

class TestResponseTest {
  /** What the routes speak of. */
  record Tea(String name, int grams) {}

  private static final Routes ROUTES =
      Routes.of(
          r ->
              r.post("/teas", req -> Response.json(req.body().json(Tea.class)))
                  .get(
                      "/sum",
                      req ->
                          Response.output("text/plain", out -> out.write(new byte[] {120}))
                              .header("Trailer", "Sum")
                              .withTrailers(() -> Headers.of("Sum", "17"))));

  @Test
  void jsonBothWays() {
    try (TestServer server = TestServer.of(ROUTES)) {
      Tea tea = new Tea("Assam", 5);
      assertThat(server.send(server.request("POST", "/teas").json(tea)).json(Tea.class))
          .isEqualTo(tea);
    }
  }

  @Test
  void whatDoesNotDecodeSaysWhereAndShowsTheExchange() {
    try (TestServer server = TestServer.of(ROUTES)) {
      TestResponse refused = server.send(server.request("POST", "/teas").text("{\"name\":[]}"));
      assertThat(refused.status()).isEqualTo(400);
      assertThatThrownBy(() -> refused.json(int[].class))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("does not decode")
          .hasMessageContaining("POST /teas, answered over HTTP/1.1")
          .hasMessageContaining("400 Bad Request")
          .hasMessageContaining("\"status\":400");
    }
  }

  @Test
  void theExchangeHasTheTrailersAndTheProtocol() {
    TestOptions http2 = TestOptions.DEFAULT.withProtocol(TestProtocol.HTTP_2);
    try (TestServer server = TestServer.of(ROUTES, http2)) {
      assertThat(server.get("/sum?a=b").toString())
          .startsWith("GET /sum?a=b, answered over HTTP/2 by http://localhost/sum?a=b\n\n200 OK\n")
          .contains("\n\nx\n\nand trailers\n")
          .containsIgnoringCase("sum: 17");
    }
  }
}
