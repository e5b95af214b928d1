package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.CallOptions;
import dev.runnel.client.CallTimeouts;
import dev.runnel.client.RetryPolicy;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.TransportOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each limit, to the millisecond. */
@InMemory
class TimeContractTest extends ClientContract {
  private static final Duration MOMENT = Duration.ofMillis(1);

  @BeforeEach
  void start() {
    start(this::declare);
    text(fetch("/text")); // what follows has a connection, and costs no time
  }

  private void declare(RouteBuilder r) {
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
    r.handle(Method.GET, "/wait/{name}", x -> answerLater(x, x.request().path("name")));
    r.handle(Method.GET, "/hints", this::hints);
    r.handle(Method.GET, "/stream", this::stream);
    r.handle(Method.POST, "/deaf", this::deaf);
    r.handle(
        Method.GET,
        "/busy",
        x -> {
          witness.note("asked");
          x.respond(
              witness.count("asked") < 3
                  ? Response.of(503).header("Retry-After", "5")
                  : Response.ok("at last"));
        });
  }

  private void hints(Exchange x) {
    watch(x, "hints");
    whenOpen(x, "hint", () -> x.informational(Status.of(103), Headers.EMPTY));
    whenOpen(x, "hints", () -> x.respond(Response.ok("hinted")));
  }

  private void stream(Exchange x) {
    watch(x, "stream");
    var out = x.respond(Status.OK, Headers.EMPTY);
    out.write(Bytes.utf8("first"));
    whenOpen(x, "more", () -> out.write(Bytes.utf8("second")));
    whenOpen(x, "end", out::end);
  }

  private void deaf(Exchange x) {
    watch(x, "deaf");
    whenOpen(x, "deaf", () -> count(x));
  }

  private void advance(Duration duration) {
    ground().advance(duration);
  }

  /** It fails for this reason when this is over, and not a millisecond before. */
  private void assertFailsAfter(CompletableFuture<?> call, Duration limit, Reason reason) {
    advance(limit.minus(MOMENT));
    assertThat(call).as("a millisecond before").isNotDone();
    advance(MOMENT);
    assertThat(call).as("now").isDone();
    assertThat(failure(call).reason()).isEqualTo(reason);
  }

  @Test
  void theHead() {
    CompletableFuture<Response> answer = send(Request.get(url("/wait/a")));
    assertFailsAfter(answer, Duration.ofSeconds(30), Reason.HEAD_TIMEOUT);
    awaitNote("a CLIENT_GONE");
  }

  @Test
  void theHeadOfACallWithItsOwnLimit() {
    CallTimeouts own = CallTimeouts.DEFAULT.withHead(Duration.ofMillis(250));
    CallOptions options = CallOptions.NONE.withTimeouts(own);
    CompletableFuture<Response> answer =
        send(Request.get(url("/wait/a")).with(CallOptions.KEY, options));
    assertFailsAfter(answer, Duration.ofMillis(250), Reason.HEAD_TIMEOUT);
  }

  @Test
  void anInformationalHeadStartsItAnew() {
    CompletableFuture<Response> answer = send(Request.get(url("/hints")));
    advance(Duration.ofSeconds(20));
    witness.open("hint");
    assertFailsAfter(answer, Duration.ofSeconds(30), Reason.HEAD_TIMEOUT);
  }

  @Test
  void aSilentBody() {
    CompletableFuture<String> text = fetch("/stream").content().textAsync().toCompletableFuture();
    advance(Duration.ofSeconds(29));
    witness.open("more");
    assertFailsAfter(text, Duration.ofSeconds(30), Reason.BODY_TIMEOUT);
    awaitNote("stream CLIENT_GONE");
  }

  @Test
  void aBodyThatNobodyReadsHasTime() {
    Response answer = fetch("/stream");
    advance(Duration.ofMinutes(5));
    witness.open("end");
    assertThat(text(answer)).isEqualTo("first");
  }

  @Test
  void theWholeCall() {
    client(b -> b.timeouts(t -> t.withCall(Duration.ofSeconds(7))));
    assertFailsAfter(send(Request.get(url("/wait/a"))), Duration.ofSeconds(7), Reason.CALL_TIMEOUT);
    Response answer = fetch("/stream");
    assertFailsAfter(
        answer.content().textAsync().toCompletableFuture(),
        Duration.ofSeconds(7),
        Reason.CALL_TIMEOUT);
    awaitNote("stream CLIENT_GONE");
  }

  @Test
  void waitingForAPlace() {
    if (on.isHttp2()) {
      return; // there is always one, up to what the server allows
    }
    client(b -> b.pool(p -> p.withPerOrigin(1)).timeouts(t -> t.withHead(Duration.ZERO)));
    CompletableFuture<Response> first = send(Request.get(url("/wait/first")));
    awaitNote("started first");
    CompletableFuture<Response> second = send(Request.get(url("/wait/second")));
    assertFailsAfter(second, Duration.ofSeconds(30), Reason.POOL_TIMEOUT);
    assertThat(failure(second).isUnprocessed()).isTrue();
    witness.open("first");
    assertThat(text(await(first))).isEqualTo("first");
  }

  @Test
  void connecting() {
    TransportOptions lost =
        TransportOptions.DEFAULT.withLoops(1).withResolver(host -> new CompletableFuture<>());
    var client = ground().client(b -> b, lost);
    CompletableFuture<Response> answer = client.get(ground().url("nowhere.example", "/text"));
    ground().run();
    assertFailsAfter(answer, Duration.ofSeconds(10), Reason.CONNECT_TIMEOUT);
    assertThat(failure(answer).isUnprocessed()).isTrue();
  }

  @Test
  void aServerThatDoesNotSayContinue() {
    AtomicInteger wrote = new AtomicInteger();
    CompletableFuture<Response> answer =
        send(
            Request.post(url("/deaf"))
                .body(Bodies.pieces(2, wrote::incrementAndGet))
                .with(CallOptions.KEY, CallOptions.NONE.withExpectContinue()));
    awaitNote("started deaf");
    advance(Duration.ofMillis(999));
    assertThat(wrote.get()).isZero();
    advance(MOMENT);
    assertThat(wrote.get()).isEqualTo(2);
    witness.open("deaf");
    assertThat(text(await(answer))).isEqualTo(2 * Bodies.PIECE + " bytes");
  }

  @Test
  void idleConnectionsAreClosed() {
    assertThat(client().stats().idle()).isEqualTo(1);
    advance(Duration.ofSeconds(50).minus(MOMENT));
    assertThat(client().stats().connections()).isEqualTo(1);
    advance(MOMENT);
    assertThat(client().stats().connections()).isZero();
    assertThat(ground().connections()).isZero();
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }

  @Test
  void retriesComeWhenTheServerWantsThem() {
    client(
        b -> b.retries(RetryPolicy.DEFAULT.withDelays(Duration.ofMillis(1), Duration.ofMillis(1))));
    CompletableFuture<Response> answer = send(Request.get(url("/busy")));
    awaitNote("asked");
    advance(Duration.ofMillis(4_900));
    assertThat(witness.count("asked")).isEqualTo(1);
    advance(Duration.ofMillis(1_200));
    assertThat(witness.count("asked")).isEqualTo(2);
    advance(Duration.ofSeconds(6));
    assertThat(text(await(answer))).isEqualTo("at last");
  }

  @Test
  void noLimitOutlivesItsCall() {
    int before = ((MemoryGround) ground()).timers();
    client(b -> b.timeouts(t -> t.withCall(Duration.ofSeconds(7))));
    for (int i = 0; i < 50; i++) {
      text(fetch("/text"));
    }
    // One connection more on both sides, and the sweeper of its pool.
    assertThat(((MemoryGround) ground()).timers()).isLessThanOrEqualTo(before + 4);
    await(client().closeAsync(Duration.ZERO));
  }
}
