package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {
  @Test
  void writesAllAttributes() {
    Cookie cookie =
        Cookie.of("sid", "abc")
            .path("/a")
            .domain("a.example")
            .maxAge(Duration.ofDays(1))
            .expires(Instant.parse("2025-01-02T03:04:05.9Z"))
            .secure()
            .httpOnly()
            .sameSite(Cookie.SameSite.LAX)
            .partitioned();

    assertThat(cookie.toSetCookie())
        .isEqualTo(
            "sid=abc; Path=/a; Domain=a.example; Max-Age=86400;"
                + " Expires=Thu, 02 Jan 2025 03:04:05 GMT; Secure; HttpOnly; SameSite=Lax;"
                + " Partitioned");
    assertThat(cookie.path()).isEqualTo("/a");
    assertThat(cookie.domain()).isEqualTo("a.example");
    assertThat(cookie.maxAge()).isEqualTo(Duration.ofDays(1));
    assertThat(cookie.expires()).isEqualTo(Instant.parse("2025-01-02T03:04:05Z"));
    assertThat(cookie.isSecure()).isTrue();
    assertThat(cookie.isHttpOnly()).isTrue();
    assertThat(cookie.isPartitioned()).isTrue();
    assertThat(cookie.sameSite()).isEqualTo(Cookie.SameSite.LAX);
  }

  @Test
  void hasNoAttributesUnlessSet() {
    Cookie cookie = Cookie.of("a", "");

    assertThat(cookie.toSetCookie()).isEqualTo("a=");
    assertThat(cookie.path()).isNull();
    assertThat(cookie.domain()).isNull();
    assertThat(cookie.maxAge()).isNull();
    assertThat(cookie.expires()).isNull();
    assertThat(cookie.sameSite()).isNull();
    assertThat(cookie.isSecure() || cookie.isHttpOnly() || cookie.isPartitioned()).isFalse();
  }

  @Test
  void changesAreOtherValues() {
    Cookie cookie = Cookie.of("a", "b");
    Cookie secure = cookie.secure();

    assertThat(cookie.isSecure()).isFalse();
    assertThat(secure.httpOnly().path("/")).isEqualTo(cookie.path("/").secure().httpOnly());
    assertThat(secure.path("/").path("/x").toSetCookie()).isEqualTo("a=b; Secure; Path=/x");
    assertThat(secure).isNotEqualTo(cookie).isNotEqualTo("a=b; Secure");
    assertThat(Cookie.of("a", "b")).isEqualTo(cookie).hasSameHashCodeAs(cookie);
    assertThat(Cookie.of("A", "b")).isNotEqualTo(cookie);
    assertThat(Cookie.of("a", "secret").secure().toString())
        .doesNotContain("secret")
        .contains("Secure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a=b", "a;b", "a,b", "a\r\n", "\u00e4", "\"a\"", "a\u0000"})
  void refusesNames(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of(name, "v"))
        .withMessageContaining(Tokens.quote(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b",
        "a;b",
        "a,b",
        "a\\b",
        "a\"b",
        "\"",
        "\"a",
        "a\"",
        "\"a\"b\"",
        "\"a b\"",
        "\"a;b\"",
        "a\r\nSet-Cookie: x=y",
        "\u0000",
        "\u007f",
        "\u00e4",
        "\t",
        " "
      })
  void refusesValues(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of("name", value))
        .withMessageContaining("'name'")
        .withMessageContaining(Tokens.quote(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "a=b==", "\"\"", "\"abc\"", "!#$%&'()*+-./:<=>?@[]^_`{|}~"})
  void takesValues(String value) {
    assertThat(Cookie.of("a", value).toSetCookie()).isEqualTo("a=" + value);
    assertThat(Cookie.find(Headers.of("Cookie", "a=" + value), "a"))
        .isEqualTo(Cookie.of("a", value));
  }

  @Test
  void refusesWhatBrowsersDrop() {
    assertThat(Cookie.of("name", "x".repeat(4092)).value()).hasSize(4092);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of("name", "x".repeat(4093)))
        .withMessageContaining("4,096")
        .withMessageContaining("4097");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a/", "/a;b", "/a b", "/ ", "/\r\n", "/\u0000", "/\u00e4"})
  void refusesPaths(String path) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of("a", "b").path(path))
        .withMessageContaining(Tokens.quote(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a;b", "a b", "a,b", "a\n", "http://a", "a:80", "\u00e4.example", "[::1]"})
  void refusesDomains(String domain) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of("a", "b").domain(domain))
        .withMessageContaining(Tokens.quote(domain));
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0", "PT1S, 1", "PT0.001S, 1", "PT1.5S, 2", "P400D, 34560000"})
  void roundsAgesUp(Duration age, long seconds) {
    Cookie cookie = Cookie.of("a", "b").maxAge(age);

    assertThat(cookie.toSetCookie()).isEqualTo("a=b; Max-Age=" + seconds);
    assertThat(cookie.maxAge()).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void refusesTimesThatCannotBeWritten() {
    Cookie cookie = Cookie.of("a", "b");

    assertThatIllegalArgumentException().isThrownBy(() -> cookie.maxAge(Duration.ofMillis(-1)));
    assertThatIllegalArgumentException().isThrownBy(() -> cookie.expires(Instant.MAX));
    assertThatIllegalArgumentException().isThrownBy(() -> cookie.expires(Instant.MIN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cookie.expires(Instant.parse("1600-12-31T23:59:59Z")));
    Instant last = Instant.parse("9999-12-31T23:59:59Z");
    assertThat(cookie.expires(last).expires()).isEqualTo(last);
  }

  @Test
  void removesByExpiry() {
    assertThat(Cookie.removal("sid").path("/").toSetCookie())
        .isEqualTo("sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/");
  }

  @Test
  void attributesMustAgree() {
    Cookie cookie = Cookie.of("a", "b");

    assertRefused(cookie.sameSite(Cookie.SameSite.NONE), "SameSite=None needs Secure");
    assertRefused(cookie.partitioned(), "Partitioned needs Secure");
    assertThat(cookie.sameSite(Cookie.SameSite.NONE).partitioned().secure().toSetCookie())
        .isEqualTo("a=b; SameSite=None; Partitioned; Secure");
    assertThat(cookie.sameSite(Cookie.SameSite.STRICT).toSetCookie())
        .isEqualTo("a=b; SameSite=Strict");
  }

  @ParameterizedTest
  @ValueSource(strings = {"__Secure-a", "__SECURE-a", "__secure-"})
  void securePrefixNeedsSecure(String name) {
    assertRefused(Cookie.of(name, "b"), "__Secure-");
    assertThat(Cookie.of(name, "b").secure().toSetCookie()).endsWith("; Secure");
  }

  @ParameterizedTest
  @ValueSource(strings = {"__Host-a", "__hOST-a"})
  void hostPrefixBindsToTheHost(String name) {
    Cookie cookie = Cookie.of(name, "b");

    assertRefused(cookie, "__Host-");
    assertRefused(cookie.secure(), "__Host-");
    assertRefused(cookie.path("/"), "__Host-");
    assertRefused(cookie.secure().path("/a"), "__Host-");
    assertRefused(cookie.secure().path("/").domain("a.example"), "__Host-");
    assertThat(cookie.path("/").secure().toSetCookie()).isEqualTo(name + "=b; Path=/; Secure");
  }

  private static void assertRefused(Cookie cookie, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(cookie::toSetCookie)
        .withMessageContaining(rule)
        .withMessageContaining(cookie.name());
  }
}
