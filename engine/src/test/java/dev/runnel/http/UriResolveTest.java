package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriResolveTest {
  private static final Uri BASE = Uri.of("http://a/b/c/d;p?q");

  /** RFC 3986 5.4.1 and 5.4.2; an empty path is written as a slash (RFC 9110 4.2.3). */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '"',
      value = {
        "g http://a/b/c/g",
        "./g http://a/b/c/g",
        "g/ http://a/b/c/g/",
        "/g http://a/g",
        "//g http://g/",
        "?y http://a/b/c/d;p?y",
        "g?y http://a/b/c/g?y",
        "#s http://a/b/c/d;p?q#s",
        "g#s http://a/b/c/g#s",
        "g?y#s http://a/b/c/g?y#s",
        ";x http://a/b/c/;x",
        "g;x http://a/b/c/g;x",
        "g;x?y#s http://a/b/c/g;x?y#s",
        "\"\" http://a/b/c/d;p?q",
        ". http://a/b/c/",
        "./ http://a/b/c/",
        ".. http://a/b/",
        "../ http://a/b/",
        "../g http://a/b/g",
        "../.. http://a/",
        "../../ http://a/",
        "../../g http://a/g",
        "../../../g http://a/g",
        "../../../../g http://a/g",
        "/./g http://a/g",
        "/../g http://a/g",
        "g. http://a/b/c/g.",
        ".g http://a/b/c/.g",
        "g.. http://a/b/c/g..",
        "..g http://a/b/c/..g",
        "./../g http://a/b/g",
        "./g/. http://a/b/c/g/",
        "g/./h http://a/b/c/g/h",
        "g/../h http://a/b/c/h",
        "g;x=1/./y http://a/b/c/g;x=1/y",
        "g;x=1/../y http://a/b/c/y",
        "g?y/./x http://a/b/c/g?y/./x",
        "g?y/../x http://a/b/c/g?y/../x",
        "g#s/./x http://a/b/c/g#s/./x",
        "g#s/../x http://a/b/c/g#s/../x",
      })
  void examplesOfTheRfc(String reference, String expected) {
    assertThat(BASE.resolve(reference).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://x/y, https://x/y",
    "HTTPS://X:443/y/../z, https://x/z",
    "//X:81/y?z#f, http://x:81/y?z#f",
    "//x, http://x/",
    "%2e%2e/g, http://a/b/g",
    "a b, http://a/b/c/a%20b",
    "?x=\u00e4, http://a/b/c/d;p?x=%C3%A4",
    "?, http://a/b/c/d;p?",
    "#, http://a/b/c/d;p?q#",
    "./x:y, http://a/b/c/x:y",
    "/x:y, http://a/x:y",
    "?x:y, http://a/b/c/d;p?x:y",
    "/a//b, http://a/a//b",
    "x/y:z, http://a/b/c/x/y:z"
  })
  void otherReferences(String reference, String expected) {
    assertThat(BASE.resolve(reference).text()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "g:h", // RFC 3986 5.4.1: a whole URL, but of no scheme that we speak
        "http:g", // 5.4.2, for strict parsers
        "mailto:a@b",
        "javascript:alert(1)",
        "data:,x",
        "ftp://x/",
        "1:2",
        ":x",
        "//",
        "///x",
        "//@",
        "\\\\x",
        "/\\x",
        "\\x",
        "x\\y",
        "\tx",
        "x\r\ny",
        "/%",
        " x",
        "x ",
        "//a@b@c/",
        "//[::1",
        "//a:x/",
        "http://",
      })
  void refusesReferences(String reference) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BASE.resolve(reference))
        .withMessageContaining("ndex ");
  }

  @Test
  void userInformationStaysWhereTheAuthorityDoes() {
    Uri base = Uri.of("http://u:p@a:8080/b?c#d");
    assertThat(base.resolve("/x").text()).isEqualTo("http://u:p@a:8080/x");
    assertThat(base.resolve("").text()).isEqualTo("http://u:p@a:8080/b?c");
    assertThat(base.resolve("//a:8080/x").rawUserInfo()).isNull();
    assertThat(base.resolve("http://a:8080/x").rawUserInfo()).isNull();
  }

  @Test
  void fromTheRoot() {
    Uri root = Uri.of("https://a");
    assertThat(root.resolve("b").text()).isEqualTo("https://a/b");
    assertThat(root.resolve("..").text()).isEqualTo("https://a/");
    assertThat(root.resolve("?b").text()).isEqualTo("https://a/?b");
    assertThat(root.resolve("//b").text()).isEqualTo("https://b/");
  }

  @Test
  void longPathsAreReadInOneGo() {
    String up = "../".repeat(20_000);
    assertThat(BASE.resolve(up + "x").text()).isEqualTo("http://a/x");
    assertThat(BASE.resolve("x/".repeat(20_000) + up + "y").text()).isEqualTo("http://a/b/c/y");
  }

  /**
   * Whatever comes: a URL that is read again as itself, at a host without surprises, or a refusal.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyReferenceIsReadOrRefused(long seed) {
    Random random = new Random(seed);
    String alphabet = "////..::@@?#%%4125eEabhtps[]\\ \t;&=\u00e4\uff0f\ud83d\ude00";
    int read = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "http://a" : "");
      for (int length = random.nextInt(12); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        Uri uri = BASE.resolve(text.toString());
        assertThat(Uri.of(uri.text())).as("%s", text).isEqualTo(uri);
        assertThat(uri.host()).matches("[a-z0-9._\\[\\]:-]+");
        assertThat(uri.text()).matches("[!-~]+").doesNotContain("\\");
        assertThat(uri.rawPath()).startsWith("/").doesNotContain("/../").doesNotContain("/./");
        read++;
      } catch (IllegalArgumentException refused) {
        assertThat(refused.getMessage()).isNotEmpty();
      }
    }
    assertThat(read).as("texts that were URLs").isBetween(1_000, 19_000);
  }
}
