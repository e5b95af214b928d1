package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a call does. */
class ClientTest extends PlayedServers {
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
  void onlyHttpIsCalled() {
    assertThat(send(Request.get("ws://a.example/"))).isCompletedExceptionally();
    assertThatThrownBy(() -> send(Request.get("ws://a.example/")).join())
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ws://a.example/");
  }
}
