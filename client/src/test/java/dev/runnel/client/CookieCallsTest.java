package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cookies, as calls send and keep them. */
class CookieCallsTest extends CallCases {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final MemoryCookieJar jar =
      new MemoryCookieJar(() -> now, domain -> domain.indexOf('.') < 0);

  @BeforeEach
  void aJar() {
    client(b -> b.cookies(jar));
  }

  @Test
  void whatAServerSetsGoesBackToIt() {
    get("http://a.example/");
    assertThat(sent("Cookie")).isEmpty();
    answer(200, "Set-Cookie", "n=v; Max-Age=60", "Set-Cookie", "m=w; Path=/x");
    get("http://a.example/x");
    assertThat(sent("Cookie")).isEqualTo("m=w; n=v");
    answer(200);
    get("http://b.example/x");
    assertThat(sent("Cookie")).isEmpty();
    answer(200);
    now = now.plus(Duration.ofSeconds(60));
    get("http://a.example/");
    assertThat(sent("Cookie")).isEmpty();
    answer(200);
  }

  @Test
  void errorsSetCookiesToo() {
    get("http://a.example/");
    answer(500, "Set-Cookie", "n=v");
    assertThat(jar.fieldFor(Request.get("http://a.example/").uri())).isEqualTo("n=v");
  }

  @Test
  void eachHopHasItsOwn() {
    get("http://a.example/login");
    answer(302, "Set-Cookie", "session=1; Path=/", "Location", "/home");
    assertThat(sent("Cookie")).as("set by the redirect itself").isEqualTo("session=1");
    answer(302, "Location", "http://b.example/");
    assertThat(sent("Cookie")).isEmpty();
    answer(302, "Set-Cookie", "other=2", "Location", "http://a.example/back");
    assertThat(sent("Cookie")).isEqualTo("session=1");
    answer(302, "Set-Cookie", "session=; Path=/; Max-Age=0", "Location", "/out");
    assertThat(sent("Cookie")).as("removed on the way").isEmpty();
    answer(200);
    assertThat(jar.cookies()).extracting(StoredCookie::name).containsExactly("other");
  }

  @Test
  void whatTheCallerSaysStandsInFrontAndStaysWithItsOrigin() {
    jar.receive(Request.get("http://a.example/").uri(), Headers.of("Set-Cookie", "kept=1"));
    jar.receive(Request.get("http://b.example/").uri(), Headers.of("Set-Cookie", "theirs=2"));
    send(Request.get("http://a.example/").header("Cookie", "own=x").header("cookie", "second=y"));
    assertThat(sent("Cookie")).isEqualTo("own=x; second=y; kept=1");
    answer(307, "Location", "/again");
    assertThat(sent("Cookie")).isEqualTo("own=x; second=y; kept=1");
    answer(307, "Location", "http://b.example/");
    assertThat(sent("Cookie")).isEqualTo("theirs=2");
    answer(200);
  }

  @Test
  void secureOnesWaitForTls() {
    get("https://a.example/");
    answer(200, "Set-Cookie", "s=1; Secure", "Set-Cookie", "__Host-t=2; Secure; Path=/");
    get("http://a.example/");
    assertThat(sent("Cookie")).isEmpty();
    answer(301, "Location", "https://a.example/");
    assertThat(sent("Cookie")).isEqualTo("s=1; __Host-t=2");
    answer(200);
  }

  @Test
  void bytesOutsideAsciiComeBackAsTheyWere() {
    get("http://a.example/");
    answer(200, "Set-Cookie", "n=\u00e4\t\u00ff\"");
    get("http://a.example/");
    assertThat(sent("Cookie")).isEqualTo("n=\u00e4\t\u00ff\"");
    answer(200);
  }

  @Test
  void fieldsThatMakeNoSenseHurtNobody() {
    CompletableFuture<?> answer = get("http://a.example/");
    answer(200, "Set-Cookie", "", "Set-Cookie", ";;;=", "Set-Cookie", "n=v; Domain=example");
    assertThat(answer).isCompleted();
    assertThat(jar.cookies()).isEmpty();
  }

  @Test
  void handshakesOfWebSocketsHaveThem() {
    get("http://a.example/");
    answer(200, "Set-Cookie", "n=v");
    client(b -> b.cookies(jar)).upgrade(Request.get("ws://a.example/"), "websocket", none());
    transport.loop.run();
    assertThat(sent("Cookie")).isEqualTo("n=v");
    answer(403, "Set-Cookie", "m=w");
    assertThat(jar.cookies()).hasSize(2);
  }

  private static java.util.function.Function<Version, Headers> none() {
    return version -> Headers.EMPTY;
  }
}
