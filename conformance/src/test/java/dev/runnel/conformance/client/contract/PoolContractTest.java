package dev.runnel.conformance.client.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.PoolOptions;
import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Connections that are kept, shared, waited for and lost. */
@EveryGround
class PoolContractTest extends ClientContract {
  private void declare(RouteBuilder r) {
    r.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
    r.handle(Method.POST, "/count", ClientContract::count);
    r.handle(Method.GET, "/wait/{name}", x -> answerLater(x, x.request().path("name")));
  }

  private List<CompletableFuture<Response>> send(int count, String path) {
    List<CompletableFuture<Response>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(begin(path));
    }
    return calls;
  }

  @Test
  void callsShareConnections() {
    start(this::declare);
    List<CompletableFuture<Response>> calls = send(50, "/wait/a");
    ground().until(() -> witness.count("started a") == 50, "all calls to arrive");
    assertThat(ground().connections()).isEqualTo(on.isHttp2() ? 1 : 50);
    witness.open("a");
    for (CompletableFuture<Response> call : calls) {
      assertThat(text(await(call))).isEqualTo("a");
    }
    assertThat(text(fetch("/text"))).isEqualTo("hi");
    assertThat(client().stats().connections()).isEqualTo(on.isHttp2() ? 1 : 50);
  }

  @Test
  void noMoreConnectionsThanAllowed() {
    start(this::declare);
    client(b -> b.pool(p -> p.withPerOrigin(3)));
    List<CompletableFuture<Response>> calls = send(200, "/text");
    for (CompletableFuture<Response> call : calls) {
      assertThat(text(await(call))).isEqualTo("hi");
    }
    assertThat(client().stats().connections()).isLessThanOrEqualTo(3);
  }

  @Test
  void moreCallsThanTheServerAllowsWait() {
    start(this::declare, o -> o.http2(http2(5)));
    client(b -> b.pool(p -> p.withPerOrigin(1)));
    assertThat(text(fetch("/text"))).as("its settings are known then").isEqualTo("hi");
    List<CompletableFuture<Response>> calls = send(20, "/wait/a");
    int most = on.isHttp2() ? 5 : 1;
    ground().until(() -> witness.count("started a") == most, "as many calls as may");
    assertThat(client().stats().waiting()).isEqualTo(20 - most);
    witness.open("a");
    for (CompletableFuture<Response> call : calls) {
      assertThat(text(await(call))).isEqualTo("a");
    }
  }

  private static Http2Options http2(int streams) {
    return Http2Options.DEFAULT.withConcurrentStreams(streams);
  }

  @Test
  void onlySoManyWait() {
    start(this::declare, o -> o.http2(http2(1)));
    client(b -> b.pool(p -> p.withPerOrigin(1).withWaiting(2)));
    assertThat(text(fetch("/text"))).as("its settings are known then").isEqualTo("hi");
    CompletableFuture<Response> first = begin("/wait/a");
    awaitNote("started a");
    List<CompletableFuture<Response>> waiting = send(2, "/wait/a");
    ClientException full = failure(begin("/wait/a"));
    assertThat(full.reason()).isEqualTo(Reason.POOL_FULL);
    assertThat(full.isUnprocessed()).isTrue();
    assertThat(full).hasMessageContaining("localhost");
    witness.open("a");
    text(await(first));
    for (CompletableFuture<Response> call : waiting) {
      assertThat(text(await(call))).isEqualTo("a");
    }
  }

  @Test
  void connectionsThatTheServerLimits() {
    start(this::declare, o -> o.limits(Limits.DEFAULT.withRequestsPerConnection(3)));
    for (int i = 0; i < 20; i++) {
      assertThat(text(Request.post(url("/count")).text("once"))).isEqualTo("4 bytes");
    }
    // Over HTTP/2 all go to one connection, and those that are one too many are sent again.
    List<CompletableFuture<Response>> calls = send(on.isHttp2() ? 6 : 20, "/text");
    for (CompletableFuture<Response> call : calls) {
      assertThat(text(await(call))).isEqualTo("hi");
    }
  }

  @Test
  void connectionsThatTheServerClosed() {
    Duration shortly = Duration.ofMillis(100);
    start(this::declare, o -> o.timeouts(Timeouts.DEFAULT.withKeepAliveIdle(shortly)));
    for (int i = 0; i < 3; i++) {
      assertThat(text(fetch("/text"))).isEqualTo("hi");
      if (on.inMemory()) {
        ground().advance(shortly.plusSeconds(10));
      }
      ground().until(() -> client().stats().connections() == 0, "the server's end to be seen");
    }
  }

  @Test
  void nothingIsKeptWhereNothingShallBe() {
    start(this::declare);
    client(b -> b.pool((PoolOptions p) -> p.withIdle(Duration.ZERO)));
    assertThat(text(fetch("/text"))).isEqualTo("hi");
    ground().until(() -> ground().connections() == 0, "the connection to be closed");
  }

  /** RFC 9113 6.8: between the two GOAWAYs of an orderly stop no call is lost. */
  @Test
  void noCallIsLostWhileAServerStops() {
    start(this::declare);
    client(b -> b.pool(p -> p.withPerOrigin(8).withWaiting(2000)));
    text(fetch("/text"));
    List<CompletableFuture<Response>> calls = send(500, "/text");
    ground().until(calls.get(0)::isDone, "the first call to end");
    CompletableFuture<?> stopped = ground().stop(Duration.ofSeconds(5));
    calls.addAll(send(500, "/text"));
    int answered = 0;
    for (CompletableFuture<Response> call : calls) {
      ground().until(call::isDone, "each call to end");
      try {
        assertThat(text(call.join())).isEqualTo("hi");
        answered++;
      } catch (CompletionException e) {
        ClientException error = (ClientException) e.getCause();
        // Nobody listens any more, which is certain and said.
        assertThat(error.reason()).isIn(typed());
        assertThat(error.isUnprocessed() || !on.isHttp2()).as("%s", error).isTrue();
      }
    }
    assertThat(answered).isPositive();
    if (on.inMemory()) {
      ground().advance(Duration.ofSeconds(10));
    }
    ground().until(stopped::isDone, "the server to stop");
  }

  /** Without a word of the server's before it ends, HTTP/1.1 cannot tell. */
  private Set<Reason> typed() {
    return on.isHttp2()
        ? Set.of(Reason.CONNECT, Reason.REFUSED)
        : Set.of(Reason.CONNECT, Reason.REFUSED, Reason.CONNECTION_LOST);
  }

  @Test
  void aClientThatClosesLetsItsCallsEnd() {
    start(this::declare);
    CompletableFuture<Response> answer = begin("/wait/a");
    awaitNote("started a");
    CompletableFuture<Void> closed = client().closeAsync(Duration.ofSeconds(20));
    assertThat(failure(begin("/text")).reason()).isEqualTo(Reason.CLOSED);
    witness.open("a");
    assertThat(text(await(answer))).isEqualTo("a");
    if (on.inMemory()) {
      ground().advance(Duration.ofSeconds(1));
    }
    await(closed);
    assertThat(client().stats().connections()).isZero();
  }
}
