package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriBuildTest {
  private static final Uri BASE = Uri.of("http://u:p@a:8080/b/c?d=e#f");

  @Test
  void pathsAreMadeOfSegments() {
    assertThat(BASE.withPath("x y", "a/b", "\u00e4?#%;").text())
        .isEqualTo("http://u:p@a:8080/x%20y/a%2Fb/%C3%A4%3F%23%25%3B?d=e#f");
    assertThat(BASE.withPath("x y", "a/b", "\u00e4?#%;").segments())
        .containsExactly("x y", "a/b", "\u00e4?#%;");
    assertThat(BASE.withPath().rawPath()).isEqualTo("/");
    assertThat(BASE.withPath("x", "").rawPath()).isEqualTo("/x/");
    assertThat(BASE.plusPath("x", "y/z").rawPath()).isEqualTo("/b/c/x/y%2Fz");
    assertThat(Uri.of("http://a/b/").plusPath("x").rawPath()).isEqualTo("/b/x");
    assertThat(Uri.of("http://a").plusPath("x").rawPath()).isEqualTo("/x");
    assertThat(BASE.plusPath()).isEqualTo(BASE);
    assertThat(BASE.withPath("...", ".x").rawPath()).isEqualTo("/.../.x");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2e", "%2E%2e", ".%2e"})
  void segmentsCannotWalkUp(String segment) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BASE.withPath("x", segment))
        .withMessageContaining(segment);
    assertThatIllegalArgumentException().isThrownBy(() -> BASE.plusPath(segment));
  }

  @Test
  void queriesGrow() {
    Uri uri = Uri.of("http://a/#f").withQuery("q", "a b&c=d+\u00e4").withQuery("r", "");
    assertThat(uri.text()).isEqualTo("http://a/?q=a%20b%26c%3Dd%2B%C3%A4&r=#f");
    assertThat(uri.queryParams()).isEqualTo(QueryParams.of("q", "a b&c=d+\u00e4", "r", ""));
    assertThat(BASE.withQuery("d", "2").rawQuery()).isEqualTo("d=e&d=2");
    assertThat(Uri.of("http://a/?").withQuery("d", "2").rawQuery()).isEqualTo("d=2");
    assertThat(BASE.withQuery(QueryParams.of("x", "1", "y", "2 3")).rawQuery())
        .isEqualTo("x=1&y=2+3");
    assertThat(BASE.withQuery(QueryParams.EMPTY)).isEqualTo(BASE.withoutQuery());
    assertThat(BASE.withoutQuery().text()).isEqualTo("http://u:p@a:8080/b/c#f");
  }

  @Test
  void usersAreEncoded() {
    Uri uri = Uri.of("http://a/").withUserInfo("j\u00f6@b:c", "p:/w");
    assertThat(uri.text()).isEqualTo("http://j%C3%B6%40b%3Ac:p%3A%2Fw@a/");
    assertThat(uri.user()).isEqualTo("j\u00f6@b:c");
    assertThat(uri.password()).isEqualTo("p:/w");
    assertThat(Uri.of(uri.text())).isEqualTo(uri);
    assertThat(BASE.withUserInfo("x", null).text()).isEqualTo("http://x@a:8080/b/c?d=e#f");
    assertThat(BASE.withUserInfo("", null)).isEqualTo(BASE.withoutUserInfo());
  }

  @Test
  void partsCanBeLeftOut() {
    assertThat(BASE.withoutUserInfo().text()).isEqualTo("http://a:8080/b/c?d=e#f");
    assertThat(BASE.withoutFragment().text()).isEqualTo("http://u:p@a:8080/b/c?d=e");
    Uri bare = Uri.of("http://a/");
    assertThat(bare.withoutUserInfo()).isSameAs(bare);
    assertThat(bare.withoutFragment()).isSameAs(bare);
    assertThat(bare.withFragment("a b#\u00e4%").text()).isEqualTo("http://a/#a%20b%23%C3%A4%25");
  }

  @ParameterizedTest
  @CsvSource({
    "http://a/b, https, https://a/b",
    "http://a:8080/b, https, https://a:8080/b",
    "http://a:443/b, https, https://a/b",
    "https://a/b, HTTP, http://a/b",
    "https://a:80/b, http, http://a/b",
    "ws://u@a/b?c#d, http, http://u@a/b?c#d",
    "wss://[::1]/, https, https://[::1]/"
  })
  void schemesBringTheirPorts(String text, String scheme, String expected) {
    assertThat(Uri.of(text).withScheme(scheme).text()).isEqualTo(expected);
  }

  @Test
  void refusesSchemes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BASE.withScheme("ftp"))
        .withMessageContaining("\"ftp\"");
  }

  @Test
  void changesAreOtherValues() {
    String before = BASE.text();
    assertThat(BASE.withQuery("x", "y")).isNotEqualTo(BASE);
    assertThat(BASE.text()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "azAZ09-._~, azAZ09-._~",
        "a b+c, a%20b%2Bc",
        "!*'();:@&=$/?#[]%, %21%2A%27%28%29%3B%3A%40%26%3D%24%2F%3F%23%5B%5D%25",
        "\u00e4\u20ac\ud83d\ude00, %C3%A4%E2%82%AC%F0%9F%98%80"
      })
  void encodesAndDecodes(String text, String encoded) {
    assertThat(Uri.percentEncode(text)).isEqualTo(encoded);
    assertThat(Uri.percentDecode(encoded)).isEqualTo(text);
  }

  @Test
  void decodesWhatIsNotEncodedAsItIs() {
    assertThat(Uri.percentDecode("a+b \u00e4")).isEqualTo("a+b \u00e4");
    assertThat(Uri.percentDecode("%c3%A4x%41")).isEqualTo("\u00e4xA");
    assertThat(Uri.percentDecode("")).isEmpty();
    assertThat(Uri.percentDecode("a%00%7F%0A")).isEqualTo("a\0\u007f\n");
    assertThat(Uri.percentEncode("a\0\u007f\n")).isEqualTo("a%00%7F%0A");
  }

  @ParameterizedTest
  @CsvSource({
    "%, 0",
    "a%4, 1",
    "a%4x, 1",
    "%41%zz, 3",
    "%41%FF, 3",
    "%C3, 0",
    "x%C3%41, 1",
    "%C0%AF, 0",
    "%ED%A0%80, 0"
  })
  void refusesWhatDoesNotDecode(String text, int index) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.percentDecode(text))
        .withMessageContaining("at index " + index);
  }

  @Test
  void refusesHalfCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.percentEncode("ab\ud83d"))
        .withMessageContaining("index 2");
    assertThatIllegalArgumentException().isThrownBy(() -> BASE.withQuery("\ude00", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> BASE.withPath("\ud83dx"));
  }
}
