package dev.runnel.routing;

import static dev.runnel.http.Method.POST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CallSettings.ClientFin;
import dev.runnel.engine.RouteMatch;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The lines that Java users write most, so that none of them becomes ambiguous. */
final class JavaFaceTest {
  private static Response show(Request request) {
    return Response.ok("shown " + request.path("id"));
  }

  private static CompletionStage<Response> later(Request request) {
    return CompletableFuture.completedFuture(Response.ok("later " + request.path("id")));
  }

  private final Routes users =
      Routes.of(
          r ->
              r.get("/", req -> Response.ok("all"))
                  .get("/{id}", JavaFaceTest::show)
                  .with(route -> route.named("user").produces("text/plain"))
                  .getAsync("/{id}/later", JavaFaceTest::later));

  private final Router router =
      Router.of(
          Routes.of(
              r ->
                  r.use(next -> next)
                      .get("/hello/{name}", req -> Response.ok("Hello, " + req.path("name")))
                      .post("/users", req -> Response.created("/users/1"))
                      .with(
                          route ->
                              route
                                  .consumes("application/json")
                                  .bufferedBodyLimit(10)
                                  .onClientFin(ClientFin.CONTINUE))
                      .put("/x", req -> Response.ok("x"))
                      .patch("/x", req -> Response.ok("x"))
                      .delete("/x", req -> Response.noContent())
                      .head("/x", req -> Response.ok())
                      .options("/x", req -> Response.noContent())
                      .postAsync("/async", req -> CompletableFuture.completedFuture(Response.ok()))
                      .handle(POST, "/upload", exchange -> exchange.respond(Response.ok("up")))
                      .path("/api", api -> api.mount("/users", users))
                      .host("{tenant}.example", host -> host.get("/t", req -> Response.ok("t")))
                      .fallback(req -> Response.ok("fallback"))));

  @Test
  void serves() {
    assertThat(ask("GET", "/hello/x")).isEqualTo("Hello, x");
    assertThat(ask("GET", "/api/users")).isEqualTo("all");
    assertThat(ask("GET", "/api/users/7")).isEqualTo("shown 7");
    assertThat(ask("GET", "/api/users/7/later")).isEqualTo("later 7");
    assertThat(ask("POST", "/upload")).isEqualTo("up");
    assertThat(ask("GET", "/nosuch")).isEqualTo("fallback");
    assertThat(router.url("user", 7)).isEqualTo("/api/users/7");
    assertThat(users.handler()).isNotNull();
  }

  private String ask(String method, String path) {
    return FakeExchange.of(method, path).run(router).text();
  }

  @Test
  void appliesSettings() {
    FakeExchange exchange = FakeExchange.of("POST", "/users").run(router);

    assertThat(exchange.bufferedBodyLimit).isEqualTo(10);
    assertThat(exchange.clientFin).isEqualTo(ClientFin.CONTINUE);
    assertThat(FakeExchange.of("PUT", "/x").run(router).clientFin).isNull();
  }

  @Test
  void staticRoutesShareTheirMatch() {
    RouteMatch first = FakeExchange.of("GET", "/api/users").run(router).match;
    RouteMatch second = FakeExchange.of("GET", "/api/users").run(router).match;

    assertThat(first).isNotNull().isSameAs(second);
  }

  @Test
  void buildersEndWithTheirFunction() {
    RouteBuilder[] kept = new RouteBuilder[1];
    Routes.of(r -> kept[0] = r);

    assertThatThrownBy(() -> kept[0].get("/x", req -> Response.ok()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Routes.of(r -> r.with(route -> route.order(1))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void asteriskOfAMountIsRefused() {
    Routes star = Routes.of(r -> r.handle(Method.OPTIONS, "*", Patterns.says("")));

    assertThatThrownBy(() -> Patterns.router(r -> r.mount("/a", star)))
        .isInstanceOf(RouteException.class)
        .hasMessageContaining("'*' has no meaning");
  }
}
