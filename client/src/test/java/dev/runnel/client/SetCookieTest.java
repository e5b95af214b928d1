package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.runnel.http.Cookie;
import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetCookieTest extends CookieCases {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a=b | a=b",
        "a=b; | a=b",
        "a=b;; ;x=y;Secur | a=b",
        "a = b c | a=b c",
        "a=b=c | a=b=c",
        "a= | a=",
        "=b | b",
        "b | b",
        "a=\"b c\" | a=\"b c\"",
        "a=b,c=d | a=b,c=d",
        "a=\u00e4 | a=\u00e4",
        "a\tb=c\td | a\tb=c\td",
        "a[]=1 | a[]=1",
        "a=b; HttpOnly=no; sAmEsItE=lax | a=b",
        "a=b; Path | a=b",
        "a=b; Domain= | a=b",
        "a=b; Domain=. | a=b",
        "a=b; Max-Age=x; Expires=never | a=b",
        "a=b; Max-Age= | a=b",
        "a=b; Max-Age=+5 | a=b",
        "a=b; Max-Age=- | a=b",
        "a=b; Max-Age=1.5 | a=b",
      })
  void takesPairs(String field, String sent) {
    set("https://a.example/", field);
    assertThat(sent("https://a.example/")).isEqualTo(sent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "=", " = ", ";", "; Path=/", "a=b\u0001", "a\u007f=b", "a=b; x=\u0000"})
  void ignoresFields(String field) {
    assertThat(SetCookie.read(field, uri("https://a.example/"), now, d -> false)).isNull();
  }

  private static Uri uri(String text) {
    return Uri.of(text);
  }

  @Test
  void keepsAttributes() {
    set(
        "https://www.a.example/x/y",
        "n=v; DOMAIN=.A.Example; path=/x; secure; httponly; SameSite=None; Max-Age=60");
    assertThat(jar.cookies())
        .containsExactly(
            new StoredCookie(
                "n",
                "v",
                "a.example",
                false,
                "/x",
                now.plusSeconds(60),
                true,
                true,
                Cookie.SameSite.NONE));
    assertThat(jar.cookies().get(0)).hasToString("StoredCookie(n, *.a.example/x)");
  }

  @ParameterizedTest
  @CsvSource({"/, /", "/x, /", "/x/, /x", "/x/y, /x", "/x/y/z?a/b, /x/y", "//, /", "'', /"})
  void defaultPathIsTheDirectory(String path, String expected) {
    set("http://a.example" + path, "n=v");
    assertThat(jar.cookies().get(0).path()).isEqualTo(expected);
    assertThat(jar.cookies().get(0).hostOnly()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a=b; Path=/q; Path=/p, /p",
    "a=b; Path=/q; Path=p, /x",
    "a=b; Path=p, /x",
    "a=b; Path=, /x",
    "a=b; Path=/p%2F/, /p%2F/"
  })
  void theLastPathCounts(String field, String expected) {
    set("http://a.example/x/y", field);
    assertThat(jar.cookies().get(0).path()).isEqualTo(expected);
  }

  @Test
  void theLastDomainCounts() {
    set("http://www.a.example/", "a=b; Domain=evil.example; Domain=a.example");
    assertThat(jar.cookies().get(0).domain()).isEqualTo("a.example");
    set("http://www.a.example/", "c=d; Domain=a.example; Domain=");
    assertThat(jar.cookies().get(1).domain()).isEqualTo("www.a.example");
    set("http://www.a.example/", "e=f; Domain=a.example; Domain=evil.example");
    assertThat(jar.cookies()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "Max-Age=60, 60",
    "Max-Age=0060, 60",
    "Max-Age=34560000, 34560000",
    "Max-Age=34560001, 34560000",
    "Max-Age=99999999999999999999999999, 34560000",
    "Max-Age=9999999999, 34560000",
    "Max-Age=60; Max-Age=x, 60",
    "Max-Age=60; Max-Age=70, 70",
    "'Expires=Thu, 01 Jan 2026 00:01:00 GMT', 60",
    "'Expires=Thu, 01 Jan 2026 00:01:00 GMT; Expires=x', 60",
    "'Expires=Thu, 01 Jan 2099 00:01:00 GMT', 34560000",
    "'Max-Age=60; Expires=Thu, 01 Jan 2015 00:00:00 GMT', 60",
    "'Expires=Thu, 01 Jan 2015 00:00:00 GMT; Max-Age=60', 60"
  })
  void livesSoManySeconds(String attributes, long seconds) {
    set("http://a.example/", "n=v; " + attributes);
    Instant expires = jar.cookies().get(0).expires();
    assertThat(expires).isEqualTo(now.plusSeconds(seconds));
    pass(Duration.ofSeconds(seconds).minusNanos(1));
    assertThat(sent("http://a.example/")).isEqualTo("n=v");
    pass(Duration.ofNanos(1));
    assertThat(sent("http://a.example/")).isNull();
    assertThat(jar.cookies()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Max-Age=0",
        "Max-Age=000",
        "Max-Age=-1",
        "Max-Age=-99999999999999999999",
        "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "Max-Age=0; Expires=Thu, 01 Jan 2099 00:00:00 GMT",
        "Expires=Thu, 01 Jan 2026 00:00:00 GMT",
      })
  void removes(String attributes) {
    set("http://a.example/", "n=v", "m=w", "n=; " + attributes);
    assertThat(sent("http://a.example/")).isEqualTo("m=w");
  }

  @Test
  void sizesAreLimited() {
    set("http://a.example/", "n=" + "v".repeat(4095));
    assertThat(jar.cookies()).hasSize(1);
    set("http://a.example/", "m=" + "v".repeat(4096), "v".repeat(4097), "o".repeat(4096) + "=v");
    assertThat(jar.cookies()).hasSize(1);
    String path = "/" + "p".repeat(1023);
    set("http://a.example/x/", "p=v; Path=" + path, "q=v; Path=" + path + "p");
    assertThat(jar.cookies()).extracting(StoredCookie::path).containsExactly("/", path, "/x");
  }

  @Test
  void aFloodOfAttributesIsNoCookie() {
    set("http://a.example/", "n=v" + "; x".repeat(64), "m=v" + "; x".repeat(65) + "; Secure");
    assertThat(jar.cookies()).extracting(StoredCookie::name).containsExactly("n");
  }

  @ParameterizedTest
  @CsvSource({
    // name, attributes, from, kept
    "__Secure-a, Secure, https://a.example/, true",
    "__SECURE-a, Secure, https://a.example/, true",
    "__Secure-a, Path=/, https://a.example/, false",
    "__secure-a, Path=/, https://a.example/, false",
    "__Secure-a, Secure, http://a.example/, false",
    "__Host-a, Secure; Path=/, https://a.example/, true",
    "__hOST-a, Secure; Path=/, https://a.example/, true",
    "__Host-a, Path=/, https://a.example/, false",
    "__Host-a, Secure, https://a.example/, false",
    "__Host-a, Secure; Path=/x, https://a.example/x, false",
    "__Host-a, Secure; Path=/; Domain=a.example, https://a.example/, false",
    "__Host-a, Secure; Path=/; Domain=, https://a.example/, true",
    "__Host-a, Secure; Path=/, http://a.example/, false",
    "__Host-a, Secure; Path=/, http://localhost/, true",
    // Secure and SameSite without a prefix
    "a, Secure, http://a.example/, false",
    "a, Secure, wss://a.example/, true",
    "a, Secure, http://localhost:8080/, true",
    "a, Secure, http://b.localhost/, true",
    "a, Secure, http://127.0.0.1/, true",
    "a, Secure, http://127.9.9.9/, true",
    "a, Secure, http://[::1]/, true",
    "a, Secure, http://128.0.0.1/, false",
    "a, Secure, http://127.0.0.1.example/, false",
    "a, Secure, http://localhost.example/, false",
    "a, Secure, http://[::2]/, false",
    "a, SameSite=None, https://a.example/, false",
    "a, SameSite=None; Secure, https://a.example/, true",
    "a, SameSite=Odd, https://a.example/, true",
    "a, SameSite=Strict, http://a.example/, true"
  })
  void prefixesAndFlagsAreHeld(String name, String attributes, String uri, boolean kept) {
    set(uri, name + "=v; " + attributes);
    assertThat(jar.cookies()).hasSize(kept ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"=__Host-a=b", "__Host-a", "=__secure-a=b", "__SECURE-a"})
  void aNamelessCookieCannotFakeAPrefix(String field) {
    set("https://a.example/", field + "; Secure; Path=/");
    assertThat(jar.cookies()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // host, domain, kept for, host only
    "a.example, a.example, a.example, false",
    "www.a.example, a.example, a.example, false",
    "www.a.example, .a.example, a.example, false",
    "a.example, www.a.example, , ",
    "a.example, b.example, , ",
    "xa.example, a.example, , ",
    "a.example, example, , ",
    "a.example, .example, , ",
    "a.example, ..example, , ",
    "a.example, a.example., , ",
    "a.example, \u00e4.example, , ",
    "localhost, localhost, localhost, true",
    "com, com, com, true",
    "a.example., a.example., a.example., false",
    "a.com., com., , ",
    "com., com., com., true",
    "127.0.0.1, 127.0.0.1, 127.0.0.1, false",
    "127.0.0.1, 0.0.1, , ",
    "127.0.0.1, .0.1, , ",
    "[::1], [::1], [::1], true",
    "[::1], ::1, , "
  })
  void domainsMustBeTheHostsOwn(String host, String domain, String kept, Boolean hostOnly) {
    set("http://" + host + "/", "n=v; Domain=" + domain);
    if (kept == null) {
      assertThat(jar.cookies()).isEmpty();
    } else {
      assertThat(jar.cookies())
          .singleElement()
          .extracting(StoredCookie::domain, StoredCookie::hostOnly)
          .containsExactly(kept, hostOnly);
    }
  }

  @Test
  void publicSuffixesAreAskedFor() {
    MemoryCookieJar careful = new MemoryCookieJar(clock, "co.uk"::equals);
    careful.receive(
        uri("https://a.co.uk/"),
        Headers.of("Set-Cookie", "n=v; Domain=co.uk", "Set-Cookie", "m=v; Domain=a.co.uk"));
    careful.receive(uri("https://co.uk/"), Headers.of("Set-Cookie", "o=v; Domain=co.uk"));
    assertThat(careful.cookies())
        .extracting(StoredCookie::name, StoredCookie::hostOnly)
        .containsExactly(tuple("m", false), tuple("o", true));
  }
}
