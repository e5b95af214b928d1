package dev.runnel.conformance.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.client.CallOptions;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against the modules http and http2 of Node. */
class NodeServerTest {
  private static Program node;

  @BeforeAll
  static void start() throws IOException {
    Path program = Program.require("node", "nodejs");
    Path directory = Program.workplace("node");
    Path script = directory.resolve("servers.mjs");
    try (InputStream in = NodeServerTest.class.getResourceAsStream("servers.mjs")) {
      Files.copy(in, script);
    }
    node = Program.start(directory, List.of(program.toString(), script.toString()));
    Eventually.until(() -> node.said().contains("\n"), () -> "its ports: " + node);
  }

  @AfterAll
  static void stop() {
    if (node != null) {
      node.close();
    }
  }

  private static String url(String server, String path) {
    Matcher port = Pattern.compile("\"" + server + "\":([0-9]+)").matcher(node.said());
    assertThat(port.find()).as(node.said()).isTrue();
    return "http://localhost:" + port.group(1) + path;
  }

  private static String url(Way way, String path) {
    return url(way == Way.HTTP_2 ? "second" : "plain", path);
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "HTTP_2"})
  void bytesGoBothWays(Way way) {
    try (Caller caller = new Caller(way)) {
      byte[] content = Site.bytes(6 << 20);
      OutgoingRequest echo = Request.post(url(way, "/echo"));
      assertThat(caller.fetch(echo.bytes(content)).content().bytes()).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "HTTP_2"})
  void trailersComeBehindTheBody(Way way) {
    try (Caller caller = new Caller(way)) {
      Response answer = caller.get(url(way, "/trailers"));
      assertThat(answer.content().text()).isEqualTo("body");
      assertThat(answer.trailers()).isNotNull();
      assertThat(answer.trailers().get().get("x-sum")).isEqualTo("4");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_1", "HTTP_2"})
  void earlyHintsAreTold(Way way) {
    try (Caller caller = new Caller(way)) {
      List<String> hints = new CopyOnWriteArrayList<>();
      CallOptions listening =
          CallOptions.NONE.withInformational(
              head -> hints.add(head.status().code() + " " + head.headers().get("link")));
      Request request = Request.get(url(way, "/hints")).with(CallOptions.KEY, listening);
      assertThat(caller.fetch(request).content().text()).isEqualTo("hinted");
      assertThat(hints).containsExactly("103 </style.css>; rel=preload; as=style");
    }
  }

  @Test
  void noIdempotentCallIsLostToAServerThatClosesIdleConnections() {
    try (Caller caller = new Caller(Way.HTTP_1)) {
      String url = url("hasty", "/");
      // Pauses of 0 to 12 ms around its 4.
      assertThat(Many.calls(2000, 16, 12, i -> Many.expect(caller.client().get(url), "ok")))
          .isEmpty();
    }
  }

  @Test
  void aStaleConnectionCostsNoIdempotentCall() {
    try (Caller caller = new Caller(Way.HTTP_1)) {
      for (int i = 0; i < 100; i++) {
        assertThat(caller.text(url("plain", "/"))).isEqualTo("ok");
        assertThat(caller.text(url("plain", "/ends-used?" + i))).as("done once").isEqualTo("1");
      }
    }
  }

  @Test
  void aPostThatMayHaveBeenSeenIsNotSentAgain() {
    try (Caller caller = new Caller(Way.HTTP_1)) {
      assertThat(caller.text(url("plain", "/"))).isEqualTo("ok");
      Request post = Request.post(url("plain", "/ends-used?post")).text("once");
      assertThatThrownBy(() -> caller.fetch(post))
          .isInstanceOfSatisfying(
              ClientException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONNECTION_LOST));
    }
  }

  @Test
  void aStreamThatIsResetFailsAloneAndTheConnectionLives() {
    try (Caller caller = new Caller(Way.HTTP_2)) {
      assertThatThrownBy(() -> caller.get(url("second", "/reset")))
          .isInstanceOfSatisfying(
              ClientException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STREAM_RESET));
      assertThat(caller.text(url("second", "/"))).isEqualTo("ok");
      assertThat(caller.client().stats().connections()).isEqualTo(1);
    }
  }

  @Test
  void whatWasRefusedIsSentAgainWhateverItIs() {
    try (Caller caller = new Caller(Way.HTTP_2)) {
      Request post = Request.post(url("second", "/refused?post")).text("once");
      assertThat(caller.fetch(post).content().text()).isEqualTo("taken");
    }
  }

  @Test
  void noCallIsLostWhenConnectionsAreEndedInGoodOrder() {
    try (Caller caller = new Caller(Way.HTTP_2)) {
      String url = url("second", "/goaway");
      assertThat(Many.calls(2000, 16, i -> Many.expect(caller.client().get(url), "ok"))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pushesAreTakenOrRefused(boolean taken) {
    try (Caller caller =
        new Caller(
            Way.HTTP_2, b -> b.transport(t -> t.withHttp2(t.http2().withPushes(taken ? 10 : 0))))) {
      List<CompletableFuture<Response>> pushed = new CopyOnWriteArrayList<>();
      List<String> paths = new CopyOnWriteArrayList<>();
      CallOptions listening =
          CallOptions.NONE.withPushes(
              (request, answer) -> {
                paths.add(request.target());
                pushed.add(answer);
              });
      Request request = Request.get(url("second", "/pushes")).with(CallOptions.KEY, listening);
      String said = caller.fetch(request).content().text();
      assertThat(said).isEqualTo(taken ? "pushed" : "no pushes");
      assertThat(paths).isEqualTo(taken ? List.of("/pushed.css") : List.of());
      for (CompletableFuture<Response> answer : pushed) {
        assertThat(Caller.await(answer).content().text()).isEqualTo("p { }");
      }
    }
  }
}
