package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Loop;
import dev.runnel.testing.TcpPeer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What code may still do that a stop had to abandon. */
class AfterStopTest {
  private final CompletableFuture<Exchange> begun = new CompletableFuture<>();
  private final CompletableFuture<Exchange.Hold> held = new CompletableFuture<>();
  private final CompletableFuture<CancelCause> told = new CompletableFuture<>();
  private Exchange call;
  private Loop loop;

  /** A call whose code goes on whatever it is told. */
  @BeforeEach
  void abandon() throws Exception {
    Server server = Server.builder().port(0).handler(this::hold).start();
    try (TcpPeer peer = new TcpPeer(server.port())) {
      peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
      call = Eventually.get(begun, "the call");
      assertThat(server.stop(Duration.ZERO).abandoned()).isEqualTo(1);
    }
    loop = call.loop();
  }

  private void hold(Exchange exchange) {
    held.complete(exchange.hold());
    exchange.onCancel(told::complete);
    begun.complete(exchange);
  }

  @AfterEach
  void letGo() throws Exception {
    Exchange.Hold hold = held.join();
    hold.release();
    hold.release();
    assertThat(told).isCompletedWithValue(CancelCause.SERVER_STOPPING);
    on(() -> assertThatThrownBy(call::hold).isInstanceOf(IllegalStateException.class));
  }

  @Test
  void itsTasksRunAsOnItsLoop() throws Exception {
    assertThat(loop.inLoop()).isFalse();
    on(() -> assertThat(loop.inLoop()).isTrue());
    assertThat(loop.inLoop()).isFalse();
  }

  @Test
  void andItsTimers() throws Exception {
    CompletableFuture<Boolean> ran = new CompletableFuture<>();
    long begin = loop.nanoTime();
    Loop.Timer unused =
        loop.schedule(
            () -> ran.complete(loop.inLoop() && loop.nanoTime() - begin >= 1_000_000),
            Duration.ofMillis(1));
    assertThat(Eventually.get(ran, "the timer")).isTrue();
    List<String> order = new CopyOnWriteArrayList<>();
    // From within the loop, whose one thread so cannot come to it in between.
    on(() -> loop.schedule(() -> order.add("cancelled"), Duration.ofMillis(1)).cancel());
    CountDownLatch last = new CountDownLatch(1);
    Loop.Timer unusedToo = loop.schedule(last::countDown, Duration.ofMillis(2));
    Eventually.until(() -> last.getCount() == 0, "the timer behind the cancelled one");
    assertThat(order).isEmpty();
  }

  @Test
  void oneAtATimeAndInOrderAlsoBehindOneThatFails() throws Exception {
    List<Integer> order = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 100; i++) {
      int number = i;
      loop.execute(
          () -> {
            order.add(number);
            if (number == 50) {
              throw new IllegalStateException("a task that fails");
            }
          });
    }
    on(() -> assertThat(order).hasSize(100).isSorted());
  }

  @Test
  void theCallSaysWhyNothingGoesOn() throws Exception {
    on(
        () -> {
          assertThat(call.cancelled()).isEqualTo(CancelCause.SERVER_STOPPING);
          assertThatThrownBy(call::body).hasMessageContaining("the call is over");
          assertThatThrownBy(() -> call.informational(Status.EARLY_HINTS, Headers.EMPTY))
              .isInstanceOf(CallCancelledException.class);
          call.respond(Response.ok("to nobody"));
        });
  }

  @Test
  void whoWaitsForABodyIsToldThatItWillNotCome() {
    assertThatThrownBy(() -> Eventually.get(bytes(), "the end of the body"))
        .hasMessageContaining("the call is over");
  }

  private CompletableFuture<byte[]> bytes() {
    return call.request().body().bytesAsync().toCompletableFuture();
  }

  private void on(Runnable check) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(
        () -> {
          try {
            check.run();
            done.complete(null);
          } catch (Throwable e) {
            done.completeExceptionally(e);
          }
        });
    Eventually.get(done, "a task after the stop");
  }
}
