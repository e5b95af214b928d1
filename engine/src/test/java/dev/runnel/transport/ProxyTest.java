package dev.runnel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runnel.transport.Proxy.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest {
  @ParameterizedTest
  @CsvSource({
    "HTTP, http, 80, true",
    "HTTPS, https, 443, true",
    "SOCKS4, socks4, 1080, false",
    "SOCKS4A, socks4a, 1080, true",
    "SOCKS5, socks5, 1080, false",
    "SOCKS5H, socks5h, 1080, true"
  })
  void kindsKnowTheirSchemes(Kind kind, String scheme, int port, boolean resolves) {
    assertThat(kind.scheme()).isEqualTo(scheme);
    assertThat(kind.defaultPort()).isEqualTo(port);
    assertThat(kind.resolvesNames()).isEqualTo(resolves);
  }

  @Test
  void hostsAreLowerCaseAndWithoutBrackets() {
    assertThat(new Proxy(Kind.HTTP, "Proxy.Example", 3128).host()).isEqualTo("proxy.example");
    Proxy six = new Proxy(Kind.SOCKS5, "[::1]", 1080);
    assertThat(six.host()).isEqualTo("::1");
    assertThat(six).hasToString("socks5://[::1]:1080");
    assertThat(six).isEqualTo(new Proxy(Kind.SOCKS5, "::1", 1080, null, null));
  }

  @Test
  void passwordsAreNotShown() {
    assertThat(new Proxy(Kind.SOCKS5H, "p", 1, "joe", "secret"))
        .hasToString("socks5h://joe:***@p:1");
    assertThat(new Proxy(Kind.HTTP, "p", 1, "joe", null)).hasToString("http://joe@p:1");
    assertThat(new Proxy(Kind.HTTP, "p", 1)).hasToString("http://p:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "a b", "a/b", "a@b", "a\\b", "a\r\n", "\u00e4", "fe80::1%eth0"})
  void refusesHosts(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Proxy(Kind.HTTP, host, 80))
        .withMessageContaining("host");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void refusesPorts(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Proxy(Kind.HTTP, "a", port))
        .withMessageContaining("1..65535")
        .withMessageContaining(Integer.toString(port));
  }

  @ParameterizedTest
  @EnumSource
  void aPasswordNeedsAUser(Kind kind) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Proxy(kind, "a", 1, null, "secret"));
  }

  @Test
  void refusesWhatTheProtocolsCannotCarry() {
    assertRefused(Kind.HTTP, "a:b", "c", "7617");
    assertRefused(Kind.HTTPS, "a\r\nX: y", null, "7617");
    assertRefused(Kind.HTTP, "a", "b\n", "7617");
    assertRefused(Kind.SOCKS4, "a", "b", "SOCKS4");
    assertRefused(Kind.SOCKS4A, "a\0b", null, "SOCKS4");
    assertRefused(Kind.SOCKS5, "a".repeat(256), null, "1929");
    assertRefused(Kind.SOCKS5H, "a", "\u00e4".repeat(128), "1929");
    Proxy longest = new Proxy(Kind.SOCKS5, "p", 1, "a".repeat(255), "b:".repeat(127));
    assertThat(longest.password()).hasSize(254);
  }

  @ParameterizedTest
  @CsvSource({
    "http://p:3128, HTTP, p, 3128",
    "http://p, HTTP, p, 80",
    "http://p:, HTTP, p, 80",
    "http://P/, HTTP, p, 80",
    "p:3128, HTTP, p, 3128",
    "p, HTTP, p, 80",
    "10.0.0.1:8080/, HTTP, 10.0.0.1, 8080",
    "[::1]:8080, HTTP, ::1, 8080",
    "[::1], HTTP, ::1, 80",
    "HTTPS://p, HTTPS, p, 443",
    "https://p:80, HTTPS, p, 80",
    "socks4://p, SOCKS4, p, 1080",
    "socks4a://p:80, SOCKS4A, p, 80",
    "socks5://p/, SOCKS5, p, 1080",
    "Socks5H://[2001:DB8::1]:9050, SOCKS5H, 2001:db8::1, 9050",
    "socks5h://[::12], SOCKS5H, ::12, 1080"
  })
  void readsUrls(String url, Kind kind, String host, int port) {
    assertThat(Proxy.of(url)).isEqualTo(new Proxy(kind, host, port));
  }

  @Test
  void readsUsersAndPasswords() {
    assertThat(Proxy.of("socks5h://user:p%40w:x@host:1081"))
        .isEqualTo(new Proxy(Kind.SOCKS5H, "host", 1081, "user", "p@w:x"));
    assertThat(Proxy.of("user:80@host")).isEqualTo(new Proxy(Kind.HTTP, "host", 80, "user", "80"));
    assertThat(Proxy.of("socks5://user:99@host").port()).isEqualTo(1080);
    assertThat(Proxy.of("socks4://id@host").user()).isEqualTo("id");
    assertThat(Proxy.of("http://j%C3%B6@host").user()).isEqualTo("j\u00f6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://",
        "ftp://p",
        "socks://p",
        "socks6://p",
        "://p",
        "http://p/x",
        "http://p?x",
        "http://p#x",
        "http://p:0",
        "http://p:65536",
        "http://a@b@p",
        "http://p q",
        "http://p\\q",
        "socks4://u:secret@p",
        "http://a%3Ab:secret@p",
        "http://joe:se/cret@p:1",
        "http://joe:secret@p/x",
        "http://joe:secret@p q",
      })
  void refusesUrls(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Proxy.of(url))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("cret"));
  }

  private static void assertRefused(Kind kind, String user, String password, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Proxy(kind, "p", 1, user, password))
        .withMessageContaining(rule);
  }
}
