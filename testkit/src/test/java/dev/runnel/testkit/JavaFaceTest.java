package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Response;
import dev.runnel.routing.Routes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The harness as JUnit users see it. */
class JavaFaceTest {
  private static final Routes ROUTES =
      Routes.of(
          r ->
              r.get("/hello/{name}", req -> Response.ok("Hello, " + req.path("name")))
                  .post("/echo", req -> Response.ok(req.body().text()))
                  .getAsync("/never", req -> new CompletableFuture<>()));

  @ParameterizedTest
  @EnumSource(TestProtocol.class)
  void blockingHandlersAnswer(TestProtocol protocol) {
    try (TestServer server = TestServer.of(ROUTES, TestOptions.DEFAULT.withProtocol(protocol))) {
      assertThat(server.get("/hello/you").text()).isEqualTo("Hello, you");
      assertThat(server.send(server.request("POST", "/echo").text("x".repeat(200_000))).text())
          .hasSize(200_000);
      assertThat(server.calls().all()).hasSize(2).allMatch(ObservedCall::ended);
      assertThat(server.elapsed()).isEqualTo(Duration.ZERO);
    }
  }

  @Test
  void rawBytes() {
    try (TestServer server = TestServer.of(ROUTES)) {
      RawPeer peer = server.raw();
      peer.send(
          "GET /hello/a HTTP/1.1\r\nHost: x\r\n\r\nGET /hello/b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(peer.answer().text()).isEqualTo("Hello, a");
      assertThat(peer.answer().text()).isEqualTo("Hello, b");
      peer.expectClosed();
    }
  }

  @Test
  void theHeadDeadlineComesAtItsTime() {
    try (TestServer server = TestServer.of(ROUTES)) {
      RawPeer peer = server.raw().send("GET /hello/a HTTP/1.1\r\n");
      assertThat(peer.answer().status()).isEqualTo(408);
      peer.expectClosed();
      assertThat(server.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }
  }

  @Test
  void aClientThatVanishesCancels() {
    try (TestServer server = TestServer.of(ROUTES)) {
      RawPeer peer = server.raw().send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(server.calls().active()).isEqualTo(1);
      peer.vanish();
      server.idle();
      assertThat(server.calls().last().cancelled()).isNotNull();
    }
  }

  @Test
  void whatNeverComesIsAFailure() {
    try (TestServer server = TestServer.of(ROUTES)) {
      assertThatThrownBy(() -> server.get("/never")).isInstanceOf(Throwable.class);
    }
  }
}
