package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Response;
import dev.runnel.testing.TcpPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is said of handlers that hold their loop. */
class WatchdogTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private final Logger logger = (Logger) LoggerFactory.getLogger("runnel.watchdog");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void detach() {
    logger.detachAppender(lines);
  }

  @Test
  void aHandlerThatHoldsTheLoopIsLoggedOnceWithItsStack() {
    Server server =
        Server.builder()
            .port(0)
            .options(o -> o.loops(1).watchdog(Duration.ofMillis(50)))
            .handler(this::holdTheLoop)
            .start();
    try (TcpPeer peer = new TcpPeer(server.port())) {
      peer.send(GET);
      Eventually.until(() -> !lines.list.isEmpty(), "the watchdog");
      // Several more looks at the same held loop say nothing new.
      assertThat(Eventually.within(Duration.ofMillis(300), () -> lines.list.size() > 1)).isFalse();
      release.countDown();
      assertThat(peer.answer().status()).isEqualTo(200);
      assertThat(lines.list.get(0).getFormattedMessage())
          .contains("is held for")
          .contains("\n\tat ")
          .contains("WatchdogTest.holdTheLoop");
    } finally {
      release.countDown();
      assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
    }
  }

  private void holdTheLoop(Exchange exchange) throws InterruptedException {
    assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
    exchange.respond(Response.ok("late"));
  }

  @Test
  void aBusyLoopIsNotAHeldOne() {
    Duration limit = Duration.ofMillis(500);
    int connections = 60; // times the 20 ms below is more than the limit, within one turn or two
    Server server =
        Server.builder()
            .port(0)
            .options(o -> o.loops(1).watchdog(limit))
            .handler(WatchdogTest::work)
            .start();
    List<TcpPeer> peers = new ArrayList<>();
    try {
      for (int i = 0; i < connections; i++) {
        peers.add(new TcpPeer(server.port()));
      }
      Eventually.until(() -> server.connections() == connections, "all to be accepted");
      long begin = System.nanoTime();
      peers.forEach(peer -> peer.send(GET));
      peers.forEach(peer -> assertThat(peer.answer().status()).isEqualTo(200));
      assertThat(System.nanoTime() - begin).isGreaterThan(limit.toNanos());
      assertThat(lines.list).isEmpty();
    } finally {
      peers.forEach(TcpPeer::close);
      assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
    }
  }

  /** Holds the processor, not for long. */
  private static void work(Exchange exchange) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    exchange.respond(Response.ok("done"));
  }
}
