package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.runnel.conformance.client.contract.Combination.Face;
import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.testing.Garbage;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that are given up at each stage; the server sees it at once. */
@EveryGround
class CancelContractTest extends ClientContract {
  @BeforeEach
  void start() {
    start(this::declare);
  }

  private void declare(RouteBuilder r) {
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
    r.handle(Method.GET, "/wait/{name}", x -> answerLater(x, x.request().path("name")));
    r.handle(Method.POST, "/upload", x -> watch(x, "upload"));
    r.handle(Method.GET, "/stream", this::stream);
  }

  private void stream(Exchange x) {
    watch(x, "stream");
    x.respond(Status.OK, Headers.EMPTY).write(Bytes.utf8("some"));
  }

  private void awaitQuiet() {
    ground()
        .until(() -> client().stats().calls() == 0 && ground().calls() == 0, "the call to be over");
  }

  @Test
  void beforeThereIsAConnection() {
    CompletableFuture<Response> answer = begin("/wait/early"); // not to be faster than we are
    assertThat(answer.cancel(true)).isTrue();
    assertThat(answer).isCancelled();
    awaitQuiet();
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }

  @Test
  void beforeTheHead() {
    CompletableFuture<Response> answer = send(Request.get(url("/wait/a")));
    awaitNote("started a");
    assertThat(answer.cancel(true)).isTrue();
    awaitNote("a CLIENT_GONE");
    awaitQuiet();
    // The call is over before its connection is: the system tells of a socket's end on a later
    // turn.
    int left = on.isHttp2() ? 1 : 0;
    ground()
        .until(() -> client().stats().connections() == left, "what the call stood on to be gone");
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }

  @Test
  void inTheMiddleOfAnUpload() {
    AtomicInteger wrote = new AtomicInteger();
    CompletableFuture<Response> answer =
        send(
            Request.post(url("/upload"))
                .body(
                    (Bodies.Writing)
                        out -> {
                          out.write(Bodies.piece(1));
                          wrote.incrementAndGet();
                        }));
    awaitNote("started upload");
    answer.cancel(true);
    awaitNote("upload CLIENT_GONE");
    awaitQuiet();
    assertThat(wrote.get()).isEqualTo(1);
  }

  @Test
  void inTheMiddleOfABody() {
    Response answer = fetch("/stream");
    CompletableFuture<String> text = answer.content().textAsync().toCompletableFuture();
    ground().run();
    text.cancel(true);
    awaitNote("stream CLIENT_GONE");
    awaitQuiet();
  }

  @Test
  void byTheReader() {
    Response answer = fetch("/stream");
    BodyReader reader = answer.content().reader();
    reader.loop().execute(reader::cancel);
    awaitNote("stream CLIENT_GONE");
    awaitQuiet();
  }

  /** In a method of its own: no local variable may hold on to the answer. */
  private void forget() {
    assertThat(fetch("/stream").status()).isEqualTo(Status.OK);
  }

  @Test
  void byTheCollectorWhereTheAnswerIsForgotten() {
    assumeThat(on.face()).as("coroutines release what they leave").isEqualTo(Face.JAVA);
    forget();
    awaitNote("started stream");
    ground()
        .until(
            () -> {
              Garbage.collect();
              return witness.saw("stream CLIENT_GONE");
            },
            "the forgotten answer to be given up");
    awaitQuiet();
    assertThat(logs.complaints()).singleElement().asString().contains("/stream was neither read");
  }

  @Test
  void inTheQueue() {
    client(b -> b.pool(p -> p.withPerOrigin(1)));
    CompletableFuture<Response> first = send(Request.get(url("/wait/first")));
    awaitNote("started first");
    CompletableFuture<Response> second = send(Request.get(url("/wait/second")));
    if (!on.isHttp2()) {
      assertThat(client().stats().waiting()).isEqualTo(1);
    }
    second.cancel(true);
    ground().until(() -> client().stats().waiting() == 0, "the queue to be empty");
    witness.open("first");
    assertThat(text(await(first))).isEqualTo("first");
    assertThat(witness.saw("started second") && !on.isHttp2()).isFalse();
  }

  @Test
  void othersOnTheConnectionGoOn() {
    CompletableFuture<Response> one = send(Request.get(url("/wait/one")));
    CompletableFuture<Response> two = send(Request.get(url("/wait/two")));
    awaitNote("started one");
    awaitNote("started two");
    one.cancel(true);
    awaitNote("one CLIENT_GONE");
    witness.open("two");
    assertThat(text(await(two))).isEqualTo("two");
  }

  @Test
  void closingTheClientGivesUpWhatIsLeft() {
    CompletableFuture<Response> answer = send(Request.get(url("/wait/late")));
    awaitNote("started late");
    await(client().closeAsync(Duration.ZERO));
    assertThat(failure(answer).reason()).isEqualTo(Reason.CLOSED);
    awaitNote("late CLIENT_GONE");
    assertThat(failure(begin("/text")).reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  void atRandomPoints() {
    Random random = new Random(4711);
    client(b -> b.pool(p -> p.withPerOrigin(4)));
    List<CompletableFuture<Response>> calls = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String path = random.nextBoolean() ? "/text" : random.nextBoolean() ? "/stream" : "/wait/x";
      CompletableFuture<Response> call = begin(path);
      calls.add(call);
      if (random.nextInt(3) == 0) {
        ground().run();
      }
      if (random.nextBoolean()) {
        calls.get(random.nextInt(calls.size())).cancel(true);
      }
    }
    for (CompletableFuture<Response> call : calls) {
      if (!call.cancel(true) && !call.isCancelled()) {
        dev.runnel.http.Body.discard(call.join().body());
      }
    }
    awaitQuiet();
    assertThat(client().stats().waiting()).isZero();
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }
}
