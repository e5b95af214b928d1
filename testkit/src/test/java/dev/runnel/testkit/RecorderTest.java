package dev.runnel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.engine.Filter;
import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import dev.runnel.testkit.RecordedBody.End;
import dev.runnel.testkit.RecordedBody.Piece;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

class RecorderTest {
  private final List<Recording> kept = new CopyOnWriteArrayList<>();

  private Recorder recorder() {
    return Recorder.to(kept::add);
  }

  private static Routes routes(Filter... filters) {
    return Routes.of(
        r ->
            r.use(filters)
                .get(
                    "/hello/{name}",
                    req -> Response.ok("Hello, " + req.path("name")).header("X-A", "b"))
                .post("/echo", req -> Response.ok(req.body().text()))
                .post("/form", req -> Response.ok(req.body().form().get("a")))
                .postAsync("/async", req -> req.body().bytesAsync().thenApply(Response::ok))
                .post("/deaf", req -> Response.ok("did not listen"))
                .get("/big", req -> Response.ok("y".repeat(300_000)))
                .get(
                    "/wrong",
                    req -> {
                      throw new IllegalStateException("a bug");
                    })
                .get(
                    "/teapot",
                    req -> {
                      throw new HttpError(418, "short and stout");
                    })
                .get(
                    "/out",
                    req ->
                        Response.output(
                            "text/plain",
                            out -> {
                              out.write("a\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                              out.write('b');
                            }))
                .get("/trailers", req -> Response.ok("t").withTrailers(() -> Headers.of("T", "1")))
                .getAsync("/never", req -> new CompletableFuture<>())
                .handle(
                    Method.GET,
                    "/ticks",
                    exchange -> {
                      BodyWriter out = exchange.respond(Status.OK, Headers.EMPTY);
                      tick(out, 0);
                    })
                .handle(
                    Method.GET,
                    "/half",
                    exchange -> {
                      BodyWriter out = exchange.respond(Status.OK, Headers.EMPTY);
                      out.write(Bytes.utf8("half"));
                      exchange.fail(new IOException("the rest is lost"));
                    }));
  }

  private static void tick(BodyWriter out, int count) {
    if (count == 3) {
      out.end(Headers.of("Count", "3"));
      return;
    }
    out.write(Bytes.utf8("tick " + count + "\n"));
    out.loop().schedule(() -> tick(out, count + 1), Duration.ofSeconds(1));
  }

  private Recording only() {
    assertThat(kept).hasSize(1);
    return kept.get(0);
  }

  @ParameterizedTest
  @EnumSource(TestProtocol.class)
  void anExchangeIsKept(TestProtocol protocol) {
    Recorder recorder = recorder();
    try (TestServer server =
        TestServer.of(routes(recorder), TestOptions.DEFAULT.withProtocol(protocol))) {
      assertThat(server.get("/hello/you?x=1").text()).isEqualTo("Hello, you");
      server.idle();
    }
    Recording recording = only();
    assertThat(recording.request().method()).isEqualTo("GET");
    assertThat(recording.request().target()).isEqualTo("/hello/you?x=1");
    assertThat(recording.request().headers().get("Host")).isEqualTo("localhost");
    assertThat(recording.request().body().end()).isEqualTo(End.COMPLETE);
    assertThat(recording.answer().status()).isEqualTo(200);
    assertThat(recording.answer().headers().get("X-A")).isEqualTo("b");
    assertThat(recording.answer().body().text()).isEqualTo("Hello, you");
    assertThat(recorder.written()).isEqualTo(1);
    assertThat(recorder.lost()).isZero();
  }

  @Test
  void onTcpToo(@TempDir Path directory) throws IOException {
    Recorder recorder = Recorder.into(directory.resolve("new"));
    TestOptions tcp = TestOptions.DEFAULT.withTransport(TestOptions.Transport.TCP);
    Recording first;
    try (TestServer server = TestServer.of(recorder.apply(Router.of(routes())), tcp)) {
      server.send(server.request("POST", "/echo").text("a\nb"));
      server.get("/none/of/these");
      server.until(() -> recorder.written() == 2, "the files");
      first = Recording.read(directory.resolve("new/0001-POST-echo.txt"));
    }
    assertThat(first.answer().body().text()).isEqualTo("a\nb");
    try (var files = Files.list(directory.resolve("new"))) {
      assertThat(files.map(f -> f.getFileName().toString()).sorted())
          .containsExactly("0001-POST-echo.txt", "0002-GET-none-of-these.txt");
    }
    // What was recorded there is replayed here.
    try (TestServer memory = TestServer.of(routes())) {
      Replay.on(memory, first).shouldMatchRecording();
      Replay.on(memory, Recording.read(directory.resolve("new/0002-GET-none-of-these.txt")))
          .shouldMatchRecording();
    }
  }

  @Test
  void filesThatAreThereStay(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("0001-GET-mine.txt"), "mine");
    try (TestServer server = TestServer.of(routes(Recorder.into(directory)))) {
      server.get("/hello/you");
    }
    assertThat(directory.resolve("0001-GET-mine.txt")).hasContent("mine");
    assertThat(directory.resolve("0002-GET-hello-you.txt")).exists();
  }

  @Test
  void everyWayToReadABodyIsSeen() {
    try (TestServer server = TestServer.of(routes(recorder()))) {
      server.send(server.request("POST", "/echo").text("one"));
      server.send(
          server
              .request("POST", "/form")
              .body("application/x-www-form-urlencoded", Bytes.utf8("a=two")));
      assertThat(server.send(server.request("POST", "/form").text("a=3")).status()).isEqualTo(415);
      server.send(server.request("POST", "/async").text("four"));
      server.send(server.request("POST", "/deaf").text("five"));
    }
    assertThat(kept)
        .extracting(r -> r.request().body().text())
        .containsExactly("one", "a=two", "", "four", "");
    assertThat(kept)
        .extracting(r -> r.request().body().end())
        .containsExactly(End.COMPLETE, End.COMPLETE, End.UNREAD, End.COMPLETE, End.UNREAD);
  }

  @Test
  void thePiecesOfBodiesHaveTheirTimes() {
    try (TestServer server = TestServer.of(routes(recorder()))) {
      RawPeer peer = server.raw();
      peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc");
      server.advance(Duration.ofMillis(400));
      peer.send("def");
      assertThat(peer.answer().text()).isEqualTo("abcdef");
      assertThat(server.get("/ticks").text()).isEqualTo("tick 0\ntick 1\ntick 2\n");
    }
    assertThat(kept.get(0).request().body().pieces())
        .containsExactly(new Piece(0, Bytes.utf8("abc")), new Piece(400, Bytes.utf8("def")));
    assertThat(kept.get(0).answer().headMillis()).isEqualTo(400);
    RecordedBody ticks = kept.get(1).answer().body();
    assertThat(ticks.pieces())
        .containsExactly(
            new Piece(0, Bytes.utf8("tick 0\n")),
            new Piece(1_000, Bytes.utf8("tick 1\n")),
            new Piece(2_000, Bytes.utf8("tick 2\n")));
    assertThat(ticks.endMillis()).isEqualTo(3_000);
    assertThat(ticks.trailers().get("Count")).isEqualTo("3");
  }

  @Test
  void answersOfEveryKind(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("f.txt"), "0123456789");
    Routes more =
        Routes.of(
            r ->
                r.mount("/", routes())
                    .get("/file", req -> Response.file(file))
                    .post("/back", req -> Response.ok().body("text/plain", req.body().toBody()))
                    .get(
                        "/part",
                        req -> Response.ok().body("text/plain", new Body.File(file, 3, 4))));
    Recorder recorder = recorder();
    // Files are read by threads of their own, for which virtual time does not wait.
    TestOptions tcp = TestOptions.DEFAULT.withTransport(TestOptions.Transport.TCP);
    try (TestServer server = TestServer.of(recorder.apply(Router.of(more)), tcp)) {
      server.get("/out");
      server.get("/trailers");
      server.get("/file");
      server.get("/part");
      server.send(server.request("HEAD", "/file"));
      server.send(server.request("POST", "/back").text("there and back"));
      server.until(() -> recorder.written() == 6, "the recordings");
    }
    assertThat(kept)
        .extracting(r -> r.answer().body().text())
        .containsExactly("a\nb", "t", "0123456789", "3456", "", "there and back");
    assertThat(kept.get(1).answer().body().trailers().get("T")).isEqualTo("1");
    assertThat(kept).allMatch(r -> r.answer().body().end() == End.COMPLETE);
  }

  @Test
  void errorsOfHandlers() {
    try (TestServer server = TestServer.of(routes(recorder()))) {
      server.get("/teapot");
      server.get("/wrong");
      assertThatThrownBy(() -> server.get("/half")).isInstanceOf(RuntimeException.class);
    }
    assertThat(kept).extracting(r -> r.answer().status()).containsExactly(418, 500, 200);
    assertThat(kept)
        .extracting(r -> r.answer().body().end())
        .containsExactly(End.COMPLETE, End.UNSEEN, End.BROKEN);
    assertThat(kept.get(0).answer().body().text()).contains("short and stout");
    assertThat(kept.get(2).answer().body().text()).isEqualTo("half");
  }

  @Test
  void editsOfTheHeadBehindTheRecorderAreSeen() {
    Filter edits =
        next ->
            exchange -> {
              exchange.onHead(head -> head.withHeaders(head.headers().with("X-Late", "1")));
              next.handle(exchange);
            };
    try (TestServer server = TestServer.of(routes(recorder(), edits))) {
      assertThat(server.get("/hello/you").header("X-Late")).isEqualTo("1");
    }
    assertThat(only().answer().headers().get("X-Late")).isEqualTo("1");
  }

  @Test
  void aClientThatLeavesIsKeptAsSuch() {
    try (TestServer server = TestServer.of(routes(recorder()))) {
      RawPeer silent = server.raw().send("GET /never HTTP/1.1\r\nHost: x\r\n\r\n");
      server.advance(Duration.ofMillis(700));
      silent.vanish();
      server.idle();
      RawPeer ticks = server.raw().send("GET /ticks HTTP/1.1\r\nHost: x\r\n\r\n");
      server.advance(Duration.ofMillis(1_500));
      ticks.vanish();
      server.idle();
      server.advance(Duration.ofSeconds(2));
    }
    assertThat(kept).extracting(r -> r.answer().status()).containsExactly(0, 200);
    assertThat(kept).allMatch(r -> r.answer().body().end() == End.CLIENT_GONE);
    assertThat(kept.get(0).answer().body().endMillis()).isEqualTo(700);
    assertThat(kept.get(0).text()).contains("\n< none @700 ms\nend @700 ms, client gone\n");
    assertThat(kept.get(1).answer().body().text()).isEqualTo("tick 0\ntick 1\n");
  }

  @Test
  void whatIsAboveTheLimitIsCutWithAMark() {
    try (TestServer server = TestServer.of(routes(recorder().withBodyLimit(10)))) {
      assertThat(server.send(server.request("POST", "/echo").text("x".repeat(200_000))).text())
          .hasSize(200_000);
    }
    RecordedBody asked = only().request().body();
    assertThat(asked.text()).isEqualTo("x".repeat(10));
    assertThat(asked.length()).isEqualTo(200_000);
    assertThat(only().answer().body().isCut()).isTrue();
    assertThat(only().text()).contains(", cut from 200000 bytes\n");
    try (TestServer server = TestServer.of(routes())) {
      assertThatThrownBy(() -> Replay.on(server, only()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("10 of the 200000 bytes");
    }
  }

  @Test
  void aSlowClientIsFeltBehindTheRecorder() {
    int[] asked = new int[1];
    Routes endless =
        Routes.of(
            r ->
                r.use(recorder().withBodyLimit(1_000))
                    .handle(
                        Method.GET,
                        "/endless",
                        exchange -> flood(exchange.respond(Status.OK, Headers.EMPTY), asked)));
    try (TestServer server = TestServer.of(endless)) {
      RawPeer peer = server.raw().reading(false);
      peer.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
      server.advance(Duration.ofSeconds(1));
      int written = asked[0];
      // What waits is bounded by the room on the wire and the writer's high water, not by time.
      assertThat(written).isBetween(1, 64);
      server.advance(Duration.ofSeconds(1));
      assertThat(asked[0]).isEqualTo(written);
      peer.reading(true);
      server.advance(Duration.ofSeconds(1));
      assertThat(asked[0]).isEqualTo(1_000);
      peer.vanish();
    }
    assertThat(only().answer().body().kept()).isEqualTo(1_000);
  }

  /** Pieces of 16 KiB while they are taken; a thousand of them. */
  private static void flood(BodyWriter out, int[] asked) {
    while (asked[0] < 1_000) {
      asked[0]++;
      if (!out.write(Bytes.copyOf(new byte[16 << 10]))) {
        out.onWritable(() -> flood(out, asked));
        return;
      }
    }
    out.end();
  }

  @Test
  void aSlowHandlerIsFeltInFrontOfTheRecorder() {
    List<Runnable> answer = new ArrayList<>();
    Routes lazy =
        Routes.of(
            r ->
                r.use(recorder())
                    .handle(
                        Method.POST,
                        "/lazy",
                        exchange -> {
                          Bytes unused = exchange.body().poll();
                          answer.add(
                              () ->
                                  exchange
                                      .loop()
                                      .execute(() -> exchange.respond(Response.ok("enough"))));
                        }));
    try (TestServer server = TestServer.of(lazy)) {
      RawPeer peer = server.raw();
      peer.send("POST /lazy HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n");
      int sent = 0;
      while (peer.unsent() == 0 && sent < 4_000) {
        peer.send("x".repeat(16 << 10));
        sent++;
      }
      assertThat(sent).isLessThan(4_000);
      answer.get(0).run();
      assertThat(peer.answer().text()).isEqualTo("enough");
    }
    assertThat(only().request().body().end()).isEqualTo(End.UNREAD);
  }

  @Test
  void aSinkThatFailsIsLoggedOnceAndNotFeltByTheCall() {
    Logger log = (Logger) LoggerFactory.getLogger("runnel.testkit");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.addAppender(lines);
    Recorder recorder =
        Recorder.to(
            recording -> {
              throw new IllegalStateException("the disk is full");
            });
    try (TestServer server = TestServer.of(routes(recorder))) {
      for (int i = 0; i < 3; i++) {
        assertThat(server.get("/hello/you").text()).isEqualTo("Hello, you");
      }
    }
    log.detachAppender(lines);
    assertThat(recorder.lost()).isEqualTo(3);
    assertThat(recorder.written()).isZero();
    assertThat(lines.list).hasSize(1);
    assertThat(lines.list.get(0).getThrowableProxy().getMessage()).isEqualTo("the disk is full");
  }

  @Test
  void whatIsSecretReachesNoSink() {
    Recorder recorder =
        recorder().redact(r -> r.request(r.request().withTarget(r.request().target() + "&seen")));
    try (TestServer server = TestServer.of(routes(recorder))) {
      server.send(
          server
              .request("POST", "/echo?token=sesame")
              .header("Authorization", "Bearer sesame")
              .body("application/json", Bytes.utf8("{\"password\":\"sesame\"}")));
    }
    assertThat(only().text()).doesNotContain("sesame");
    assertThat(only().request().target()).isEqualTo("/echo?token=(redacted)&seen");
    assertThat(only().answer().body().text()).isEqualTo("{\"password\":\"(redacted)\"}");
  }
}
