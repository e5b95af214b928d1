package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Response;
import dev.runnel.testing.TcpPeer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
            .options(o -> o.loops(1).watchdog(Duration.ofMillis(250)))
            .handler(this::holdTheLoop)
            .start();
    try (TcpPeer peer = new TcpPeer(server.port())) {
      peer.send(GET);
      Eventually.until(() -> !lines.list.isEmpty(), "the watchdog");
      long looks = looks();
      Eventually.until(() -> looks() >= looks + 4, "more looks at the same held loop");
      assertThat(lines.list).as("nothing new is said").hasSize(1);
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
    Eventually.opens(release, "the end of the handler");
    exchange.respond(Response.ok("late"));
  }

  @Test
  void aBusyLoopIsNotAHeldOne() {
    Duration limit = Duration.ofMillis(400);
    int connections = 4; // times the look below, of which two are a limit
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
      long looks = looks();
      peers.forEach(peer -> peer.send(GET));
      peers.forEach(peer -> assertThat(peer.answer().status()).isEqualTo(200));
      assertThat(looks()).as("looks at the busy loop").isGreaterThanOrEqualTo(looks + connections);
      assertThat(lines.list).isEmpty();
    } finally {
      peers.forEach(TcpPeer::close);
      assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
    }
  }

  /** Holds the loop until the watchdog has looked at it, and no longer. */
  private static void work(Exchange exchange) {
    long looks = looks();
    Eventually.until(() -> looks() > looks, "a look of the watchdog");
    exchange.respond(Response.ok("done"));
  }

  /** How often the watchdog has looked: it sleeps behind each look. */
  private static long looks() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("runnel-watchdog"))
        .mapToLong(Thread::getId)
        .max() // one of a server that was stopped may be about to end
        .stream()
        .map(id -> ManagementFactory.getThreadMXBean().getThreadInfo(id).getWaitedCount())
        .findFirst()
        .orElseThrow();
  }
}
