package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.client.ScriptedTransport.Call;
import dev.runnel.client.ScriptedTransport.Connection;
import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a call does, over connections whose servers the test plays. */
class ClientTest {
  private static final String URL = "http://a.example/x";

  private final ScriptedTransport transport = new ScriptedTransport();
  private Client client = client(b -> b);

  private Client client(java.util.function.UnaryOperator<ClientBuilder> edit) {
    return edit.apply(
            Client.builder()
                .proxies(ProxyChoice.NONE)
                .withoutHeader("User-Agent")
                .withoutHeader("Accept")
                .withoutDecoding()
                .transport(transport))
        .build();
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(client.stats().calls()).as("calls on connections").isZero();
    assertThat(client.stats().waiting()).as("calls that wait").isZero();
  }

  private CompletableFuture<Response> send(Request request) {
    CompletableFuture<Response> answer = client.send(request);
    transport.loop.run();
    return answer;
  }

  private static ClientException failure(CompletableFuture<?> answer) {
    assertThat(answer).isCompletedExceptionally();
    try {
      answer.join();
    } catch (CompletionException e) {
      return (ClientException) e.getCause();
    }
    throw new AssertionError("it succeeded");
  }

  private String text(Response response) {
    CompletableFuture<String> text = response.content().textAsync().toCompletableFuture();
    transport.loop.run();
    return text.join();
  }

  private Call call() {
    return transport.last().call();
  }

  @Test
  void anAnswerIsRead() {
    CompletableFuture<Response> answer = send(Request.get(URL).header("X-A", "b"));
    assertThat(call().head.target()).isEqualTo("/x");
    assertThat(call().head.authority()).isEqualTo("a.example");
    assertThat(call().head.headers().get("x-a")).isEqualTo("b");
    call().whole(200, "hello", "Content-Type", "text/plain");
    assertThat(answer.join().status().code()).isEqualTo(200);
    assertThat(text(answer.join())).isEqualTo("hello");
    assertThat(answer.join().received().uri().toString()).isEqualTo(URL);
  }

  @Test
  void aBodyIsReadOnce() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().whole(200, "hello");
    assertThat(text(answer.join())).isEqualTo("hello");
    assertThatThrownBy(() -> text(answer.join()))
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("was read or discarded before");
  }

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
  void cancellingACall() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    assertThat(answer.cancel(true)).isTrue();
    transport.loop.run();
    assertThat(call().cancelled).isNotNull();
    assertThat(call().cancelled.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(client.stats().connections()).isZero();
  }

  @Test
  void theWholeCallHasItsTime() {
    client = client(b -> b.timeouts(t -> t.withCall(Duration.ofSeconds(5))));
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().answer(200);
    transport.loop.advance(Duration.ofSeconds(4));
    CompletableFuture<String> text = answer.join().content().textAsync().toCompletableFuture();
    transport.loop.advance(Duration.ofSeconds(1));
    assertThat(failure(text).reason()).isEqualTo(Reason.CALL_TIMEOUT);
    assertThat(failure(text)).hasMessageContaining("PT5S");
  }

  @Test
  void theTimeOfACallThatIsOverIsNoOnesAffair() {
    client = client(b -> b.timeouts(t -> t.withCall(Duration.ofSeconds(5))));
    send(Request.get(URL));
    call().whole(200, "");
    transport.loop.run();
    assertThat(transport.loop.timers()).as("only the pool looks again").isEqualTo(1);
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
  void redirectsAreFollowed() {
    CompletableFuture<Response> answer =
        send(Request.post(URL).header("Authorization", "secret").text("body"));
    call().whole(302, "", "Location", "http://b.example/y");
    transport.loop.run();
    assertThat(transport.last().to.host()).isEqualTo("b.example");
    assertThat(call().head.method()).isEqualTo(Method.GET);
    assertThat(call().head.headers().get("Authorization")).isNull();
    assertThat(call().head.hasBody()).isFalse();
    call().whole(200, "there");
    assertThat(text(answer.join())).isEqualTo("there");
    assertThat(answer.join().received().uri().toString()).isEqualTo("http://b.example/y");
  }

  @Test
  void aBodyThatIsGoneCannotBeRedirected() {
    Body once =
        new Body.Producer() {
          @Override
          public void produce(dev.runnel.http.BodyWriter writer) {
            writer.end();
          }
        };
    CompletableFuture<Response> answer = send(Request.post(URL).body(once));
    call().whole(307, "", "Location", "/again");
    transport.loop.run();
    assertThat(failure(answer).reason()).isEqualTo(Reason.REQUEST_BODY);
  }

  @Test
  void redirectLoopsEnd() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    for (int i = 0; i <= 20; i++) {
      call().whole(302, "", "Location", "/x");
      transport.loop.run();
    }
    assertThat(failure(answer).reason()).isEqualTo(Reason.TOO_MANY_REDIRECTS);
  }

  @Test
  void retriesWaitAndStopWhenCancelled() {
    client =
        client(
            b ->
                b.retries(
                    RetryPolicy.DEFAULT.withDelays(Duration.ofSeconds(1), Duration.ofSeconds(1))));
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().whole(503, "", "Retry-After", "5");
    transport.loop.run();
    transport.loop.advance(Duration.ofMillis(4_900));
    assertThat(transport.last().calls).hasSize(1);
    transport.loop.advance(Duration.ofMillis(1_200));
    assertThat(transport.last().calls).hasSize(2);
    call().whole(503, "", "Retry-After", "5");
    transport.loop.run();
    assertThat(answer.cancel(true)).isTrue();
    transport.loop.advance(Duration.ofSeconds(10));
    assertThat(transport.last().calls).hasSize(2);
  }

  @Test
  void aBodyWaitsForContinue() {
    Request request =
        Request.put(URL)
            .text("upload")
            .with(CallOptions.KEY, CallOptions.NONE.withExpectContinue());
    CompletableFuture<Response> answer = send(request);
    assertThat(call().head.headers().get("Expect")).isEqualTo("100-continue");
    assertThat(call().sent).isEmpty();
    call().informational(100);
    assertThat(call().sent).containsExactly("upload");
    call().whole(200, "");
    assertThat(answer).isCompleted();
  }

  @Test
  void aServerThatDoesNotSayContinueIsNotWaitedForLong() {
    send(
        Request.put(URL)
            .text("upload")
            .with(CallOptions.KEY, CallOptions.NONE.withExpectContinue()));
    transport.loop.advance(Duration.ofMillis(999));
    assertThat(call().sent).isEmpty();
    transport.loop.advance(Duration.ofMillis(1));
    assertThat(call().sent).containsExactly("upload");
    call().whole(200, "");
  }

  @Test
  void aRefusalInsteadOfContinueSparesTheUpload() {
    CompletableFuture<Response> answer =
        send(
            Request.put(URL)
                .text("upload")
                .with(CallOptions.KEY, CallOptions.NONE.withExpectContinue()));
    call().whole(413, "");
    transport.loop.advance(Duration.ofSeconds(2));
    assertThat(call().sent).isEmpty();
    assertThat(call().abandoned).isTrue();
    assertThat(answer.join().status().code()).isEqualTo(413);
  }

  @Test
  void informationalHeadsAreTold() {
    List<Integer> told = new ArrayList<>();
    send(
        Request.get(URL)
            .with(
                CallOptions.KEY,
                CallOptions.NONE.withInformational(head -> told.add(head.status().code()))));
    call().informational(103);
    call().whole(200, "");
    assertThat(told).containsExactly(103);
  }

  @Test
  void whatFailsABodyFailsTheCall() {
    Body broken =
        new Body.Producer() {
          @Override
          public void produce(dev.runnel.http.BodyWriter writer) {
            throw new IllegalStateException("no bytes today");
          }
        };
    CompletableFuture<Response> answer = send(Request.post(URL).body(broken));
    transport.loop.run();
    assertThat(failure(answer).reason()).isEqualTo(Reason.REQUEST_BODY);
    assertThat(failure(answer)).hasRootCauseMessage("no bytes today");
  }

  @Test
  void aDiscardedBodyGivesItsPlaceBack() {
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().answer(200);
    Body.discard(answer.join().body());
    transport.loop.run();
    assertThat(call().cancelled).isNotNull();
  }

  @Test
  void userAndPasswordOfAUrlBecomeAField() {
    send(Request.get("http://joe:secret@a.example/"));
    assertThat(call().head.headers().get("Authorization")).isEqualTo("Basic am9lOnNlY3JldA==");
    assertThat(call().head.authority()).isEqualTo("a.example");
    call().whole(200, "");
  }

  @Test
  void throughAProxyThatForwardsTheTargetIsAbsolute() {
    client = client(b -> b.proxy(new Proxy(Proxy.Kind.HTTP, "proxy.example", 3128)));
    send(Request.get("http://a.example/x?y"));
    assertThat(call().head.target()).isEqualTo("http://a.example/x?y");
    call().whole(200, "");
    send(Request.get("https://a.example/x?y"));
    assertThat(call().head.target()).isEqualTo("/x?y");
    call().whole(200, "");
  }

  @Test
  void addressesOfIpv6HaveBracketsInUrlsOnly() {
    send(Request.get("http://[2001:DB8:0::1]:81/"));
    assertThat(transport.last().to.host()).isEqualTo("2001:db8::1");
    assertThat(call().head.authority()).isEqualTo("[2001:db8::1]:81");
    call().whole(200, "");
  }

  @Test
  void aHandshakeInClearGoesThroughATunnel() {
    client = client(b -> b.proxy(new Proxy(Proxy.Kind.HTTP, "proxy.example", 3128)));
    CompletableFuture<Upgraded> upgraded =
        client.upgrade(Request.get("ws://a.example/chat"), "websocket", version -> Headers.EMPTY);
    transport.loop.run();
    assertThat(transport.last().to.isForwarded()).isFalse();
    assertThat(call().head.target()).isEqualTo("/chat");
    call().whole(403, "");
    transport.loop.run();
    assertThat(failure(upgraded).reason()).isEqualTo(Reason.NOT_UPGRADED);
  }

  @Test
  void anAddressIsNotTakenToAnotherOrigin() {
    send(
        Request.get(URL)
            .with(
                CallOptions.KEY,
                CallOptions.NONE
                    .withAddress(java.net.InetSocketAddress.createUnresolved("10.0.0.1", 80))
                    .withServerName("inner.example")));
    assertThat(transport.last().to.address()).isNotNull();
    call().whole(302, "", "Location", "/here");
    transport.loop.run();
    assertThat(transport.last().to.address()).isNotNull();
    call().whole(302, "", "Location", "http://b.example/there");
    transport.loop.run();
    assertThat(transport.last().to.address()).isNull();
    assertThat(transport.last().to.serverName()).isNull();
    call().whole(200, "");
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
  void fieldsOfOneConnectionStayThere() {
    send(
        Request.get(URL)
            .header("Connection", "close, X-Mine")
            .header("X-Mine", "1")
            .header("Transfer-Encoding", "chunked")
            .header("TE", "trailers, gzip")
            .header("X-Other", "2"));
    assertThat(call().head.headers().toString()).isEqualTo("Headers[X-Other, TE]");
    call().whole(200, "");
  }

  @Test
  void bodiesThatAreTooLargeToBeHeld() {
    client = client(b -> b.maxHeld(4));
    CompletableFuture<Response> answer = send(Request.get(URL));
    call().answer(200);
    CompletableFuture<String> text = answer.join().content().textAsync().toCompletableFuture();
    call().body("12345");
    assertThat(failure(text).reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(failure(text)).hasMessageContaining("limit of 4 bytes");
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

  @Test
  void onlyHttpIsCalled() {
    assertThat(send(Request.get("ws://a.example/"))).isCompletedExceptionally();
    assertThatThrownBy(() -> send(Request.get("ws://a.example/")).join())
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ws://a.example/");
  }
}
