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

  private static void assertRefused(Kind kind, String user, String password, String rule) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Proxy(kind, "p", 1, user, password))
        .withMessageContaining(rule);
  }
}
