package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriHostTest {
  @ParameterizedTest
  @CsvSource({
    "A.Example, a.example, false",
    "a.example., a.example., false",
    "my_service, my_service, false",
    "r3---sn-, r3---sn-, false",
    "1a, 1a, false",
    "1.2.3.4a, 1.2.3.4a, false",
    "xn--mnchen-3ya.de, xn--mnchen-3ya.de, false",
    "127.0.0.1, 127.0.0.1, true",
    "255.255.255.255, 255.255.255.255, true",
    "0.0.0.0, 0.0.0.0, true",
    "[::], [::], true",
    "[::1], [::1], true",
    "[0:0:0:0:0:0:0:1], [::1], true",
    "[1::], [1::], true",
    "[2001:DB8:0:0:0:0:0:1], [2001:db8::1], true",
    "[2001:0db8::0001], [2001:db8::1], true",
    "[1:0:0:2:0:0:0:3], [1:0:0:2::3], true",
    "[1:0:0:2:3:0:0:4], [1::2:3:0:0:4], true",
    "[1:0:2:3:4:5:6:7], [1:0:2:3:4:5:6:7], true",
    "[1:2:3:4:5:6:7::], [1:2:3:4:5:6:7:0], true",
    "[::1:2:3:4:5:6:7], [0:1:2:3:4:5:6:7], true",
    "[::ffff:192.0.2.1], [::ffff:c000:201], true",
    "[1:2:3:4:5:6:1.2.3.4], [1:2:3:4:5:6:102:304], true",
    "[::1.2.3.4], [::102:304], true"
  })
  void hostsHaveOneForm(String text, String host, boolean address) {
    Uri uri = Uri.of("http://" + text + ":8080/");

    assertThat(uri.host()).isEqualTo(host);
    assertThat(uri.isAddress()).isEqualTo(address);
    assertThat(uri.port()).isEqualTo(8080);
    assertThat(Uri.of("http://" + text).authority()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[",
        "[]",
        "[::1",
        "::1]",
        "[:]",
        "[:::]",
        "[1]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1:2:3:4:5:6:7:8::]",
        "[::1:2:3:4:5:6:7:8]",
        "[1::2::3]",
        "[12345::]",
        "[g::]",
        "[1:]",
        "[:1]",
        "[::1:]",
        "[1.2.3.4::]",
        "[::1.2.3]",
        "[::1.2.3.256]",
        "[::01.2.3.4]",
        "[1:2:3:4:5:6:7:1.2.3.4]",
        "[::1.2.3.4:5]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[v1.fe80::a]",
        "[::1]x",
        "[::1]x:80",
        "[::1]]",
        "[[::1]]",
        "a[::1]",
        "[::1]@b",
        "[a]",
        "[ ::1]",
        "[::\uff11]",
      })
  void refusesLiterals(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://" + host + "/"))
        .withMessageContaining("at index ");
  }

  /** What inet_aton reads as addresses, and names that WHATWG takes for broken ones. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "1.2.3.256",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4.",
        "a.1",
        "a.0x",
        "a.0xff.",
        "00000000001",
        "0",
      })
  void refusesNumbersThatAreNoAddress(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://" + host + "/"))
        .withMessageContaining("four decimals");
  }

  /** Each has been one host to a check and another to the connection behind it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a@b@c/",
        "http://a:b@c@d/",
        "http://a\\@b/",
        "http://a\\.b.example/",
        "http://a%2f@b%00/",
        "http://a%00.b.example/",
        "http://a%2eexample/",
        "http://%61/",
        "http://a\t.example/",
        "http://a\r\n.example/",
        "http://a .example/",
        "http://a,b.example/",
        "http://a;b.example/",
        "http://a&b.example/",
        "http://a!b.example/",
        "http://a'b/",
        "http://a~b/",
        "http://*.example/",
        "http://a|b/",
        "http://a<b>/",
        "http://a\"b/",
        "http://a^b/",
        "http://a`b/",
        "http://{a}/",
        "http://.a/",
        "http://a..b/",
        "http://a../",
        "http://./",
        "http://../",
        "http://a:80@b:c/",
        "http:\\\\a/",
        "http:/\\a/",
        "http://\\a/",
        "http:////a/",
        "http://\uff0fa/", // full width, which IDNA maps to ASCII: slash
        "http://a\uff0fb.example/",
        "http://a\uff20b.example/", // at sign
        "http://a\uff1a80/", // colon
        "http://a\uff05b/", // percent sign
        "http://a\uff1fb/", // question mark
        "http://a\uff03b/", // number sign
        "http://a\u2100b.example/", // account of, which is a/c
        "http://a\u2047b/", // two question marks
        "http://\uff11\uff12\uff17.1/", // digits
        "http://a\u3002\u3002b/", // dots
        "http://\u00ad/", // a soft hyphen, which IDNA leaves out
        "http://a\u00a0b/", // no-break space
        "http://\u200b/",
        "http://a\u202eb/", // right-to-left override
      })
  void refusesHostConfusion(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of(text))
        .withMessageContaining("index ");
  }

  @Test
  void whatStandsBeforeTheAtSignIsNoHost() {
    Uri uri = Uri.of("http://trusted.example:80@evil.example/");
    assertThat(uri.host()).isEqualTo("evil.example");
    assertThat(uri.origin()).isEqualTo(new Origin("http", "evil.example", 80));
    assertThat(Uri.of("http://a.example#@evil.example/").host()).isEqualTo("a.example");
    assertThat(Uri.of("http://a.example#@b:c@d\\/").host()).isEqualTo("a.example");
    assertThat(Uri.of("http://a.example?@evil.example/").host()).isEqualTo("a.example");
    assertThat(Uri.of("http://a.example/@evil.example/").host()).isEqualTo("a.example");
  }

  @ParameterizedTest
  @CsvSource({
    "M\u00fcnchen.DE, xn--mnchen-3ya.de",
    "mu\u0308nchen.de, xn--mnchen-3ya.de",
    "\u4f8b\u3048\u3002\u30c6\u30b9\u30c8, xn--r8jz45g.xn--zckzah",
    "\u03b4\u03bf\u03ba\u03b9\u03bc\u03ae.gr, xn--jxalpdlp.gr",
    "\uff45xample\uff0ecom, example.com",
    "\uff11\uff12\uff17.0.0.1, 127.0.0.1",
    "\u0395\u03a3.gr, xn--qxa2a.gr",
    "\u2764.example, xn--qei.example"
  })
  void namesInOtherScripts(String text, String host) {
    assertThat(Uri.of("http://" + text + "/").host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"stra\u00dfe.de", "STRA\u1e9eE.de", "\u03b5\u03c2.gr", "a\u200db", "a\u200cb"})
  void refusesLettersThatTheVersionsOfIdnaReadDifferently(String host) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://" + host + "/"))
        .withMessageContaining("xn--");
  }

  @Test
  void lengthsAreThoseOfDns() {
    String label = "a".repeat(63);
    String longest = (label + '.').repeat(3) + "a".repeat(61);
    assertThat(Uri.of("http://" + longest + "/").host()).hasSize(253);
    assertThat(Uri.of("http://" + longest + "./").host()).hasSize(254);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://" + longest + "a/"))
        .withMessageContaining("253");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://a" + label + "/"))
        .withMessageContaining("63");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://" + "\u00e4".repeat(60) + "/"))
        .withMessageContaining("index 7");
  }

  @Test
  void originsAreEqualWhereConnectionsMayBeShared() {
    Origin origin = Uri.of("http://a/b").origin();
    assertThat(origin).isEqualTo(Uri.of("HTTP://u:p@A:80/c?d").origin()).hasToString("http://a");
    assertThat(origin).isEqualTo(new Origin("HTTP", "A", 80));
    assertThat(origin).isNotEqualTo(Uri.of("https://a/").origin());
    assertThat(origin).isNotEqualTo(Uri.of("http://a:81/").origin());
    assertThat(origin).isNotEqualTo(Uri.of("http://a./").origin());
    assertThat(Uri.of("wss://[::1]:444/").origin())
        .hasToString("wss://[::1]:444")
        .extracting(Origin::bareHost, Origin::isSecure)
        .containsExactly("::1", true);
    assertThat(Uri.of("http://a/").origin().bareHost()).isEqualTo("a");
  }
}
