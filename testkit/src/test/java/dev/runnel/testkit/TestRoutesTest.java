package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Handler;
import dev.runnel.engine.Handlers;
import dev.runnel.engine.Limits;
import dev.runnel.engine.ServerOptions;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.transport.ClientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRoutesTest {
  private static final byte[] MUCH = new byte[300_000];

  static {
    Arrays.fill(MUCH, (byte) 'x');
  }

  private static void declare(RouteBuilder routes) {
    routes.get("/hello/{name}", request -> Response.ok("Hello, " + request.path("name")));
    routes.post("/size", request -> Response.ok("" + request.body().bytes().length));
    routes.get("/output", request -> Response.output("text/plain", out -> out.write(MUCH)));
    routes.get("/fails", request -> failed());
  }

  private static Response failed() throws Exception {
    throw new Exception("secret");
  }

  @Test
  void routesAnswerAsOverAWire() {
    try (TestRoutes routes = TestRoutes.routes(TestRoutesTest::declare)) {
      Response hello = routes.handle(TestRequest.get("/hello/ann"));
      assertThat(hello.status()).isEqualTo(Status.OK);
      assertThat(hello.content().text()).isEqualTo("Hello, ann");
      assertThat(routes.handle(TestRequest.get("/nowhere")).status().code()).isEqualTo(404);
      assertThat(routes.handle(TestRequest.put("/size")).headers().get("Allow")).contains("POST");
      Response head = routes.handle(TestRequest.head("/hello/ann"));
      assertThat(head.headers().get("Content-Length")).isEqualTo("10");
      assertThat(head.content().isEmpty()).isTrue();
      Response failed = routes.handle(TestRequest.get("/fails"));
      assertThat(failed.status().code()).isEqualTo(500);
      assertThat(failed.content().text()).contains("requestId").doesNotContain("secret");
      assertThat(routes.elapsed()).isZero();
    }
  }

  @Test
  void blockingHandlersReadBodiesOfEachKind(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("much"), MUCH);
    try (TestRoutes routes = TestRoutes.routes(TestRoutesTest::declare)) {
      List<Body> bodies =
          List.of(
              new Body.Whole(Bytes.copyOf(MUCH)),
              new Body.File(file, 0, MUCH.length),
              (Body.Output) out -> out.write(MUCH),
              new Late(Duration.ofSeconds(20)),
              routes.handle(TestRequest.get("/output")).body());
      for (Body body : bodies) {
        Response answer = routes.handle(TestRequest.post("/size").body(body));
        assertThat(answer.content().text()).as("%s", body).isEqualTo("300000");
      }
      assertThat(routes.elapsed()).isEqualTo(Duration.ofSeconds(20));
    }
  }

  /** A producer that waits for time to pass before it writes. */
  private record Late(Duration delay) implements Body.Producer {
    @Override
    public void produce(BodyWriter writer) {
      writer
          .loop()
          .schedule(
              () -> {
                writer.write(Bytes.copyOf(MUCH));
                writer.end();
              },
              delay);
    }
  }

  @Test
  void aStreamIsWrittenAsItIsRead() {
    AtomicInteger written = new AtomicInteger();
    Body.Producer endless = writer -> pump(writer, written);
    Handler handler = call -> call.respond(Response.ok().body("text/plain", endless));
    try (TestRoutes routes = TestRoutes.of(handler)) {
      BodyReader reader = routes.handle(TestRequest.get("/")).content().reader();
      assertThat(written.get()).isBetween(60, 70);
      int before = written.get();
      for (int i = 0; i < 100; i++) {
        assertThat(reader.poll()).isNotNull();
      }
      assertThat(written.get()).isBetween(before + 30, before + 101);
    }
  }

  private static void pump(BodyWriter writer, AtomicInteger written) {
    boolean more = true;
    while (more) {
      more = writer.write(Bytes.copyOf(new byte[1000]));
      written.incrementAndGet();
    }
    writer.onWritable(() -> pump(writer, written));
  }

  @Test
  void blockingOutputWaitsForItsReader() {
    try (TestRoutes routes = TestRoutes.routes(TestRoutesTest::declare)) {
      Response answer = routes.handle(TestRequest.get("/output"));
      assertThat(answer.content().bytes()).isEqualTo(MUCH);
    }
  }

  @Test
  void timeMovesOnWhenNothingElseIsToBeDone() {
    Handler ticks =
        call -> {
          BodyWriter writer = call.respond(Status.OK, Headers.EMPTY);
          tick(writer, 0);
        };
    try (TestRoutes routes = TestRoutes.of(ticks)) {
      Response answer = routes.handle(TestRequest.get("/"));
      assertThat(answer.content().text()).isEqualTo("012");
      assertThat(routes.elapsed()).isEqualTo(Duration.ofHours(3));
      routes.advance(Duration.ofMinutes(5));
      assertThat(routes.elapsed()).isEqualTo(Duration.ofMinutes(185));
    }
  }

  private static void tick(BodyWriter writer, int count) {
    if (count == 3) {
      writer.end();
      return;
    }
    writer
        .loop()
        .schedule(
            () -> {
              writer.write(Bytes.utf8("" + count));
              tick(writer, count + 1);
            },
            Duration.ofHours(1));
  }

  @Test
  void anAnswerMayComeFromAnotherThread() {
    Handler async =
        Handlers.async(request -> CompletableFuture.supplyAsync(() -> Response.ok("from afar")));
    try (TestRoutes routes = TestRoutes.of(async)) {
      assertThat(routes.handle(TestRequest.get("/")).content().text()).isEqualTo("from afar");
    }
  }

  @Test
  void whatNeverAnswersFailsWithItsReason() {
    Handler never = call -> {};
    try (TestRoutes routes = TestRoutes.of(never, Duration.ofMillis(20))) {
      assertThatThrownBy(() -> routes.handle(TestRequest.get("/lost")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("GET /lost was not answered")
          .hasMessageContaining("a future that is not completed");
    }
  }

  @Test
  void aBodyThatNeverComesIsNamed() {
    Body.Producer silent = writer -> {};
    Handler reads =
        Handlers.async(request -> request.body().textAsync().thenApply(text -> Response.ok(text)));
    try (TestRoutes routes = TestRoutes.of(reads, Duration.ofMillis(20))) {
      assertThatThrownBy(() -> routes.handle(TestRequest.post("/").body(silent)))
          .hasMessageContaining("waits for bytes of the request's body");
    }
  }

  @Test
  void aStreamThatDoesNotGoOnFailsItsReader() {
    Handler stops = call -> call.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("first"));
    try (TestRoutes routes = TestRoutes.of(stops, Duration.ofMillis(20))) {
      BodyReader reader = routes.handle(TestRequest.get("/")).content().reader();
      assertThat(new String(reader.poll().toByteArray(), StandardCharsets.UTF_8))
          .isEqualTo("first");
      assertThatThrownBy(reader::poll)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("does not go on");
    }
  }

  @Test
  void aBodyThatIsDiscardedCancelsItsCall() {
    AtomicReference<Object> cause = new AtomicReference<>();
    Handler waits =
        call -> {
          call.onCancel(cause::set);
          call.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("first"));
        };
    try (TestRoutes routes = TestRoutes.of(waits)) {
      Response answer = routes.handle(TestRequest.get("/"));
      assertThat(cause.get()).isNull();
      Body.discard(answer.body());
      assertThat(cause.get()).hasToString("CLIENT_GONE");
    }
  }

  @Test
  void closingCancelsWhatWasForgottenAndNamesWhatDoesNotEnd() {
    AtomicReference<Object> cause = new AtomicReference<>();
    Handler clings =
        call -> {
          call.onCancel(cause::set);
          call.hold(); // and never releases it
          call.respond(Status.OK, Headers.EMPTY);
        };
    TestRoutes routes = TestRoutes.of(clings, Duration.ofMillis(20));
    routes.handle(TestRequest.get("/clings"));
    assertThatThrownBy(routes::close)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("GET /clings");
    assertThat(cause.get()).hasToString("SERVER_STOPPING");
  }

  @Test
  void optionsOfTheServerHold() {
    ServerOptions options =
        ServerOptions.builder().devMode(true).limits(Limits.DEFAULT.withBufferedBody(2)).build();
    Handler reads = Handlers.blocking(request -> Response.ok("" + request.body().bytes().length));
    try (TestRoutes routes = TestRoutes.of(reads, options)) {
      assertThat(routes.handle(TestRequest.post("/").text("three")).status().code()).isEqualTo(413);
    }
  }

  @Test
  void whatTakesTheConnectionOverNeedsOne() {
    Handler upgrades = call -> call.respond(Response.upgrade("chat", connection -> {}));
    Request asks = TestRequest.get("/").header("Connection", "upgrade").header("Upgrade", "chat");
    try (TestRoutes routes = TestRoutes.of(upgrades)) {
      assertThatThrownBy(() -> routes.handle(asks))
          .isInstanceOf(ClientException.class)
          .hasMessageContaining("test server");
    }
  }
}
