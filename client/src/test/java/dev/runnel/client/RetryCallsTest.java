package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are tried again. */
class RetryCallsTest extends CallCases {
  private static final String URL = "http://a.example/x";
  private static final RetryPolicy AT_ONCE =
      RetryPolicy.DEFAULT.withDelays(Duration.ZERO, Duration.ZERO);

  @BeforeEach
  void retries() {
    client(b -> b.retries(AT_ONCE));
  }

  private void pass(Duration time) {
    transport.loop.advance(time);
  }

  private void lose() {
    call().connection.lose();
    pass(Duration.ZERO);
  }

  private void answerAndWait(int status, String... fields) {
    answer(status, fields);
    pass(Duration.ZERO);
  }

  @Test
  void lostConnectionsAreReplaced() {
    CompletableFuture<Response> answer = get(URL);
    lose();
    lose();
    assertThat(calls()).isEqualTo(3);
    answer(200);
    assertThat(answer.join().status().code()).isEqualTo(200);
  }

  @Test
  void theLastFailureIsWhatTheCallerHears() {
    CompletableFuture<Response> answer = get(URL);
    lose();
    lose();
    lose();
    assertThat(calls()).isEqualTo(3);
    assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECTION_LOST);
  }

  @Test
  void theLastAnswerIsWhatTheCallerGets() {
    CompletableFuture<Response> answer = get(URL);
    answerAndWait(503);
    answerAndWait(429);
    assertThat(answer).isNotDone();
    answerAndWait(503, "X-Last", "1");
    assertThat(calls()).isEqualTo(3);
    assertThat(answer.join().headers().get("X-Last")).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource({"GET, true", "PUT, true", "DELETE, true", "POST, false", "PATCH, false"})
  void whatMayHaveHappenedIsNotDoneTwice(String method, boolean again) {
    CompletableFuture<Response> answer = send(Request.of(Method.of(method), URL).text("body"));
    lose();
    assertThat(calls()).isEqualTo(again ? 2 : 1);
    if (again) {
      assertThat(call().sent).containsExactly("body");
      answer(200);
    } else {
      assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECTION_LOST);
    }
  }

  @Test
  void whatDidNotHappenIsDoneAgainWhateverItIs() {
    transport.opensAtOnce = false;
    CompletableFuture<Response> answer = send(Request.post(URL).text("body"));
    transport.dials.get(0).fail(new ClientException(Reason.CONNECT, "refused", true, null));
    transport.opensAtOnce = true;
    pass(Duration.ZERO);
    assertThat(call().sent).containsExactly("body");
    answer(201);
    assertThat(answer.join().status().code()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodiesMustBeThereAgain(boolean repeatable) {
    CompletableFuture<Response> lost = send(Request.put(URL).body(stream(repeatable)));
    lose();
    assertThat(calls()).isEqualTo(repeatable ? 2 : 1);
    if (repeatable) {
      assertThat(call().sent).containsExactly("streamed");
      answer(200);
    } else {
      assertThat(failure(lost).reason()).isEqualTo(Reason.CONNECTION_LOST);
    }
    CompletableFuture<Response> answered = send(Request.put(URL).body(stream(repeatable)));
    answerAndWait(503);
    if (repeatable) {
      answer(200);
    }
    assertThat(answered.join().status().code()).isEqualTo(repeatable ? 200 : 503);
  }

  @Test
  void pausesGrow() {
    RetryPolicy slow = RetryPolicy.DEFAULT.withDelays(Duration.ofSeconds(1), Duration.ofSeconds(2));
    client(b -> b.retries(slow.withMaxAttempts(4)));
    CompletableFuture<Response> answer = get(URL);
    for (int bound : new int[] {1, 2, 2}) {
      int before = calls();
      answer(503);
      pass(Duration.ofSeconds(bound));
      assertThat(calls()).isEqualTo(before + 1);
    }
    answer(200);
    assertThat(answer).isCompleted();
  }

  @Test
  void datesInRetryAfterAreComparedWithTheWallClock() {
    client(b -> b.retries(AT_ONCE).wallClock(() -> Instant.parse("2026-01-01T00:00:00Z")));
    CompletableFuture<Response> answer = get(URL);
    answer(503, "Retry-After", "Thu, 01 Jan 2026 00:00:10 GMT");
    pass(Duration.ofMillis(9_999));
    assertThat(calls()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(calls()).isEqualTo(2);
    answer(503, "Retry-After", "Thu, 01 Jan 2026 00:01:01 GMT");
    assertThat(answer.join().status().code()).as("too long to wait").isEqualTo(503);
  }

  @Test
  void behindARedirectOnlyThatRequestIsTriedAgain() {
    CompletableFuture<Response> answer = send(Request.post(URL).text("order"));
    answer(303, "Location", "/done");
    answerAndWait(503);
    assertThat(call().head.method()).isEqualTo(Method.GET);
    assertThat(call().head.target()).isEqualTo("/done");
    lose();
    assertThat(call().head.target()).isEqualTo("/done");
    answer(200);
    assertThat(answer.join().status().code()).isEqualTo(200);
    long orders =
        transport.connections.stream()
            .flatMap(c -> c.calls.stream())
            .filter(c -> c.head.method().equals(Method.POST))
            .count();
    assertThat(orders).isEqualTo(1);
  }

  @Test
  void cookiesOfAFailedTryGoWithTheNext() {
    client(b -> b.retries(AT_ONCE).cookies(new MemoryCookieJar()));
    get(URL);
    answerAndWait(503, "Set-Cookie", "n=v; Path=/");
    assertThat(sent("Cookie")).isEqualTo("n=v");
    answer(200);
  }

  @Test
  void theTimeOfTheWholeCallCountsPausesToo() {
    client(b -> b.retries(AT_ONCE).timeouts(t -> t.withCall(Duration.ofSeconds(5))));
    CompletableFuture<Response> answer = get(URL);
    answer(503, "Retry-After", "10");
    pass(Duration.ofSeconds(5));
    assertThat(failure(answer).reason()).isEqualTo(Reason.CALL_TIMEOUT);
    pass(Duration.ofSeconds(20));
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void whatThrowsAtALaterTryFailsTheCall() {
    AtomicInteger asked = new AtomicInteger();
    ProxyChoice moody =
        uri -> {
          if (asked.incrementAndGet() > 1) {
            throw new IllegalStateException("no choice");
          }
          return null;
        };
    client(b -> b.retries(AT_ONCE).proxies(moody));
    CompletableFuture<Response> answer = get(URL);
    answerAndWait(503);
    assertThatThrownBy(answer::join).hasRootCauseMessage("no choice");
  }

  @Test
  void aJarThatThrowsAtALaterTryFailsTheCall() {
    AtomicInteger asked = new AtomicInteger();
    CookieJar moody =
        new CookieJar() {
          @Override
          public void receive(Uri uri, dev.runnel.http.Headers answer) {}

          @Override
          public String fieldFor(Uri uri) {
            if (asked.incrementAndGet() > 1) {
              throw new IllegalStateException("no cookies");
            }
            return null;
          }
        };
    client(b -> b.retries(AT_ONCE).cookies(moody));
    CompletableFuture<Response> answer = get(URL);
    answerAndWait(503);
    assertThatThrownBy(answer::join).hasRootCauseMessage("no cookies");
  }

  @Test
  void aClockThatThrowsFailsTheCall() {
    InstantSource broken =
        () -> {
          throw new IllegalStateException("no time");
        };
    client(b -> b.retries(AT_ONCE).wallClock(broken));
    CompletableFuture<Response> answer = get(URL);
    answerAndWait(503);
    assertThatThrownBy(answer::join).hasRootCauseMessage("no time");
  }

  @Test
  void nothingIsTriedAgainUnlessAsked() {
    client(b -> b);
    CompletableFuture<Response> answer = get(URL);
    answerAndWait(503, "Retry-After", "0");
    assertThat(answer.join().status().code()).isEqualTo(503);
    assertThat(calls()).isEqualTo(1);
  }
}
