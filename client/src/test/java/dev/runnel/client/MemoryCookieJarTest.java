package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Cookie;
import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import dev.runnel.server.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryCookieJarTest extends CookieCases {
  @ParameterizedTest
  @CsvSource({
    // domain attribute, asked, sent
    "'', http://a.example/, true",
    "'', http://A.EXAMPLE:8080/, true",
    "'', https://a.example/, true",
    "'', ws://a.example/, true",
    "'', http://www.a.example/, false",
    "'', http://example/, false",
    "'', http://a.example./, false",
    "; Domain=a.example, http://a.example/, true",
    "; Domain=a.example, http://www.a.example/, true",
    "; Domain=a.example, http://x.www.a.example/, true",
    "; Domain=a.example, http://xa.example/, false",
    "; Domain=a.example, http://b.example/, false",
    "; Domain=a.example, http://a.example.evil/, false"
  })
  void hosts(String attributes, String asked, boolean sent) {
    set("http://a.example/", "n=v" + attributes);
    assertThat(sent(asked)).isEqualTo(sent ? "n=v" : null);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /, true",
    "/, /x/y, true",
    "/x, /x, true",
    "/x, /x/, true",
    "/x, /x/y, true",
    "/x, /x?y, true",
    "/x, /xy, false",
    "/x, /, false",
    "/x, /X, false",
    "/x/, /x, false",
    "/x/, /x/, true",
    "/x/, /x/y, true",
    "/x, /y/../x, true",
    "/x, /%78, false"
  })
  void paths(String path, String asked, boolean sent) {
    set("http://a.example/", "n=v; Path=" + path);
    assertThat(sent("http://a.example" + asked)).isEqualTo(sent ? "n=v" : null);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/, true",
    "wss://a.example/, true",
    "http://a.example/, false",
    "ws://a.example/, false"
  })
  void secureOnesGoThroughTlsOnly(String asked, boolean sent) {
    set("https://a.example/", "n=v; Secure");
    assertThat(sent(asked)).isEqualTo(sent ? "n=v" : null);
  }

  @Test
  void ourOwnMachineIsTrusted() {
    set("http://localhost:8080/", "n=v; Secure");
    assertThat(sent("http://localhost:8080/")).isEqualTo("n=v");
    set("http://127.0.0.1/", "n=v; Secure");
    assertThat(sent("http://127.0.0.1/")).isEqualTo("n=v");
    assertThat(sent("http://127.0.0.2/")).isNull();
  }

  @Test
  void longPathsFirstThenAge() {
    set("http://a.example/", "r1=1; Path=/", "r2=2; Path=/");
    set("http://a.example/", "x=3; Path=/x", "xy=4; Path=/x/y", "d=5; Path=/; Domain=a.example");
    assertThat(sent("http://a.example/x/y")).isEqualTo("xy=4; x=3; r1=1; r2=2; d=5");
    set("http://a.example/", "r1=6; Path=/");
    assertThat(sent("http://a.example/"))
        .as("a cookie keeps its place when its value changes")
        .isEqualTo("r1=6; r2=2; d=5");
  }

  @Test
  void oneCookieForNameDomainAndPath() {
    set("http://a.example/", "n=1", "n=2; Path=/x", "n=3; Domain=a.example", "N=4", "n=5");
    assertThat(sent("http://a.example/x")).isEqualTo("n=2; n=5; n=3; N=4");
    assertThat(jar.cookies()).hasSize(4);
    set("http://a.example/", "n=; Max-Age=0");
    assertThat(sent("http://a.example/x")).isEqualTo("n=2; n=3; N=4");
  }

  @Test
  void insecureConnectionsLeaveSecureCookiesAlone() {
    set("https://a.example/", "n=1; Secure", "p=1; Secure; Path=/x");
    set("http://a.example/", "n=2", "n=3; Domain=a.example", "n=4; Path=/y", "n=; Max-Age=0");
    set("http://www.a.example/", "n=5; Domain=a.example");
    assertThat(sent("https://a.example/y")).isEqualTo("n=1");
    set("http://www.a.example/", "n=6");
    assertThat(sent("https://www.a.example/"))
        .as("a cookie of the domain above could be shadowed, too")
        .isNull();
    set("http://a.example/", "p=2; Path=/", "p=3; Path=/x/y");
    assertThat(sent("https://a.example/x/y")).isEqualTo("p=1; n=1; p=2");
    set("https://a.example/", "n=7");
    assertThat(sent("http://a.example/")).as("TLS may replace it").isEqualTo("n=7; p=2");
  }

  @Test
  void cookiesCanBePutByHand() {
    Uri uri = Uri.of("https://a.example/x");
    assertThat(jar.put(uri, Cookie.of("n", "v").path("/").secure().maxAge(Duration.ofHours(1))))
        .isTrue();
    assertThat(jar.put(uri, Cookie.of("n", "v").domain("b.example"))).isFalse();
    assertThat(sent("https://a.example/")).isEqualTo("n=v");
    assertThat(jar.put(uri, Cookie.removal("n").path("/"))).isTrue();
    assertThat(sent("https://a.example/")).isNull();
  }

  @Test
  void aDomainHasFiftyTheLeastUsedGoFirst() {
    for (int i = 0; i < 50; i++) {
      set("http://a.example/", "n" + i + "=v; Path=/p" + i);
    }
    assertThat(sent("http://a.example/p0")).isEqualTo("n0=v");
    set("http://a.example/", "n50=v; Path=/p50");
    assertThat(jar.cookies()).hasSize(50);
    assertThat(sent("http://a.example/p0")).isEqualTo("n0=v");
    assertThat(sent("http://a.example/p1")).isNull();
    assertThat(sent("http://a.example/p2")).isEqualTo("n2=v");
    assertThat(sent("http://a.example/p50")).isEqualTo("n50=v");
  }

  @Test
  void insecureOnesOfAFullDomainGoBeforeSecureOnes() {
    for (int i = 0; i < 49; i++) {
      set("https://a.example/", "s" + i + "=v; Secure");
    }
    set("https://a.example/", "x=1", "s49=v; Secure");
    assertThat(jar.cookies()).hasSize(50).allMatch(StoredCookie::secure);
    set("https://a.example/", "s50=v; Secure");
    assertThat(jar.cookies()).hasSize(50).noneMatch(c -> c.name().equals("s0"));
  }

  @Test
  void expiredOnesGoBeforeLiving() {
    set("http://a.example/", "short=v; Max-Age=1");
    for (int i = 0; i < 49; i++) {
      set("http://a.example/", "n" + i + "=v");
    }
    assertThat(sent("http://a.example/")).contains("short");
    pass(Duration.ofSeconds(1));
    set("http://a.example/", "last=v");
    assertThat(jar.cookies()).hasSize(50).noneMatch(c -> c.name().equals("short"));
    assertThat(jar.cookies()).anyMatch(c -> c.name().equals("n0"));
  }

  @Test
  void thereAreThreeThousandInAll() {
    for (int i = 0; i < 3000; i++) {
      set("http://h" + i + ".example/", "n=v");
    }
    assertThat(sent("http://h0.example/")).isEqualTo("n=v");
    set("http://more.example/", "n=v");
    assertThat(jar.cookies()).hasSize(3000);
    assertThat(sent("http://h0.example/")).isEqualTo("n=v");
    assertThat(sent("http://h1.example/")).isNull();
    assertThat(sent("http://more.example/")).isEqualTo("n=v");
    assertThat(jar).hasToString("MemoryCookieJar(3000)");
  }

  @Test
  void jarsCanBeCopiedAndCleared() {
    set("https://a.example/", "n=v; Max-Age=60; Secure", "m=w", "d=x; Domain=a.example; Path=/p");
    MemoryCookieJar copy = new MemoryCookieJar(clock, domain -> false);
    copy.addAll(jar.cookies());
    assertThat(copy.cookies()).isEqualTo(jar.cookies());
    assertThat(copy.fieldFor(Uri.of("https://a.example/p"))).isEqualTo(sent("https://a.example/p"));

    copy.clearSession();
    assertThat(copy.fieldFor(Uri.of("https://a.example/p"))).isEqualTo("n=v");
    List<StoredCookie> old = jar.cookies();
    pass(Duration.ofSeconds(60));
    copy.clear();
    assertThat(copy.cookies()).isEmpty();
    copy.addAll(old);
    assertThat(copy.cookies()).extracting(StoredCookie::name).containsExactly("m", "d");
  }

  @Test
  void noJarKeepsNothing() {
    Uri uri = Uri.of("http://a.example/");
    CookieJar.NONE.receive(uri, Headers.of("Set-Cookie", "a=b"));
    assertThat(CookieJar.NONE.fieldFor(uri)).isNull();
  }

  @Test
  void manyThreadsShareAJar() throws Exception {
    int threads = 4;
    int rounds = 500;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(threads);
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        String host = "http://t" + t + ".example/";
        all.add(
            pool.submit(
                () -> {
                  start.countDown();
                  start.await();
                  for (int i = 0; i < rounds; i++) {
                    set(host, "n" + i % 10 + "=" + i, "shared=" + i + "; Max-Age=" + i % 2);
                    assertThat(sent(host)).contains("n" + i % 10 + "=" + i);
                    jar.cookies();
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        Eventually.getOfMany(one, "a thread to be done");
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(jar.cookies()).hasSize(threads * 11);
    assertThat(jar).hasToString("MemoryCookieJar(" + threads * 11 + ")");
  }
}
