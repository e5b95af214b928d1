package dev.runnel.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.testing.Answer;
import dev.runnel.testing.TcpPeer;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an observer sees. */
class ObserverTest {
  private static final String BAD = "no request\r\n\r\n";

  private final IllegalStateException broken = new IllegalStateException("broken");
  private final Recorder seen = new Recorder();

  private Server start(ServerObserver... observers) {
    return Server.builder()
        .port(0)
        .options(
            o -> {
              for (ServerObserver observer : observers) {
                o.observer(observer);
              }
            })
        .routes(
            r ->
                r.postAsync("/echo", req -> req.body().textAsync().thenApply(Response::ok))
                    .handle(Method.GET, "/never", exchange -> {})
                    .handle(
                        Method.GET,
                        "/broken",
                        exchange -> {
                          throw broken;
                        }))
        .start();
  }

  private static void stop(Server server) {
    assertThat(server.stop(Duration.ofSeconds(5)).abandoned()).isZero();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String post(String body) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private void awaitClosed() {
    Eventually.until(
        () -> seen.events.stream().anyMatch(e -> e.startsWith("closed")), () -> "" + seen.events);
  }

  @Test
  void aCallFromBeginningToEnd() {
    Server server = start(seen);
    try {
      String request = post("hello");
      int received;
      try (TcpPeer peer = new TcpPeer(server.port())) {
        Answer first = peer.send(request).answer();
        assertThat(first.body()).isEqualTo("hello");
        received = first.length() + peer.send(request).answer().length();
      }
      awaitClosed();
      assertThat(seen.events)
          .containsExactly(
              "opened",
              "started POST /echo",
              "response 200",
              "ended POST /echo",
              "started POST /echo",
              "response 200",
              "ended POST /echo",
              "closed " + 2 * request.length() + " " + received);
      assertThat(seen.outcomes)
          .hasSize(2)
          .allSatisfy(
              outcome -> {
                assertThat(outcome.status()).isEqualTo(200);
                assertThat(outcome.bytesReceived()).isEqualTo(5);
                assertThat(outcome.bytesSent()).isEqualTo(5);
                assertThat(outcome.nanos()).isNotNegative();
                assertThat(outcome.cancelled()).isNull();
                assertThat(outcome.error()).isNull();
              });
    } finally {
      stop(server);
    }
  }

  @Test
  void aCallThatFails() {
    Server server = start(seen);
    try {
      try (TcpPeer peer = new TcpPeer(server.port())) {
        assertThat(peer.send(get("/broken")).answer().status()).isEqualTo(500);
      }
      awaitClosed();
      assertThat(seen.events).contains("started GET /broken", "response 500", "ended GET /broken");
      assertThat(seen.outcomes).hasSize(1);
      assertThat(seen.outcomes.get(0).status()).isEqualTo(500);
      assertThat(seen.outcomes.get(0).error()).isSameAs(broken);
      assertThat(seen.outcomes.get(0).cancelled()).isNull();
    } finally {
      stop(server);
    }
  }

  @Test
  void aClientThatLeaves() {
    Server server = start(seen);
    try {
      TcpPeer peer = new TcpPeer(server.port());
      peer.send(get("/never"));
      Eventually.until(() -> server.calls() == 1, "the call");
      peer.vanish();
      awaitClosed();
      assertThat(seen.events)
          .containsExactly(
              "opened",
              "started GET /never",
              "ended GET /never",
              "closed " + get("/never").length() + " 0");
      assertThat(seen.outcomes).hasSize(1);
      assertThat(seen.outcomes.get(0).status()).isEqualTo(Outcome.CLIENT_CLOSED_REQUEST);
      assertThat(seen.outcomes.get(0).cancelled()).isEqualTo(CancelCause.CLIENT_GONE);
    } finally {
      stop(server);
    }
  }

  @Test
  void bytesThatAreNoRequest() {
    Server server = start(seen);
    try {
      int received;
      try (TcpPeer peer = new TcpPeer(server.port())) {
        Answer answer = peer.send(BAD).answer();
        assertThat(answer.status()).isEqualTo(400);
        received = answer.length();
      }
      awaitClosed();
      assertThat(seen.events)
          .containsExactly("opened", "rejected 400", "closed " + BAD.length() + " " + received);
      assertThat(seen.reasons).hasSize(1).allSatisfy(reason -> assertThat(reason).isNotBlank());
    } finally {
      stop(server);
    }
  }

  @Test
  void anObserverThatThrowsHarmsNobody() {
    Logger logger = (Logger) LoggerFactory.getLogger("runnel");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    Server server = start(new Thrower(), seen);
    try {
      try (TcpPeer peer = new TcpPeer(server.port())) {
        assertThat(peer.send(post("hello")).answer().body()).isEqualTo("hello");
        assertThat(peer.send(BAD).answer().status()).isEqualTo(400);
      }
      awaitClosed();
      assertThat(seen.events).hasSize(6);
      List<String> messages =
          lines.list.stream()
              .filter(line -> line.getThrowableProxy() != null)
              .map(line -> line.getThrowableProxy().getMessage())
              .toList();
      assertThat(messages)
          .containsExactly("opened", "started", "response", "ended", "rejected", "closed");
    } finally {
      logger.detachAppender(lines);
      stop(server);
    }
  }

  private static final class Recorder implements ServerObserver {
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    final List<String> reasons = new CopyOnWriteArrayList<>();

    @Override
    public void connectionOpened(SocketAddress remote) {
      events.add("opened");
    }

    @Override
    public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {
      events.add("closed " + bytesRead + " " + bytesWritten);
    }

    @Override
    public void requestStarted(Request request) {
      events.add("started " + request.method() + " " + request.target());
    }

    @Override
    public void responseStarted(Request request, Status status) {
      events.add("response " + status.code());
    }

    @Override
    public void requestEnded(Request request, Outcome outcome) {
      outcomes.add(outcome);
      events.add("ended " + request.method() + " " + request.target());
    }

    @Override
    public void requestRejected(SocketAddress remote, Status status, String reason) {
      reasons.add(reason);
      events.add("rejected " + status.code());
    }
  }

  private static final class Thrower implements ServerObserver {
    @Override
    public void connectionOpened(SocketAddress remote) {
      throw new IllegalStateException("opened");
    }

    @Override
    public void connectionClosed(SocketAddress remote, long bytesRead, long bytesWritten) {
      throw new IllegalStateException("closed");
    }

    @Override
    public void requestStarted(Request request) {
      throw new IllegalStateException("started");
    }

    @Override
    public void responseStarted(Request request, Status status) {
      throw new IllegalStateException("response");
    }

    @Override
    public void requestEnded(Request request, Outcome outcome) {
      throw new IllegalStateException("ended");
    }

    @Override
    public void requestRejected(SocketAddress remote, Status status, String reason) {
      throw new IllegalStateException("rejected");
    }
  }
}
