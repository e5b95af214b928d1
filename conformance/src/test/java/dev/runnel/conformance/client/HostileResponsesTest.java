package dev.runnel.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.client.Client;
import dev.runnel.client.PoolStats;
import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.server.LeakCheck;
import dev.runnel.testing.Leaks;
import dev.runnel.testing.http2.Frame;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.TransportOptions;
import dev.runnel.transport.netty.NettyTransport;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that break rules or mean harm. Each answer gives what the server said or a typed failure
 * that names what happened; a connection is used again exactly if there is no doubt about it; and
 * nothing is left behind: no call, no timer, no buffer, no socket.
 */
class HostileResponsesTest {
  /** Looks, a millisecond apart, without a change: then nothing moves any more. */
  private static final int STILL = 50;

  private static LeakCheck leaks;
  private static ClientTransport transport;
  private static PendingTimers timers;

  @BeforeAll
  static void openTransport() throws Exception {
    new HostilePeer(new Http1Line(line -> {}), null).close(); // the JDK keeps a socket from then on
    leaks = new LeakCheck();
    transport = NettyTransport.open(TransportOptions.DEFAULT.withLoops(1));
    timers = new PendingTimers(transport.loop());
  }

  @AfterAll
  static void closeTransport() {
    transport.close();
    leaks.verify();
  }

  static List<Hostile> rows() {
    return Stream.of(
            HeadRows.rows(),
            BodyRows.rows(),
            EndRows.rows(),
            InformationalRows.rows(),
            FilterRows.rows(),
            CodingRows.rows(),
            Http2RuleRows.rows(),
            Http2StreamRows.rows(),
            Http2EndRows.rows(),
            Http2FloodRows.rows())
        .flatMap(List::stream)
        .filter(row -> row.toString().contains(System.getProperty("runnel.hostile", "")))
        .toList();
  }

  @Test
  void theTableIsAsLargeAsItShouldBe() {
    assertThat(rows()).extracting(Hostile::toString).doesNotHaveDuplicates();
    assertThat(rows()).hasSizeGreaterThanOrEqualTo(120);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void isSurvived(Hostile row) throws Exception {
    Leaks buffers = new Leaks();
    try (HostilePeer peer = row.peer()) {
      Client client = client(row);
      try {
        play(row, peer, client);
      } finally {
        client.close();
      }
      peer.awaitOpen(0);
      assertThat(peer.flaws()).as("what the server saw").isEmpty();
    }
    timers.awaitNone();
    Eventually.until(() -> buffers.left().isEmpty(), () -> "buffers: " + buffers.left());
    row.check();
  }

  /** Over HTTP/1.1 a server that is not read is not heard: its bytes stay in the sockets. */
  @Test
  void bytesThatNobodyReadsStayWithTheServer() throws Exception {
    Hostile row =
        Hostile.http1(
            "a body that nobody reads",
            line -> {
              line.send("HTTP/1.1 200 OK\r\n\r\n");
              line.flood("x");
            });
    try (HostilePeer peer = row.peer();
        Client client = client(row)) {
      Response response = Eventually.get(client.send(row.request(peer.port())), "the answer");
      AtomicLong last = new AtomicLong();
      AtomicInteger same = new AtomicInteger();
      Eventually.until(
          () -> {
            boolean still = last.getAndSet(peer.sent()) == peer.sent();
            return (still ? same.incrementAndGet() : same.getAndSet(0)) >= STILL;
          },
          "the server to be held");
      assertThat(peer.sent()).isLessThan(16L << 20);
      Body.discard(response.body());
      peer.awaitOpen(0);
      awaitIdle(client);
      assertThat(peer.flaws()).isEmpty();
    }
  }

  /** Over HTTP/2 the window is all that it may send: more ends the connection. */
  @Test
  void dataBeyondTheWindowEndsTheConnection() throws Exception {
    Hostile row =
        Hostile.http2(
            "DATA beyond the window",
            (line, stream) -> {
              line.send(Http2Line.head(stream, false, "200"));
              for (int i = 0; i < 200; i++) { // the window is 1 MiB at most
                line.send(Frame.data(stream, false, new byte[16 << 10]));
              }
              line.stall();
            });
    try (HostilePeer peer = row.peer();
        Client client = client(row)) {
      Response response = Eventually.get(client.send(row.request(peer.port())), "the answer");
      Eventually.until(() -> !row.refusals().isEmpty(), "the server to be told");
      assertThat(row.refusals().get(0)).endsWith("FLOW_CONTROL_ERROR");
      assertThatThrownBy(() -> response.content().bytes())
          .isInstanceOfSatisfying(
              ClientException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED_RESPONSE))
          .hasMessageContaining("FLOW_CONTROL_ERROR");
      awaitIdle(client);
      assertThat(peer.flaws()).isEmpty();
    }
  }

  private static Client client(Hostile row) {
    var builder = row.client(Client.builder().proxies(uri -> null));
    return row.needsTransport() ? builder.build() : builder.transport(transport).build();
  }

  private static void play(Hostile row, HostilePeer peer, Client client) throws Exception {
    row.before(client, peer.port());
    Told told = Told.by(client, row.request(peer.port()));
    told.check(row);
    awaitIdle(client);
    peer.behave();
    peer.answered();
    if (!row.isKept()) {
      peer.awaitOpen(0); // by the client: the script waits for that
    }
    Told next = Told.by(client, row.next(peer.port()));
    assertThat(next.body).as("the next answer, not " + next).isEqualTo("good");
    assertThat(next.number).as("the connection of the next call").isEqualTo(peer.accepted());
    assertThat(peer.accepted()).as("connections").isEqualTo(row.connections());
    assertThat(peer.sent()).as("bytes that were taken").isLessThan(row.most());
    assertThat(row.refusals()).as("what the server was told").containsAll(row.expectedRefusals());
    awaitIdle(client);
  }

  private static void awaitIdle(Client client) {
    Eventually.until(
        () -> isIdle(client.stats()), () -> "the client to be idle: " + client.stats());
  }

  private static boolean isIdle(PoolStats stats) {
    return stats.calls() == 0
        && stats.waiting() == 0
        && stats.dialing() == 0
        && stats.idle() == stats.connections();
  }

  /** What a caller was told. */
  private record Told(int status, String body, int number, @Nullable Throwable error) {
    static Told by(Client client, Request request) throws Exception {
      try {
        Response response = Eventually.get(client.send(request), "the answer");
        String number = response.headers().get(HostilePeer.NUMBER);
        String body =
            Eventually.get(response.content().textAsync().toCompletableFuture(), "the body");
        return new Told(
            response.status().code(), body, number == null ? 0 : Integer.parseInt(number), null);
      } catch (ExecutionException e) {
        return new Told(0, "", 0, e.getCause());
      }
    }

    void check(Hostile row) {
      if (row.reason() == null) {
        assertThat(error).as("the failure").isNull();
        assertThat(status).isEqualTo(row.status());
        assertThat(body).isEqualTo(row.body());
        return;
      }
      assertThat(error).as("the failure, not " + this).isInstanceOf(ClientException.class);
      ClientException failure = (ClientException) error;
      assertThat(failure.reason()).as(failure.toString()).isEqualTo(row.reason());
      assertThat(row.words()).allSatisfy(w -> assertThat(failure.getMessage()).contains(w));
    }

    @Override
    public String toString() {
      return error != null ? error.toString() : status + " " + body;
    }
  }
}
