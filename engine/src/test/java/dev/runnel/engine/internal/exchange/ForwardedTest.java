package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runnel.engine.TrustedProxies;
import dev.runnel.engine.TrustedProxies.Fields;
import dev.runnel.http.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedTest {
  private static final TrustedProxies TRUSTED = TrustedProxies.of("10.0.0.0/8", "fd00::/8");

  private static InetSocketAddress at(String host, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  private static Forwarded behindProxy(String... fields) throws Exception {
    return Forwarded.of(at("10.0.0.1", 999), Headers.of(fields), TRUSTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "for=192.0.2.1 | 192.0.2.1 | 0 | - | -",
        "For=192.0.2.1;PROTO=HTTPS;Host=a.example | 192.0.2.1 | 0 | https | a.example",
        "for=\"192.0.2.1:4711\" | 192.0.2.1 | 4711 | - | -",
        "for=\"[2001:db8::1]\" | 2001:db8::1 | 0 | - | -",
        "for=\"[2001:db8::1]:4711\" | 2001:db8::1 | 4711 | - | -",
        "for=\"2001:db8::1\" | 2001:db8::1 | 0 | - | -",
        "for=192.0.2.1;host=\"a:8080\" | 192.0.2.1 | 0 | - | a:8080",
        // Left of the first hop that is not trusted everything may be made up.
        "for=6.6.6.6;host=evil;proto=http, for=192.0.2.1;proto=https | 192.0.2.1 | 0 | https | -",
        "for=6.6.6.6, for=192.0.2.1, for=10.0.0.3, for=10.0.0.2 | 192.0.2.1 | 0 | - | -",
        "for=10.0.0.3, for=\"[fd00::2]\" | 10.0.0.3 | 0 | - | -",
        // Nobody's address: the walk ends at the nearest known hop.
        "for=_hidden | 10.0.0.1 | 999 | - | -",
        "for=unknown | 10.0.0.1 | 999 | - | -",
        "for=6.6.6.6, for=_hidden, for=10.0.0.2 | 10.0.0.2 | 0 | - | -",
        "for=6.6.6.6, by=10.0.0.9 | 10.0.0.1 | 999 | - | -",
        "for=6.6.6.6, for=nonsense!, for=10.0.0.2 | 10.0.0.2 | 0 | - | -",
        "for=6.6.6.6, for=\"[::1\" | 10.0.0.1 | 999 | - | -",
        "for=6.6.6.6, for=\"1.2.3.4:99999\" | 10.0.0.1 | 999 | - | -",
        "for=6.6.6.6, for=\"1.2.3.4:\" | 10.0.0.1 | 999 | - | -",
        "nonsense | 10.0.0.1 | 999 | - | -",
        // Commas and semicolons within quotes separate nothing.
        "for=192.0.2.1;x=\"a, for=6.6.6.6;b\" | 192.0.2.1 | 0 | - | -",
        "for=192.0.2.1;proto=ftp;host=\"a b\" | 192.0.2.1 | 0 | - | -",
      })
  void standardField(String field, String client, int port, String scheme, String host)
      throws Exception {
    assertThat(behindProxy("Forwarded", field))
        .isEqualTo(new Forwarded(at(client, port), scheme, host));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "192.0.2.1 | https | a.example | 192.0.2.1 | https | a.example",
        "6.6.6.6, 192.0.2.1 | http, https | evil, a | 192.0.2.1 | https | a",
        "6.6.6.6, 192.0.2.1, 10.0.0.2 | https | a | 192.0.2.1 | https | a",
        "2001:db8::1 | HTTP | [::1]:80 | 2001:db8::1 | http | [::1]:80",
        "6.6.6.6, junk | gopher | a/b | 10.0.0.1 | - | -",
      })
  void olderFields(
      String addresses, String schemes, String hosts, String client, String scheme, String host)
      throws Exception {
    Forwarded found =
        behindProxy(
            "X-Forwarded-For", addresses, "X-Forwarded-Proto", schemes, "X-Forwarded-Host", hosts);
    int port = client.equals("10.0.0.1") ? 999 : 0;
    assertThat(found).isEqualTo(new Forwarded(at(client, port), scheme, host));
  }

  @Test
  void theLinesOfTheStandardFieldAreOneList() throws Exception {
    assertThat(behindProxy("Forwarded", "for=192.0.2.1", "Forwarded", "for=10.0.0.2"))
        .isEqualTo(new Forwarded(at("192.0.2.1", 0), null, null));
  }

  /** Most proxies write one kind, and pass on what a client says in the other. */
  @Test
  void ofTwoKindsTheOneThatTheProxiesWriteIsBelieved() throws Exception {
    InetSocketAddress proxy = at("10.0.0.1", 999);
    for (String older : new String[] {"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"}) {
      String said = older.endsWith("Proto") ? "https" : "192.0.2.7";
      Headers both = Headers.of("Forwarded", "for=192.0.2.1;proto=http;host=a", older, said);
      assertThat(Forwarded.of(proxy, both, TRUSTED)).isEqualTo(new Forwarded(proxy, null, null));
      assertThat(Forwarded.of(proxy, both, TRUSTED.withFields(Fields.FORWARDED)))
          .isEqualTo(new Forwarded(at("192.0.2.1", 0), "http", "a"));
      Forwarded olderOnly = Forwarded.of(proxy, both, TRUSTED.withFields(Fields.X_FORWARDED));
      assertThat(olderOnly)
          .isEqualTo(Forwarded.of(proxy, both.without("Forwarded"), TRUSTED))
          .isNotEqualTo(new Forwarded(proxy, null, null));
    }
    Headers standard = Headers.of("Forwarded", "for=192.0.2.1");
    assertThat(Forwarded.of(proxy, standard, TRUSTED.withFields(Fields.X_FORWARDED)))
        .as("nothing of the kind that is read")
        .isEqualTo(new Forwarded(proxy, null, null));
  }

  @Test
  void anUntrustedPeerIsBelievedNothing() throws Exception {
    Headers all =
        Headers.of("Forwarded", "for=1.1.1.1;proto=https;host=a", "X-Forwarded-For", "1.1.1.1");
    InetSocketAddress peer = at("192.0.2.9", 5);
    assertThat(Forwarded.of(peer, all, TRUSTED)).isEqualTo(new Forwarded(peer, null, null));
    InetSocketAddress proxy = at("10.0.0.1", 5);
    assertThat(Forwarded.of(proxy, all, TrustedProxies.NONE))
        .isEqualTo(new Forwarded(proxy, null, null));
  }

  @Test
  void anOpenQuoteOfTheClientDoesNotSwallowWhatTheProxyAppends() throws Exception {
    // The client sent the part up to the quote, the proxy appended the rest.
    assertThat(behindProxy("Forwarded", "for=6.6.6.6;x=\", for=192.0.2.1").client())
        .isNotEqualTo(at("6.6.6.6", 0));
  }

  /** To the JDK these are host names: asking for them would look them up in DNS. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "999.1.1.1",
        "1.1.1.256",
        "1.2.3",
        "1",
        "4294967296",
        "01.2.3.4",
        "1.2.3.4.",
        ".1.2.3",
        ".:1",
        "1.2.3.4:",
        "..",
        "localhost",
        "fe80::1%lo"
      })
  void whatWouldBeLookedUpIsNoAddress(String text) throws Exception {
    assertThat(Forwarded.isLiteral(text)).isFalse();
    assertThat(behindProxy("X-Forwarded-For", text).client())
        .isEqualTo(behindProxy("A", "b").client());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedProxies.of(text))
        .withMessageContaining(text)
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "10.20.30.40",
        "::",
        "::1",
        "fe80::",
        "::ffff:1.2.3.4"
      })
  void whatIsAnAddressIsTaken(String text) throws Exception {
    assertThat(Forwarded.isLiteral(text)).isTrue();
    assertThat(behindProxy("X-Forwarded-For", text).client()).isEqualTo(at(text, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "localhost", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "/8"})
  void whatIsNoBlockIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrustedProxies.of(text))
        .withMessageContaining(text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,10.255.255.255,true",
    "10.0.0.0/8,11.0.0.0,false",
    "10.1.2.3/8,10.9.9.9,true",
    "192.0.2.128/25,192.0.2.128,true",
    "192.0.2.128/25,192.0.2.127,false",
    "192.0.2.1/32,192.0.2.1,true",
    "192.0.2.1,192.0.2.2,false",
    "192.0.2.2/31,192.0.2.3,true",
    "0.0.0.0/0,255.255.255.255,true",
    "0.0.0.0/0,::1,false",
    "::/0,10.0.0.1,false",
    "2001:db8::/33,2001:db8:7fff::1,true",
    "2001:db8::/33,2001:db8:8000::1,false",
    "::1/128,::2,false"
  })
  void blocksEndWhereTheyShould(String block, String address, boolean trusted) throws Exception {
    assertThat(TrustedProxies.of(block).trusts(InetAddress.getByName(address))).isEqualTo(trusted);
  }
}
