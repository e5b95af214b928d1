package dev.runnel.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.server.LiveServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * SEMANTICS 5 under load: clients that send one request after the other while the server stops.
 *
 * <p>What is asserted: no client ever gets a part of an answer. Each request is either answered
 * whole, or its connection ends without one byte of an answer, which may only happen to a request
 * that crossed the server's close on the wire (RFC 9112 9.5: the client sends it again). The server
 * answered every request whose handler it started. Whoever had a call in flight when the stop began
 * was told {@code Connection: close}. The report counts the last calls of all who were told, and no
 * failure.
 */
class DrainUnderLoadTest {
  private static final int CLIENTS = 48;
  private static final Response ANSWER = Response.ok("x".repeat(3000));

  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private volatile boolean holding;

  /** How a client's connection ended. */
  private record End(String path, int answers, boolean told, String torn) {}

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"KQUEUE", "AUTO"})
  void noAcceptedRequestIsLost(Transport transport) throws Exception {
    Transports.assumeLoads(transport);
    ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
    try (LiveServer server =
        LiveServer.start(this::handle, o -> o.transport(transport).loops(2).observer(counter()))) {
      List<Future<End>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String path = i % 2 == 0 ? "/now" : "/later";
        clients.add(pool.submit(() -> askUntilTheEnd(server.port(), path)));
      }
      Eventually.until(
          () -> ended.get() > 20 * CLIENTS && server.server().connections() == CLIENTS,
          () -> "only " + ended + " calls ended");
      holding = true;
      Eventually.until(() -> held.get() == CLIENTS / 2, () -> "only " + held + " calls are held");
      DrainReport report = server.server().stop(Duration.ofSeconds(10));

      int answers = 0;
      int untold = 0;
      for (Future<End> client : clients) {
        End end = Eventually.get(client, "a client to end");
        assertThat(end.torn).as("a part of an answer").isEmpty();
        answers += end.answers;
        untold += end.told ? 0 : 1;
        assertThat(end.told || end.path.equals("/now")).as("told, as in flight").isTrue();
      }
      assertThat(answers).as("whole answers").isEqualTo(started.get());
      assertThat(ended).hasValue(started.get());
      assertThat(report.cancelled()).isZero();
      assertThat(report.abandoned()).isZero();
      assertThat(report.connections()).isEqualTo(CLIENTS);
      assertThat(report.finished()).isBetween(CLIENTS - untold, started.get());
    } finally {
      pool.shutdownNow();
    }
  }

  private ServerObserver counter() {
    return new ServerObserver() {
      @Override
      public void requestStarted(Request request) {
        started.incrementAndGet();
      }

      @Override
      public void requestEnded(Request request, Outcome outcome) {
        ended.incrementAndGet();
      }
    };
  }

  private void handle(Exchange x) {
    if (x.request().rawPath().equals("/now")) {
      x.respond(ANSWER);
    } else if (holding) {
      held.incrementAndGet();
      answerWhenStopping(x);
    } else {
      x.loop().schedule(() -> x.respond(ANSWER), Duration.ofMillis(3));
    }
  }

  private static void answerWhenStopping(Exchange x) {
    if (x.server().isStopping()) {
      x.respond(ANSWER);
    } else {
      x.loop().schedule(() -> answerWhenStopping(x), Duration.ofMillis(3));
    }
  }

  private static End askUntilTheEnd(int port, String path) throws IOException {
    int answers = 0;
    try (RawClient client = new RawClient(port)) {
      while (true) {
        String answer = client.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        if (!answer.endsWith("\r\n\r\n" + "x".repeat(3000))) {
          return new End(path, answers, false, answer);
        }
        answers++;
        if (answer.contains("\r\nConnection: close\r\n")) {
          return new End(path, answers, true, client.takeAll());
        }
      }
    }
  }
}
