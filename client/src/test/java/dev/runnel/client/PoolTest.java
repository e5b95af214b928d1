package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ScriptedTransport.Call;
import dev.runnel.client.ScriptedTransport.Connection;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.Destination.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which connections calls get, and when. */
class PoolTest extends PlayedServers {
  @Test
  void connectionsAreUsedAgain() {
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Response> answer = send(Request.get(URL));
      call().whole(200, "");
      assertThat(answer).isCompleted();
    }
    assertThat(transport.connections).hasSize(1);
    assertThat(client.stats().idle()).isEqualTo(1);
  }

  @Test
  void idleConnectionsAreClosedInTime() {
    send(Request.get(URL));
    call().whole(200, "");
    transport.loop.advance(Duration.ofSeconds(49));
    assertThat(transport.last().closeAsked).isFalse();
    transport.loop.advance(Duration.ofSeconds(2));
    assertThat(transport.last().closeAsked).isTrue();
    assertThat(client.stats().connections()).isZero();
    assertThat(transport.loop.timers()).isZero();
  }

  @Test
  void idleConnectionsAreClosedInTimeWhereTheyMayGrowOlder() {
    client = client(b -> b.pool(p -> p.withAge(Duration.ofMinutes(10))));
    for (int i = 0; i < 2; i++) { // in use, only its age counts
      send(Request.get(URL));
      transport.loop.advance(Duration.ofSeconds(60));
      call().whole(200, "");
      transport.loop.advance(Duration.ofSeconds(40));
    }
    assertThat(transport.connections).hasSize(1);
    transport.loop.advance(Duration.ofSeconds(9));
    assertThat(transport.last().closeAsked).isFalse();
    transport.loop.advance(Duration.ofSeconds(2));
    assertThat(transport.last().closeAsked).isTrue();
    assertThat(transport.loop.timers()).isZero();
  }

  @Test
  void theAgeOfAnIdleConnectionCountsToo() {
    client = client(b -> b.pool(p -> p.withAge(Duration.ofSeconds(70))));
    send(Request.get(URL));
    transport.loop.advance(Duration.ofSeconds(30));
    call().whole(200, "");
    transport.loop.advance(Duration.ofSeconds(39));
    assertThat(transport.last().closeAsked).isFalse();
    transport.loop.advance(Duration.ofSeconds(2));
    assertThat(transport.last().closeAsked).isTrue();
    assertThat(transport.loop.timers()).isZero();
  }

  @Test
  void oldConnectionsGetNoNewCalls() {
    client = client(b -> b.pool(p -> p.withAge(Duration.ofSeconds(10))));
    send(Request.get(URL));
    Connection first = transport.last();
    transport.loop.advance(Duration.ofSeconds(11));
    send(Request.get(URL));
    assertThat(transport.connections).hasSize(2);
    call().whole(200, "");
    first.call().whole(200, "");
    assertThat(first.closeAsked).isTrue();
  }

  @Test
  void callsWaitForAPlace() {
    client = client(b -> b.pool(p -> p.withPerOrigin(1)));
    CompletableFuture<Response> first = send(Request.get(URL));
    CompletableFuture<Response> second = send(Request.get(URL));
    assertThat(client.stats().waiting()).isEqualTo(1);
    call().whole(200, "1");
    assertThat(text(first.join())).isEqualTo("1");
    transport.loop.run();
    assertThat(transport.last().calls).hasSize(2);
    call().whole(200, "2");
    assertThat(text(second.join())).isEqualTo("2");
    assertThat(transport.connections).hasSize(1);
  }

  @Test
  void onlySoManyMayWait() {
    client = client(b -> b.pool(p -> p.withPerOrigin(1).withWaiting(1)));
    send(Request.get(URL));
    CompletableFuture<Response> second = send(Request.get(URL));
    CompletableFuture<Response> third = send(Request.get(URL));
    assertThat(failure(third).reason()).isEqualTo(Reason.POOL_FULL);
    assertThat(failure(third)).hasMessageContaining("a.example:80");
    call().whole(200, "");
    transport.loop.run();
    call().whole(200, "");
    assertThat(second).isCompleted();
  }

  @Test
  void nobodyMayWaitButForAConnectionThatIsMade() {
    client = client(b -> b.pool(p -> p.withPerOrigin(2).withWaiting(0)));
    CompletableFuture<Response> first = send(Request.get(URL));
    Connection one = transport.last();
    CompletableFuture<Response> second = send(Request.get(URL));
    CompletableFuture<Response> third = send(Request.get(URL));
    assertThat(failure(third).reason()).isEqualTo(Reason.POOL_FULL);
    one.call().whole(200, "");
    transport.last().call().whole(200, "");
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }

  @Test
  void waitingForAPlaceHasItsTime() {
    client = client(b -> b.pool(p -> p.withPerOrigin(1)));
    send(Request.get(URL));
    CompletableFuture<Response> second = send(Request.get(URL));
    transport.loop.advance(Duration.ofSeconds(30));
    assertThat(failure(second).reason()).isEqualTo(Reason.POOL_TIMEOUT);
    assertThat(failure(second).isUnprocessed()).isTrue();
    call().whole(200, "");
  }

  @Test
  void oneHttp2ConnectionIsWaitedForByAll() {
    transport.callLimit = 100;
    transport.opensAtOnce = false;
    List<CompletableFuture<Response>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(send(Request.get(URL)));
    }
    assertThat(transport.dials).hasSize(1);
    Connection connection = transport.dials.get(0).open();
    transport.loop.run();
    assertThat(connection.calls).hasSize(20);
    connection.calls.forEach(c -> c.whole(200, ""));
    assertThat(answers).allMatch(CompletableFuture::isDone);
  }

  @Test
  void http1ConnectionsAreMadeForAllOnceItIsKnown() {
    transport.opensAtOnce = false;
    for (int i = 0; i < 5; i++) {
      send(Request.get(URL));
    }
    assertThat(transport.dials).hasSize(1);
    transport.dials.get(0).open();
    transport.loop.run();
    assertThat(transport.dials).hasSize(5);
    List.copyOf(transport.dials.subList(1, 5)).forEach(ScriptedTransport.Dial::open);
    transport.loop.run();
    assertThat(transport.connections).allMatch(c -> c.calls.size() == 1);
    transport.connections.forEach(c -> c.call().whole(200, ""));
  }

  @Test
  void aLimitThatGrowsLetsMoreIn() {
    transport.callLimit = 2;
    client = client(b -> b.pool(p -> p.withPerOrigin(1)));
    for (int i = 0; i < 4; i++) {
      send(Request.get(URL));
    }
    Connection connection = transport.last();
    assertThat(connection.calls).hasSize(2);
    connection.limit = 10;
    connection.changed();
    assertThat(connection.calls).hasSize(4);
    connection.calls.forEach(c -> c.whole(200, ""));
  }

  @Test
  void aFailedDialFailsWhoWaits() {
    transport.opensAtOnce = false;
    CompletableFuture<Response> first = send(Request.get(URL));
    CompletableFuture<Response> second = send(Request.get(URL));
    transport.dials.get(0).fail(new ClientException(Reason.CONNECT, "refused", true, null));
    assertThat(failure(first).reason()).isEqualTo(Reason.CONNECT);
    assertThat(failure(second).reason()).isEqualTo(Reason.CONNECT);
  }

  private CompletableFuture<Response> within(int seconds) {
    Duration limit = Duration.ofSeconds(seconds);
    CallTimeouts timeouts = client.timeouts().withConnect(limit).withTls(limit);
    return send(Request.get(URL).with(CallOptions.KEY, CallOptions.NONE.withTimeouts(timeouts)));
  }

  @ParameterizedTest
  @EnumSource(names = {"CONNECT_TIMEOUT", "TLS_TIMEOUT"})
  void theTimeThatOneHasForAConnectionIsNotThatOfOthers(Reason late) {
    transport.opensAtOnce = false;
    ClientException error = new ClientException(late, "not in time", true, null);
    List<CompletableFuture<Response>> calls =
        List.of(within(5), within(1), within(9), within(0), within(9));
    transport.dials.get(0).fail(error);
    assertThat(calls).extracting(CompletableFuture::isDone).startsWith(true, true, false);
    assertThat(transport.dials).hasSize(2);
    assertThat(transport.dials.get(1).times.connect()).isEqualTo(Duration.ofSeconds(9));
    transport.dials.get(1).fail(error);
    assertThat(calls)
        .extracting(CompletableFuture::isDone)
        .containsExactly(true, true, true, false, true);
    assertThat(transport.dials).hasSize(3);
    transport.dials.get(2).open();
    transport.loop.run();
    call().whole(200, "");
    assertThat(calls.get(3)).isCompletedWithValueMatching(answer -> answer.status().code() == 200);
    assertThat(failure(calls.get(0))).isSameAs(error);
  }

  @Test
  void whoHasForeverIsDialedForOnce() {
    transport.opensAtOnce = false;
    CompletableFuture<Response> answer = within(0);
    transport.dials.get(0).fail(new ClientException(Reason.CONNECT_TIMEOUT, "", true, null));
    assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECT_TIMEOUT);
    assertThat(transport.dials).hasSize(1);
  }

  @Test
  void cancellingBeforeThereIsAConnection() {
    transport.opensAtOnce = false;
    CompletableFuture<Response> answer = send(Request.get(URL));
    assertThat(answer.cancel(true)).isTrue();
    Connection late = transport.dials.get(0).open();
    transport.loop.run();
    assertThat(late.calls).isEmpty();
    assertThat(client.stats().idle()).isEqualTo(1);
  }

  @Test
  void aStaleConnectionIsReplacedForAGet() {
    send(Request.get(URL));
    call().whole(200, "");
    CompletableFuture<Response> answer = send(Request.get(URL));
    transport.last().lose();
    transport.loop.run();
    assertThat(transport.connections).hasSize(2);
    call().whole(200, "fresh");
    assertThat(text(answer.join())).isEqualTo("fresh");
  }

  @Test
  void aStaleConnectionIsNotReplacedForAPost() {
    send(Request.get(URL));
    call().whole(200, "");
    CompletableFuture<Response> answer = send(Request.post(URL).text("once"));
    transport.last().lose();
    assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECTION_LOST);
  }

  @Test
  void aFreshConnectionThatBreaksIsNotTriedAgain() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    transport.last().lose();
    assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECTION_LOST);
  }

  @Test
  void aRefusedPostIsSentAgain() {
    CompletableFuture<Response> answer = send(Request.post(URL).text("twice"));
    transport.last().usable = false;
    Call first = call();
    transport.loop.execute(
        () -> first.fail(new ClientException(Reason.REFUSED, "going away", true, null)));
    transport.loop.run();
    assertThat(call()).isNotSameAs(first);
    assertThat(call().sent).containsExactly("twice");
    call().whole(200, "");
    assertThat(answer).isCompleted();
  }

  @Test
  void callsOfOtherOptionsShareNoConnections() {
    send(Request.get(URL));
    call().whole(200, "");
    send(Request.get(URL).with(CallOptions.KEY, CallOptions.NONE.withProtocol(Protocol.HTTP_2)));
    assertThat(transport.connections).hasSize(2);
    call().whole(200, "");
  }

  @Test
  void closingFailsWhoWaitsAndWhoComes() {
    client = client(b -> b.pool(p -> p.withPerOrigin(1)));
    CompletableFuture<Response> first = send(Request.get(URL));
    CompletableFuture<Response> second = send(Request.get(URL));
    client.closeAsync(Duration.ofSeconds(5));
    transport.loop.run();
    assertThat(failure(second).reason()).isEqualTo(Reason.CLOSED);
    assertThat(failure(send(Request.get(URL))).reason()).isEqualTo(Reason.CLOSED);
    call().whole(200, "last");
    assertThat(text(first.join())).isEqualTo("last");
    transport.loop.advance(Duration.ofMillis(50));
    assertThat(transport.last().gone).isTrue();
    assertThat(transport.closed).as("a transport that others may use").isFalse();
  }

  @Test
  void whatIsLeftAtTheEndOfTheDrainIsGivenUp() {
    CompletableFuture<Response> first = send(Request.get(URL));
    client.closeAsync(Duration.ofSeconds(5));
    transport.loop.advance(Duration.ofSeconds(6));
    assertThat(failure(first).reason()).isEqualTo(Reason.CLOSED);
  }
}
