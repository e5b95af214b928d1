package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.transport.ClientException.Reason;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts that want TLS only, as calls learn and heed it. */
class HstsCallsTest extends CallCases {
  private static final String FIELD = "Strict-Transport-Security";

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final HstsStore store = new HstsStore(() -> now);

  @BeforeEach
  void aStore() {
    client(b -> b.hsts(store));
  }

  private void learn(String host) {
    store.receive(Request.get("https://" + host + "/").uri(), Headers.of(FIELD, "max-age=60"));
  }

  @Test
  void whatAHostSaysIsHeeded() {
    get("http://a.example/");
    answer(200, FIELD, "max-age=60");
    get("http://a.example/");
    assertThat(asked()).as("in clear it says nothing").isEqualTo("http://a.example/");
    answer(200);
    get("https://a.example/");
    answer(200, FIELD, "max-age=60");
    CompletableFuture<Response> answer = get("http://a.example/x?y");
    assertThat(asked()).isEqualTo("https://a.example/x?y");
    assertThat(destination().port()).isEqualTo(443);
    answer(200);
    assertThat(answer.join().received().uri()).hasToString("https://a.example/x?y");
    now = now.plusSeconds(60);
    get("http://a.example/");
    assertThat(asked()).isEqualTo("http://a.example/");
    answer(200);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/, virtual.example, virtual.example",
    "http://a.example:8080/, virtual.example, virtual.example",
    "http://a.example:443/, virtual.example, virtual.example",
    "http://a.example:8080/, a.example:8080, a.example:8080",
    "http://a.example/, a.example, a.example"
  })
  void theHostThatTheCallerSetStays(String url, String set, String sent) {
    learn("a.example");
    for (RedirectPolicy redirects : List.of(RedirectPolicy.DEFAULT, RedirectPolicy.NONE)) {
      client(b -> b.hsts(store).redirects(redirects));
      send(Request.get(url).header("Host", set));
      assertThat(call().head.authority()).isEqualTo(sent);
      assertThat(destination().tls()).isNotNull();
      answer(200);
    }
  }

  @Test
  void aRedirectToHttpOfAKnownHostGoesOverTls() {
    learn("b.example");
    get("http://a.example/");
    answer(302, "Location", "http://b.example/y");
    assertThat(asked()).isEqualTo("https://b.example/y");
    answer(200);
  }

  @Test
  void aRedirectFromHttpsToHttpOfAKnownHostIsNoWayDown() {
    CompletableFuture<Response> answer = get("https://a.example/");
    answer(301, FIELD, "max-age=60", "Location", "http://a.example/y");
    assertThat(asked()).as("what the redirect said counts").isEqualTo("https://a.example/y");
    answer(200);
    assertThat(answer.join().received().uri()).hasToString("https://a.example/y");
  }

  @Test
  void fromAKnownHostAskedByHttpItIsAWayDown() {
    learn("a.example");
    CompletableFuture<Response> answer = get("http://a.example/");
    assertThat(asked()).isEqualTo("https://a.example/");
    answer(302, "Location", "http://b.example/");
    assertThat(failure(answer).reason()).isEqualTo(Reason.BAD_REDIRECT);
    assertThat(failure(answer)).hasMessageStartingWith("redirect 302 of https://a.example/ leads");
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void whereItReallyWentIsWhereSecretsStay() {
    learn("a.example");
    send(Request.get("http://a.example/").header("Authorization", "s"));
    answer(302, "Location", "https://a.example/y");
    assertThat(sent("Authorization")).as("the same origin").isEqualTo("s");
    answer(302, "Location", "http://a.example:443/z");
    assertThat(asked()).isEqualTo("https://a.example/z");
    assertThat(sent("Authorization")).isEqualTo("s");
    answer(302, "Location", "http://a.example:8443/z");
    assertThat(asked()).isEqualTo("https://a.example:8443/z");
    assertThat(sent("Authorization")).as("another port").isEmpty();
    answer(200);
  }

  @Test
  void userInformationGoesAlongWithTheUpgrade() {
    learn("a.example");
    get("http://u:p@a.example/");
    assertThat(asked()).isEqualTo("https://a.example/");
    assertThat(sent("Authorization")).isEqualTo(Credentials.basic("u", "p"));
    answer(302, "Location", "http://a.example/y");
    assertThat(sent("Authorization")).isEqualTo(Credentials.basic("u", "p"));
    answer(200);
  }

  @Test
  void webSocketsHeedIt() {
    learn("a.example");
    client(b -> b.hsts(store))
        .upgrade(Request.get("ws://a.example/s"), "websocket", version -> Headers.EMPTY);
    transport.loop.run();
    assertThat(asked()).isEqualTo("https://a.example/s");
    answer(403);
  }

  @Test
  void withoutRedirectsItIsHeededAsWell() {
    learn("a.example");
    client(b -> b.hsts(store).redirects(RedirectPolicy.NONE));
    get("http://a.example/");
    assertThat(asked()).isEqualTo("https://a.example/");
    answer(200);
  }

  @Test
  void aLoopOfUpgradesEnds() {
    learn("a.example");
    CompletableFuture<Response> answer = get("http://a.example/");
    for (int i = 0; i <= 20; i++) {
      answer(302, "Location", "http://a.example/");
    }
    assertThat(failure(answer).reason()).isEqualTo(Reason.TOO_MANY_REDIRECTS);
    assertThat(calls()).isEqualTo(21);
  }
}
