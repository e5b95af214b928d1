package dev.runnel.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.routing.Routes;
import dev.runnel.server.Eventually;
import dev.runnel.server.Server;
import dev.runnel.testing.TcpPeer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AfterStopTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final CompletableFuture<Throwable> refused = new CompletableFuture<>();

  @Test
  void aThreadThatSendsToAStreamOfAStoppedServerDoesNotWaitForEver() throws Exception {
    Routes routes = Routes.of(r -> r.get("/", req -> Sse.stream(this::sendLate)));
    Server server = Server.builder().port(0).routes(routes).start();
    try (TcpPeer peer = new TcpPeer(server.port())) {
      peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Eventually.opens(begun, "the stream");
      assertThat(server.stop(Duration.ZERO).abandoned()).isEqualTo(1);
    }
    goOn.countDown();
    assertThat(Eventually.get(refused, "the end of the sending"))
        .isInstanceOfAny(CallCancelledException.class, SseClosedException.class);
  }

  /** A thread that nobody interrupts, and that looks at nothing but its latch. */
  private void sendLate(SseSink sink) throws InterruptedException {
    begun.countDown();
    Eventually.opens(goOn, "the stop");
    try {
      sink.send(ServerEvent.of("too late"));
      refused.completeExceptionally(new AssertionError("sent to nobody"));
    } catch (RuntimeException e) {
      refused.complete(e);
    }
  }
}
