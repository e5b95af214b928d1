package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.io.Bytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
  private static String text(Response response) {
    return ((Body.Whole) response.body()).bytes().utf8();
  }

  @Test
  void changesAreOtherValues() {
    Response plain = Response.ok();
    Response changed = plain.status(Status.CREATED).header("a", "1").header("A", "2").text("x");

    assertThat(plain.status()).isEqualTo(Status.OK);
    assertThat(plain.headers().isEmpty()).isTrue();
    assertThat(plain.body()).isSameAs(Body.EMPTY);
    assertThat(changed.status()).isEqualTo(Status.CREATED);
    assertThat(changed.headers().all("a")).containsExactly("1", "2");
    assertThat(changed.setHeader("A", "3").headers().all("a")).containsExactly("3");
    assertThat(changed.headers(Headers.EMPTY).headers().isEmpty()).isTrue();
  }

  @Test
  void bodiesBringTheirType() {
    assertThat(Response.ok("ä").headers())
        .isEqualTo(Headers.of("Content-Type", "text/plain; charset=utf-8"));
    assertThat(Response.ok("ä").body().length()).isEqualTo(2);
    assertThat(Response.ok(new byte[3]).headers().get("content-type"))
        .isEqualTo("application/octet-stream");
    assertThat(Response.json(Map.of("a", 1)).headers().get("content-type"))
        .isEqualTo("application/json");
    assertThat(text(Response.json(Map.of("a", 1)))).isEqualTo("{\"a\":1}");
    assertThat(Response.ok("x").body(Bytes.utf8("<p>")).headers().get("content-type"))
        .isEqualTo("text/plain; charset=utf-8");
    assertThat(Response.ok("x").body("text/html", Bytes.utf8("<p>")).headers().all("content-type"))
        .containsExactly("text/html");
    assertThat(Response.output("text/csv", out -> {}).body().length()).isEqualTo(-1);
  }

  @Test
  void copiesTheBytesItIsGiven() {
    byte[] bytes = {'a'};
    Response response = Response.ok(bytes);
    bytes[0] = 'b';

    assertThat(text(response)).isEqualTo("a");
  }

  @Test
  void shortFormsHaveTheirStatus() {
    assertThat(Response.created("/a/1").toString()).isEqualTo("201 Created Headers[Location]");
    assertThat(Response.accepted().status()).isEqualTo(Status.ACCEPTED);
    assertThat(Response.noContent().status()).isEqualTo(Status.NO_CONTENT);
    assertThat(Response.redirect("/b").status()).isEqualTo(Status.FOUND);
    assertThat(Response.of(418).status().code()).isEqualTo(418);
    assertThat(Response.notFound().headers().get("content-type"))
        .isEqualTo("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirects(int code) {
    Response response = Response.redirect(Status.of(code), "/x");

    assertThat(response.status().code()).isEqualTo(code);
    assertThat(response.headers().get("Location")).isEqualTo("/x");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 300, 304, 305, 400})
  void refusesToRedirectOtherwise(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.redirect(Status.of(code), "/x"))
        .withMessageContaining(Integer.toString(code));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/x\r\nSet-Cookie: a=b", "/x\n", "/\u0000", "/\u560a"})
  void refusesToBeSplit(String evil) {
    assertThatIllegalArgumentException().isThrownBy(() -> Response.redirect(evil));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.created(evil));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.ok().header("X-A", evil));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.ok().setHeader("X-A", evil));
    assertThatIllegalArgumentException().isThrownBy(() -> Response.ok().header(evil, "a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.ok().body("text/plain" + evil, Bytes.EMPTY));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Response.upgrade("websocket" + evil, connection -> {}));
  }

  @Test
  void cookiesAddLines() {
    Response response =
        Response.ok().cookie(Cookie.of("a", "1").httpOnly()).cookie(Cookie.of("b", "2"));

    assertThat(response.headers().all("Set-Cookie")).containsExactly("a=1; HttpOnly", "b=2");
  }

  @Test
  void servesFiles(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("page.HTML"), "<p>");
    Response response = Response.file(file);

    assertThat(response.body()).isEqualTo(new Body.File(file, 0, 3));
    assertThat(response.headers().get("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThatThrownBy(() -> Response.file(folder))
        .isInstanceOfSatisfying(
            HttpError.class,
            error -> {
              assertThat(error.status()).isEqualTo(Status.NOT_FOUND);
              assertThat(error.problem().toJson()).doesNotContain(folder.toString());
            });
    assertThatThrownBy(() -> Response.file(folder.resolve("none"))).isInstanceOf(HttpError.class);
  }

  @Test
  void trailersAreAskedForLate() {
    Response response =
        Response.ok("x")
            .withTrailers(
                () -> {
                  throw new AssertionError("asked too early");
                });

    assertThat(response.header("a", "b").text("y").trailers()).isNotNull();
    assertThat(Response.ok().trailers()).isNull();
  }
}
