package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Uri;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** User and password of URLs, as calls send them. */
class AuthCallsTest extends CallCases {
  private static final String BASIC = Credentials.basic("u", "p");

  @Test
  void theyAreAFieldAndNoPartOfTheTarget() {
    CompletableFuture<Response> answer = get("http://u:p@a.example/x");
    assertThat(sent("Authorization")).isEqualTo(BASIC);
    assertThat(asked()).isEqualTo("http://a.example/x");
    answer(200);
    assertThat(answer.join().received().uri().text()).isEqualTo("http://a.example/x");
  }

  @Test
  void whatTheCallerSaysCounts() {
    send(Request.get("http://u:p@a.example/").header("Authorization", "Bearer t"));
    assertThat(sent("Authorization")).isEqualTo("Bearer t");
    answer(302, "Location", "/y");
    assertThat(sent("Authorization")).isEqualTo("Bearer t");
    answer(200);
  }

  @Test
  void theHostThatTheCallerSetStays() {
    send(Request.get("http://u:p@a.example/x").header("Host", "virtual.example"));
    assertThat(call().head.authority()).isEqualTo("virtual.example");
    answer(302, "Location", "http://v:q@b.example/y");
    assertThat(call().head.authority()).as("another place").isEqualTo("b.example");
    answer(200);
  }

  @Test
  void aBackendWithThemGetsTheHostThatIsKept() {
    Request asked = Request.get("http://front.example/x");
    Uri base = Uri.of("http://u:p@backend");
    send(ReverseProxy.DEFAULT.withHostKept(true).toUpstream(asked, base));
    assertThat(call().head.authority()).isEqualTo("front.example");
    assertThat(destination().host()).isEqualTo("backend");
    assertThat(sent("Authorization")).isEqualTo(BASIC);
    answer(200);
    send(ReverseProxy.DEFAULT.toUpstream(asked, base));
    assertThat(call().head.authority()).isEqualTo("backend");
    answer(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/y, true",
    "http://a.example:80/y, true",
    "http://b.example/y, false",
    "http://a.example:81/y, false",
    "https://a.example/y, false"
  })
  void theyGoAlongWithinTheirOrigin(String location, boolean kept) {
    get("http://u:p@a.example/x");
    answer(302, "Location", location);
    assertThat(sent("Authorization")).isEqualTo(kept ? BASIC : "");
    answer(302, "Location", "/z");
    assertThat(sent("Authorization")).isEqualTo(kept ? BASIC : "");
    answer(200);
  }

  @Test
  void thoseOfALocationAreForWhereItLeads() {
    get("http://u:p@a.example/x");
    answer(302, "Location", "http://v:q@b.example/y");
    assertThat(sent("Authorization")).isEqualTo(Credentials.basic("v", "q"));
    answer(302, "Location", "http://c.example/");
    assertThat(sent("Authorization")).isEmpty();
    answer(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https", "ws", "wss"})
  void handshakesOfWebSocketsHaveThem(String scheme) {
    Request request = Request.get(scheme + "://u:p@a.example/s?t");
    client(b -> b)
        .upgrade(request, "websocket", version -> Headers.of("Sec-WebSocket-Version", "13"));
    transport.loop.run();
    assertThat(sent("Authorization")).isEqualTo(BASIC);
    assertThat(sent("Sec-WebSocket-Version")).isEqualTo("13");
    assertThat(call().head.authority()).isEqualTo("a.example");
    assertThat(call().head.target()).isEqualTo("/s?t");
    assertThat(destination().tls() != null).isEqualTo(scheme.length() % 2 == 1);
    answer(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u%3Av:secret@a.example/", "http://u:secret%00@a.example/"})
  void usersThatCannotBeSentFailTheCall(String url) {
    CompletableFuture<Response> answer = get(url);
    assertThatThrownBy(answer::join)
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RFC 7617 2")
        .hasMessageNotContaining("secret");
    assertThat(calls()).isZero();
  }
}
