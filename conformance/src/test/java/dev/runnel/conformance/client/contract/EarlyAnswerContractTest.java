package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.CallOptions;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.routing.RouteBuilder;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers that come before the request is over, and requests that wait for them. */
@EveryGround
class EarlyAnswerContractTest extends ClientContract {
  private static final int MANY = 4096;

  @BeforeEach
  void start() {
    start(this::declare);
  }

  private void declare(RouteBuilder r) {
    r.handle(Method.POST, "/count", ClientContract::count);
    r.handle(Method.POST, "/refuse", this::refuse);
    r.handle(Method.POST, "/small", this::small);
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
  }

  private void refuse(Exchange x) {
    watch(x, "refuse");
    x.respond(Response.of(417).text("no"));
  }

  private void small(Exchange x) {
    x.settings().bodyLimit(1000);
    count(x);
  }

  private static CallOptions expecting() {
    return CallOptions.NONE.withExpectContinue();
  }

  @Test
  void aBodyThatIsWaitedForIsSentAfter100() {
    AtomicInteger told = new AtomicInteger();
    CallOptions options = expecting().withInformational(head -> told.set(head.status().code()));
    Request request =
        Request.post(url("/count")).bytes(new byte[10_000]).with(CallOptions.KEY, options);
    assertThat(text(request)).isEqualTo("10000 bytes");
    assertThat(told.get()).isEqualTo(100);
  }

  @Test
  void aRefusalSparesTheUpload() {
    AtomicInteger wrote = new AtomicInteger();
    Response answer =
        fetch(
            Request.post(url("/refuse"))
                .body(Bodies.pieces(100, wrote::incrementAndGet))
                .with(CallOptions.KEY, expecting()));
    assertThat(answer.status().code()).isEqualTo(417);
    assertThat(text(answer)).isEqualTo("no");
    assertThat(wrote.get()).as("pieces sent").isZero();
    assertThat(text(fetch("/text"))).isEqualTo("hi");
  }

  @Test
  void anErrorEndsTheUpload() {
    AtomicInteger wrote = new AtomicInteger();
    Response answer =
        fetch(Request.post(url("/small")).body(Bodies.pieces(MANY, wrote::incrementAndGet)));
    assertThat(answer.status().code()).isEqualTo(413);
    assertThat(text(answer)).contains("413");
    assertThat(wrote.get()).as("pieces sent").isLessThan(MANY);
    assertThat(text(fetch("/text"))).as("the client goes on").isEqualTo("hi");
  }

  @Test
  void manyRefusedUploads() {
    // The server closes behind a refusal, which the next upload on the same connection may cross.
    client(b -> b.pool(p -> p.withIdle(Duration.ZERO)));
    for (int i = 0; i < 20; i++) {
      CompletableFuture<Response> answer =
          send(Request.post(url("/small")).body(Bodies.pieces(64, () -> {})));
      Response refused = await(answer);
      assertThat(refused.status().code()).isEqualTo(413);
      assertThat(text(refused)).contains("413");
    }
  }
}
