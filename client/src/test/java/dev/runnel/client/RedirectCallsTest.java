package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Body;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, as calls follow them. */
class RedirectCallsTest extends CallCases {
  private static final Headers SECRETS =
      Headers.of("Authorization", "s", "Cookie", "c=1", "Proxy-Authorization", "p")
          .with("Referer", "http://r.example/")
          .with("X-Key", "k")
          .with("X-Other", "o");

  private static Request secret(String url) {
    return Request.get(url).headers(SECRETS);
  }

  @Test
  void secretsGoWithinAnOrigin() {
    CompletableFuture<Response> answer = send(secret("http://a.example/x"));
    answer(302, "Location", "/y");
    assertThat(asked()).isEqualTo("http://a.example/y");
    assertThat(call().head.headers()).isEqualTo(SECRETS);
    answer(200);
    assertThat(answer.join().received().uri()).hasToString("http://a.example/y");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://b.example/y",
        "http://a.example:81/y",
        "https://a.example/y",
        "//b.example/y",
        "http://www.a.example/y"
      })
  void secretsDoNotLeaveIt(String location) {
    client(b -> b.redirects(RedirectPolicy.DEFAULT.withSecrets("x-key")));
    CompletableFuture<Response> answer = send(secret("http://a.example/x"));
    answer(307, "Location", location);
    assertThat(call().head.headers()).isEqualTo(Headers.of("X-Other", "o"));
    answer(200);
    assertThat(answer).isCompleted();
  }

  @Test
  void secretsOnceLeftBehindDoNotComeBack() {
    send(secret("http://a.example/x"));
    answer(302, "Location", "http://b.example/");
    answer(302, "Location", "http://a.example/back");
    assertThat(asked()).isEqualTo("http://a.example/back");
    assertThat(sent("Authorization")).isEmpty();
    assertThat(sent("Cookie")).isEmpty();
    answer(200);
  }

  @Test
  void secretsOfTheClientsDefaultsStayToo() {
    client(b -> b.header("Authorization", "s").header("X-All", "a"));
    get("http://a.example/");
    assertThat(sent("Authorization")).isEqualTo("s");
    answer(302, "Location", "http://b.example/");
    assertThat(sent("Authorization")).isEmpty();
    assertThat(sent("X-All")).isEqualTo("a");
    answer(200);
  }

  @Test
  void aHostFieldIsForOneHost() {
    send(Request.get("http://a.example/").header("Host", "virtual.example"));
    assertThat(call().head.authority()).isEqualTo("virtual.example");
    answer(302, "Location", "http://b.example/");
    assertThat(call().head.authority()).isEqualTo("b.example");
    answer(200);
  }

  static List<Supplier<Body>> repeatable() {
    return List.of(
        () -> Request.get("http://a/").text("streamed").body().toBody(), () -> stream(true));
  }

  @ParameterizedTest
  @MethodSource("repeatable")
  void bodiesThatCanBeSentAgainAre(Supplier<Body> body) {
    for (int status : new int[] {307, 308}) {
      send(Request.post("http://a.example/x").body("text/plain", body.get()));
      answer(status, "Location", "http://b.example/y");
      assertThat(call().head.method()).isEqualTo(Method.POST);
      assertThat(call().sent).containsExactly("streamed");
      assertThat(sent("Content-Type")).isEqualTo("text/plain");
      answer(200);
    }
  }

  @Test
  void aBodyThatCannotBeSentAgainFailsTheCall() {
    CompletableFuture<Response> answer =
        send(Request.post("http://a.example/x").body(stream(false)));
    answer(307, "Location", "/y");
    assertThat(failure(answer).reason()).isEqualTo(Reason.REQUEST_BODY);
    assertThat(failure(answer)).hasMessageContaining("/y").hasMessageContaining("only once");
    assertThat(calls()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"301, POST", "302, POST", "303, POST", "303, PUT", "303, DELETE"})
  void aBodyThatIsDroppedNeedNotBeSentAgain(int status, String method) {
    Request request =
        Request.of(Method.of(method), "http://a.example/x").body("text/plain", stream(false));
    CompletableFuture<Response> answer = send(request);
    answer(status, "Location", "/y");
    assertThat(call().head.method()).isEqualTo(Method.GET);
    assertThat(call().head.hasBody()).isFalse();
    assertThat(call().head.headers()).isEqualTo(Headers.EMPTY);
    answer(200);
    assertThat(answer).isCompleted();
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/, http://a.example/, BAD_REDIRECT",
    "http://a.example/, ftp://a.example/, BAD_REDIRECT",
    "http://a.example/, http://[, BAD_REDIRECT",
    "http://a.example/, http://u%3Av:p@a.example/, BAD_REDIRECT",
    "http://a.example/, ws://a.example/, BAD_REDIRECT"
  })
  void whereItDoesNotFollow(String from, String location, Reason reason) {
    CompletableFuture<Response> answer = get(from);
    answer(302, "Location", location);
    assertThat(failure(answer).reason()).isEqualTo(reason);
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void theAnswerOfARefusedRedirectIsGivenUp() {
    CompletableFuture<Response> answer = get("http://a.example/");
    call().answer(302, "Location", "ftp://a.example/");
    transport.loop.run();
    assertThat(failure(answer).reason()).isEqualTo(Reason.BAD_REDIRECT);
    assertThat(call().cancelled).isNotNull();
  }

  @Test
  void noneIsFollowedWithoutAPolicy() {
    client(b -> b.redirects(RedirectPolicy.NONE));
    CompletableFuture<Response> answer = get("http://a.example/");
    answer(302, "Location", "/y");
    assertThat(answer.join().status().code()).isEqualTo(302);
    assertThat(answer.join().headers().get("Location")).isEqualTo("/y");
  }

  @Test
  void theLimitIsOfTheCallNotOfAnOrigin() {
    client(b -> b.redirects(RedirectPolicy.DEFAULT.withMax(3)));
    CompletableFuture<Response> answer = get("http://a.example/0");
    for (int i = 1; i <= 4; i++) {
      answer(302, "Location", "http://h" + i + ".example/" + i);
    }
    assertThat(failure(answer).reason()).isEqualTo(Reason.TOO_MANY_REDIRECTS);
    assertThat(calls()).isEqualTo(4);
  }

  @Test
  void smallAnswersOnTheWayKeepTheirConnection() {
    get("http://a.example/0");
    call().whole(302, "moved", "Location", "/1");
    transport.loop.run();
    answer(200);
    assertThat(transport.connections.get(0).calls).hasSize(2);
  }

  @Test
  void fragmentsAreForTheReaderNotTheServer() {
    CompletableFuture<Response> answer = get("http://a.example/x#f");
    assertThat(asked()).isEqualTo("http://a.example/x");
    answer(302, "Location", "/y");
    assertThat(asked()).isEqualTo("http://a.example/y");
    answer(200);
    assertThat(answer.join().received().uri()).hasToString("http://a.example/y#f");
  }

  @Test
  void whatFailsBehindARedirectIsNotUntouched() {
    CompletableFuture<Response> answer = send(Request.post("http://a.example/order").text("one"));
    transport.opensAtOnce = false;
    answer(303, "Location", "http://b.example/done");
    transport.dials.get(1).fail(new ClientException(Reason.CONNECT, "refused", true, null));
    assertThat(failure(answer).reason()).isEqualTo(Reason.CONNECT);
    assertThat(failure(answer).isUnprocessed()).as("a.example took the order").isFalse();
    assertThat(failure(answer)).hasMessage("refused").hasCauseInstanceOf(ClientException.class);
  }

  @Test
  void cancellingOnTheWay() {
    CompletableFuture<Response> answer = get("http://a.example/0");
    answer(302, "Location", "http://b.example/1");
    assertThat(answer.cancel(true)).isTrue();
    transport.loop.run();
    assertThat(call().cancelled).isNotNull();
    assertThat(call().cancelled.reason()).isEqualTo(Reason.CANCELLED);
  }
}
