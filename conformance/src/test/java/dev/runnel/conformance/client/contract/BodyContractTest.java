package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.FormBody;
import dev.runnel.client.MultipartBody;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.transport.ClientException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of every kind, both ways. */
@EveryGround
class BodyContractTest extends ClientContract {
  /** 8 MiB: more than any window, buffer or socket holds. */
  private static final int MANY = 512;

  @TempDir Path directory;

  @BeforeEach
  void start() {
    start(this::declare);
  }

  private void declare(RouteBuilder r) {
    r.handle(Method.POST, "/whole", BodyContractTest::whole);
    r.handle(Method.POST, "/count", ClientContract::count);
    r.handle(Method.POST, "/echo", x -> x.respond(Response.ok().body(new Bodies.Echo(x.body()))));
    r.handle(Method.POST, "/deaf", this::deaf);
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hellö")));
    r.handle(Method.GET, "/bytes", x -> x.respond(Response.ok(new byte[] {0, -1, 7})));
    r.handle(Method.GET, "/json", x -> x.respond(Response.json(Map.of("a", List.of(1, 2)))));
    r.handle(Method.GET, "/file", x -> x.respond(Response.file(directory.resolve("served.bin"))));
    r.handle(Method.GET, "/pieces/{count:int}", this::pieces);
    r.handle(
        Method.GET,
        "/endless",
        x -> {
          watch(x, "endless");
          x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("some"));
        });
    r.get("/output", request -> Response.output("text/plain", out -> out.write(text(40_000))));
    r.handle(
        Method.GET,
        "/source",
        x -> x.respond(Response.ok().body(Bodies.source(x.loop(), "a", "b", "c"))));
    r.handle(Method.GET, "/declared", BodyContractTest::declared);
    r.handle(
        Method.GET,
        "/broken",
        x -> {
          x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("some"));
          whenOpen(x, "break", () -> x.fail(new IllegalStateException("on purpose")));
        });
  }

  /** A channel in memory has no end, so that nothing but a window holds anybody back there. */
  private boolean holdsBack() {
    return on.isHttp2() || !on.inMemory();
  }

  private static byte[] text(int length) {
    return "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
  }

  private static void whole(Exchange x) {
    Headers headers = x.request().headers();
    x.request()
        .body()
        .textAsync()
        .whenComplete(
            (text, error) -> {
              if (error != null) {
                x.fail(error);
              } else {
                x.respond(
                    Response.ok(text)
                        .header("X-Type", String.valueOf(headers.get("Content-Type")))
                        .header("X-Length", String.valueOf(headers.get("Content-Length"))));
              }
            });
  }

  /** Reads when the gate opens. */
  private void deaf(Exchange x) {
    watch(x, "deaf");
    whenOpen(x, "deaf", () -> count(x));
  }

  private void pieces(Exchange x) {
    watch(x, "pieces");
    BodyWriter out = x.respond(Status.OK, Headers.EMPTY);
    Bodies.pump(out, 0, x.request().pathInt("count"), () -> witness.note("wrote"));
  }

  private static void declared(Exchange x) {
    BodyWriter out = x.respond(Status.OK, Headers.of("Content-Length", "10"));
    out.write(Bytes.utf8("12345"));
    out.write(Bytes.utf8("67890"));
    out.end();
  }

  private Response post(String path, Body body) {
    return fetch(Request.post(url(path)).body(body));
  }

  // --- to the server ---

  @Test
  void textAndBytes() {
    Response text = fetch(Request.post(url("/whole")).text("grüße"));
    assertThat(text.headers().get("X-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(text.headers().get("X-Length")).isEqualTo("7");
    assertThat(text(text)).isEqualTo("grüße");
    Response bytes = fetch(Request.post(url("/count")).bytes(new byte[100_000]));
    assertThat(text(bytes)).isEqualTo("100000 bytes");
  }

  @Test
  void noBodyAtAll() {
    Response empty = fetch(Request.post(url("/whole")));
    assertThat(empty.headers().get("X-Type")).isEqualTo("null");
    assertThat(text(empty)).isEmpty();
  }

  @Test
  void json() {
    Response answer = fetch(Request.post(url("/whole")).json(Map.of("a", 1)));
    assertThat(answer.headers().get("X-Type")).startsWith("application/json");
    assertThat(text(answer)).isEqualTo("{\"a\":1}");
  }

  @Test
  void forms() {
    Body form = FormBody.of("a", "1 2", "b", "ü&");
    Response answer = fetch(Request.post(url("/whole")).body(FormBody.MEDIA_TYPE, form));
    assertThat(answer.headers().get("X-Type")).startsWith("application/x-www-form-urlencoded");
    assertThat(text(answer)).isEqualTo("a=1+2&b=%C3%BC%26");
  }

  @Test
  void multipartFormsWithFiles() throws IOException {
    Path file = Files.writeString(directory.resolve("note.txt"), "from a file");
    MultipartBody body =
        MultipartBody.builder("limit").field("name", "value").file("upload", file).build();
    Response answer = fetch(Request.post(url("/whole")).body(body.mediaType(), body));
    assertThat(answer.headers().get("X-Type")).contains("boundary=limit");
    assertThat(answer.headers().get("X-Length")).isEqualTo(String.valueOf(body.length()));
    assertThat(text(answer))
        .contains("name=\"name\"\r\n\r\nvalue\r\n")
        .contains("filename=\"note.txt\"")
        .contains("\r\n\r\nfrom a file\r\n--limit--");
  }

  @Test
  void files() throws IOException {
    Path file = Files.write(directory.resolve("up.bin"), new byte[300_000]);
    assertThat(text(post("/count", new Body.File(file, 0, 300_000)))).isEqualTo("300000 bytes");
    assertThat(text(post("/count", new Body.File(file, 10, 100)))).isEqualTo("100 bytes");
  }

  @Test
  void aFileThatIsNotThere() {
    Body gone = new Body.File(directory.resolve("gone"), 0, 10);
    var error = failure(send(Request.post(url("/count")).body(gone)));
    assertThat(error.reason()).isEqualTo(Reason.REQUEST_BODY);
    assertThat(error).hasStackTraceContaining("gone");
  }

  @Test
  void producers() {
    assertThat(text(post("/count", Bodies.pieces(10, () -> {})))).isEqualTo("163840 bytes");
    Response chunked = post("/whole", (Bodies.Writing) out -> out.end());
    assertThat(chunked.headers().get("X-Length")).isEqualTo("null");
    assertThat(text(chunked)).isEmpty();
  }

  @Test
  void outputs() {
    Body.Output output =
        out -> {
          for (int i = 0; i < 100; i++) {
            out.write(text(1000));
          }
        };
    assertThat(text(post("/count", output))).isEqualTo("100000 bytes");
  }

  @Test
  void sources() {
    Response first = fetch(Request.get(url("/text")));
    assertThat(text(first)).isEqualTo("hellö");
    CompletableFuture<Response> answer = new CompletableFuture<>();
    // What is pulled on the client's loop, from an answer of another call.
    Body relayed = fetch("/pieces/20").body();
    client()
        .send(Request.post(url("/count")).body(relayed))
        .whenComplete(
            (r, e) -> {
              if (e == null) {
                answer.complete(r);
              } else {
                answer.completeExceptionally(e);
              }
            });
    assertThat(text(await(answer))).isEqualTo("327680 bytes");
  }

  @Test
  void whatFailsABodyFailsTheCall() {
    Bodies.Writing broken =
        out -> {
          out.write(Bytes.utf8("some"));
          throw new IllegalStateException("no bytes today");
        };
    var error = failure(send(Request.post(url("/count")).body(broken)));
    assertThat(error.reason()).isEqualTo(Reason.REQUEST_BODY);
    assertThat(error).hasRootCauseMessage("no bytes today");
    assertThat(text(fetch("/text"))).as("the client goes on").isEqualTo("hellö");
  }

  @Test
  void uploadsAreHeldBack() {
    AtomicInteger wrote = new AtomicInteger();
    CompletableFuture<Response> answer =
        send(Request.post(url("/deaf")).body(Bodies.pieces(MANY, wrote::incrementAndGet)));
    awaitNote("started deaf");
    ground().run();
    if (holdsBack()) {
      assertThat(wrote.get()).as("pieces that nobody has read").isLessThan(MANY);
    }
    witness.open("deaf");
    assertThat(text(await(answer))).isEqualTo(MANY * Bodies.PIECE + " bytes");
    assertThat(wrote.get()).isEqualTo(MANY);
  }

  // --- from the server ---

  @Test
  void answersOfEveryKind() throws IOException {
    Files.write(directory.resolve("served.bin"), text(200_000));
    assertThat(text(fetch("/text"))).isEqualTo("hellö");
    assertThat(await(fetch("/bytes").content().bytesAsync())).containsExactly(0, -1, 7);
    Object json = await(fetch("/json").content().jsonAsync(Map.class));
    assertThat(json).isEqualTo(Map.of("a", List.of(1, 2)));
    assertThat(text(fetch("/file"))).hasSize(200_000);
    assertThat(text(fetch("/pieces/3"))).hasSize(3 * Bodies.PIECE);
    assertThat(text(fetch("/output"))).hasSize(40_000);
    assertThat(text(fetch("/source"))).isEqualTo("abc");
    assertThat(text(fetch("/declared"))).isEqualTo("1234567890");
    assertThat(client().stats().connections()).isEqualTo(1);
  }

  @Test
  void aBodyIsReadPieceByPiece() {
    Response answer = fetch("/pieces/100");
    BodyReader reader = answer.content().reader();
    CompletableFuture<Long> size = new CompletableFuture<>();
    reader.loop().execute(() -> readAll(reader, 0, size::complete));
    assertThat(await(size)).isEqualTo(100L * Bodies.PIECE);
  }

  @Test
  void downloadsAreHeldBack() {
    Response answer = fetch("/pieces/" + MANY);
    awaitNote("wrote");
    ground().run();
    BodyReader reader = answer.content().reader();
    CompletableFuture<Long> size = new CompletableFuture<>();
    if (holdsBack()) {
      assertThat(witness.count("wrote")).isLessThan((long) MANY);
    }
    reader.loop().execute(() -> readAll(reader, 0, size::complete));
    assertThat(await(size)).isEqualTo((long) MANY * Bodies.PIECE);
  }

  @Test
  void bothWaysAtOnce() {
    AtomicInteger wrote = new AtomicInteger();
    Response answer = post("/echo", Bodies.pieces(MANY, wrote::incrementAndGet));
    if (holdsBack()) {
      assertThat(wrote.get()).as("the answer came before the upload was over").isLessThan(MANY);
    }
    BodyReader reader = answer.content().reader();
    CompletableFuture<Long> size = new CompletableFuture<>();
    reader.loop().execute(() -> readAll(reader, 0, size::complete));
    assertThat(await(size)).isEqualTo((long) MANY * Bodies.PIECE);
  }

  @Test
  void whatIsHeldHasALimit() {
    client(b -> b.maxHeld(1000));
    var error = failure(fetch("/pieces/4").content().textAsync());
    assertThat(error.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(error).hasMessageContaining("limit of 1000 bytes");
    assertThat(text(fetch("/text"))).isEqualTo("hellö");
  }

  @Test
  void aBodyThatIsNotWantedIsGivenUp() {
    Body.discard(fetch("/endless").body());
    awaitNote("endless CLIENT_GONE");
    ground().until(() -> client().stats().calls() == 0, "the call to be over");
    assertThat(text(fetch("/text"))).isEqualTo("hellö");
  }

  @Test
  void aBodyThatBreaksOffIsAnError() {
    Response answer = fetch("/broken");
    witness.open("break");
    var error = failure(answer.content().textAsync());
    assertThat(error.reason())
        .isEqualTo(on.isHttp2() ? Reason.STREAM_RESET : Reason.CONNECTION_LOST);
    ground().until(() -> logs.complaints().size() > 0, "the server to log what failed");
    assertThat(text(fetch("/text"))).isEqualTo("hellö");
  }
}
