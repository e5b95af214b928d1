package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UriTest {
  @Test
  void hasAllParts() {
    Uri uri = Uri.of("https://j%C3%B6:p%3Aw@Example.COM:8443/a%2Fb/c;d?x=1&y=%20+z#frag%20x");

    assertThat(uri.scheme()).isEqualTo("https");
    assertThat(uri.isSecure()).isTrue();
    assertThat(uri.rawUserInfo()).isEqualTo("j%C3%B6:p%3Aw");
    assertThat(uri.user()).isEqualTo("jö");
    assertThat(uri.password()).isEqualTo("p:w");
    assertThat(uri.host()).isEqualTo("example.com");
    assertThat(uri.isAddress()).isFalse();
    assertThat(uri.port()).isEqualTo(8443);
    assertThat(uri.authority()).isEqualTo("example.com:8443");
    assertThat(uri.origin()).isEqualTo(new Origin("https", "example.com", 8443));
    assertThat(uri.rawPath()).isEqualTo("/a%2Fb/c;d");
    assertThat(uri.path()).isEqualTo("/a/b/c;d");
    assertThat(uri.segments()).containsExactly("a/b", "c;d");
    assertThat(uri.rawQuery()).isEqualTo("x=1&y=%20+z");
    assertThat(uri.queryParams()).isEqualTo(QueryParams.of("x", "1", "y", "  z"));
    assertThat(uri.rawFragment()).isEqualTo("frag%20x");
    assertThat(uri.target()).isEqualTo("/a%2Fb/c;d?x=1&y=%20+z");
    assertThat(uri.text())
        .isEqualTo("https://j%C3%B6:p%3Aw@example.com:8443/a%2Fb/c;d?x=1&y=%20+z#frag%20x");
  }

  @Test
  void hasNoPartsThatAreNotThere() {
    Uri uri = Uri.of("http://a");

    assertThat(uri.isSecure()).isFalse();
    assertThat(uri.rawUserInfo()).isNull();
    assertThat(uri.user()).isNull();
    assertThat(uri.password()).isNull();
    assertThat(uri.port()).isEqualTo(80);
    assertThat(uri.authority()).isEqualTo("a");
    assertThat(uri.rawPath()).isEqualTo("/");
    assertThat(uri.segments()).containsExactly("");
    assertThat(uri.rawQuery()).isNull();
    assertThat(uri.queryParams()).isSameAs(QueryParams.EMPTY);
    assertThat(uri.rawFragment()).isNull();
    assertThat(uri.target()).isEqualTo("/");
    assertThat(uri).hasToString("http://a/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // scheme and host without case, empty path, the scheme's own port
        "HTTP://EXAMPLE.com | http://example.com/",
        "http://a:80 | http://a/",
        "http://a: | http://a/",
        "http://a:00080/ | http://a/",
        "https://a:443/ | https://a/",
        "https://a:80/ | https://a:80/",
        "http://a:443/ | http://a:443/",
        "ws://a:80/x | ws://a/x",
        "wss://a:443/x | wss://a/x",
        "wss://a:65535 | wss://a:65535/",
        "http://a?x | http://a/?x",
        "http://a#x | http://a/#x",
        "http://a/? | http://a/?",
        "http://a/# | http://a/#",
        "http://@a/ | http://a/",
        "http://:@a/ | http://:@a/",
        // dot segments, encoded or not
        "http://a/b/./c/../d | http://a/b/d",
        "http://a/b/%2e/c/%2E%2e/d | http://a/b/d",
        "http://a/.. | http://a/",
        "http://a/b/.%2e | http://a/",
        "http://a/b/... | http://a/b/...",
        "http://a/b/.c | http://a/b/.c",
        "http://a/?b/../c | http://a/?b/../c",
        "http://a//b//../c | http://a//b/c",
        // kept as written
        "http://a/%7e%7E%41 | http://a/%7e%7E%41",
        "http://a/!$&'()*+,;=:@-._~ | http://a/!$&'()*+,;=:@-._~",
        "http://a/?!$&'()*+,;=:@/?-._~ | http://a/?!$&'()*+,;=:@/?-._~",
        "http://a/b%00c | http://a/b%00c",
        "http://a/http://b | http://a/http://b",
        "http://a/?u=http://b@c | http://a/?u=http://b@c",
        "http://a/x@b:c | http://a/x@b:c",
        // encoded as browsers do
        "http://a/b c | http://a/b%20c",
        "http://a/?b c#d e | http://a/?b%20c#d%20e",
        "http://a/\u00e4\u20ac\ud83d\ude00 | http://a/%C3%A4%E2%82%AC%F0%9F%98%80",
        "http://a/?\u00e4=\u00f6#\u00fc | http://a/?%C3%A4=%C3%B6#%C3%BC",
        "http://a/\"<>^`{}[] | http://a/%22%3C%3E%5E%60%7B%7D%5B%5D",
        "http://a/?\"<>^`{}[]\\ | http://a/?%22%3C%3E%5E%60%7B%7D%5B%5D%5C",
        "http://a/#a#b\\ | http://a/#a%23b%5C",
      })
  void normalises(String text, String expected) {
    Uri uri = Uri.of(text);

    assertThat(uri.text()).isEqualTo(expected);
    assertThat(Uri.of(uri.text())).as("read again").isEqualTo(uri).hasSameHashCodeAs(uri);
  }

  @Test
  void encodesBars() {
    assertThat(Uri.of("http://a/b|c?d|e").text()).isEqualTo("http://a/b%7Cc?d%7Ce");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // no URL, or none of ours
        "'' | no scheme | 0",
        "/a | no scheme | 0",
        "//a/b | no scheme | 0",
        "a.example | no scheme | 0",
        "a.example/http://b | no scheme | 0",
        "1http://a | no scheme | 0",
        "://a | no scheme | 0",
        "ftp://a | scheme is not http | 0",
        "file:///etc/passwd | scheme is not http | 0",
        "javascript:alert(1) | scheme is not http | 0",
        "localhost:8080/x | scheme is not http | 0",
        "http:a | // and a host | 5",
        "http:/a | // and a host | 5",
        "http: | // and a host | 5",
        "http:\\\\a | // and a host | 5",
        "http:/\\a | // and a host | 5",
        // hosts
        "http:// | no host | 7",
        "http:///a | no host | 7",
        "http://?a | no host | 7",
        "http://:80 | no host | 7",
        "http://u@ | no host | 9",
        "http://u:p@:80/ | no host | 11",
        // ports
        "http://a:65536 | port is not within | 9",
        "http://a:99999999999999999999 | port is not within | 9",
        "http://a:0 | port is not within | 9",
        "http://a:-1 | in a port | 9",
        "http://a:+80 | in a port | 9",
        "http://a:8a | in a port | 10",
        "http://a:80:80 | in a port | 11",
        "http://a:\uff11 | in a port | 9",
        "http://a:b@c:d | in a port | 13",
        // percent signs
        "http://a/% | hexadecimal | 9",
        "http://a/%4 | hexadecimal | 9",
        "http://a/%4x | hexadecimal | 9",
        "http://a/%%20 | hexadecimal | 9",
        "http://a/%\uff11\uff11 | hexadecimal | 9",
        "http://a/?100% | hexadecimal | 13",
        "http://a/#% | hexadecimal | 10",
        "http://u%@a/ | user information | 8",
        "http://u%FF@a/ | not UTF-8 | 7",
        // backslashes that browsers take for slashes
        "http://a\\b | in a host | 8",
        "http://a/b\\c | slash to browsers | 10",
        "http://a\\@b | user information | 8",
        "http://a\\.b.example/ | in a host | 8",
      })
  void refuses(String text, String why, int index) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of(text.equals("''") ? "" : text))
        .withMessageContaining(why)
        .withMessageContaining("at index " + index);
  }

  @ParameterizedTest
  @ValueSource(chars = {'\t', '\r', '\n', '\0', '\u0001', '\u001f', '\u007f'})
  void refusesControlsEverywhere(char control) {
    for (String form :
        new String[] {
          "%shttp://a/",
          "ht%stp://a/",
          "http:%s//a/",
          "http:/%s/a/",
          "http://%sa/",
          "http://a%s/",
          "http://u%s@a/",
          "http://a:8%s0/",
          "http://a/%s",
          "http://a/b%sc",
          "http://a/?b%sc",
          "http://a/#b%s",
        }) {
      String text = String.format(form, control);
      assertThatIllegalArgumentException()
          .as(form)
          .isThrownBy(() -> Uri.of(text))
          .withMessageMatching(String.format("(?s).*(\\\\u%1$04x|U\\+%1$04X).*", (int) control));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" http://a/", "http://a/ ", "http://a b/", "http://a :80/", " "})
  void refusesSpacesAroundAndInHosts(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of(text))
        .withMessageContaining("U+0020");
  }

  @Test
  void refusesHalfCharacters() {
    for (String text : new String[] {"http://a/\ud83d", "http://a/\ude00x", "http://a/?\ud83dx"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Uri.of(text))
          .withMessageContaining("surrogate");
    }
  }

  @Test
  void namesTheTextTheCharacterAndThePlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://a b/c"))
        .withMessage("\"http://a b/c\": U+0020 at index 8 cannot stand in a host");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://a<b/c"))
        .withMessage("\"http://a<b/c\": '<' (U+003C) at index 8 cannot stand in a host");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of("http://\u00df.example"))
        .withMessageContaining("U+00DF at index 7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://joe:secret@a b/",
        "http://joe:secret@@a/",
        "http://joe:se/cret@a/",
        "http://joe:se?cret@a b/",
        "http://joe:se#cret@a b/",
        "http://joe:secret%@a/",
        "http://joe:secret%FF@a/",
        "http:/joe:secret@a/",
        "http:\\\\joe:secret@a/",
        "joe:secret@a",
        "//joe:secret@a/",
        "http://joe:secret@a/%",
      })
  void errorsHidePasswords(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Uri.of(text))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("cret").contains("***@"))
        .withNoCause();
  }

  @Test
  void toStringHidesPasswords() {
    assertThat(Uri.of("http://joe:secret@a/b")).hasToString("http://joe:***@a/b");
    assertThat(Uri.of("http://joe:@a/b")).hasToString("http://joe:***@a/b");
    assertThat(Uri.of("http://joe@a/b")).hasToString("http://joe@a/b");
    assertThat(Uri.of("http://joe:secret@a/b").text()).isEqualTo("http://joe:secret@a/b");
  }

  @Test
  void userAndPasswordAreSplitAtTheFirstColon() {
    Uri uri = Uri.of("http://a:b:c@h/");
    assertThat(uri.user()).isEqualTo("a");
    assertThat(uri.password()).isEqualTo("b:c");
    assertThat(Uri.of("http://a:@h/").password()).isEmpty();
    assertThat(Uri.of("http://:b@h/").user()).isEmpty();
  }

  @Test
  void equalByNormalForm() {
    Uri uri = Uri.of("http://a/b?c#d");
    assertThat(uri).isEqualTo(Uri.of("HTTP://A:80/x/../b?c#d"));
    assertThat(uri)
        .isNotEqualTo(Uri.of("http://a/b?c"))
        .isNotEqualTo(Uri.of("http://u@a/b?c#d"))
        .isNotEqualTo(Uri.of("https://a/b?c#d"))
        .isNotEqualTo("http://a/b?c#d");
    assertThat(Uri.of("http://a/?")).isNotEqualTo(Uri.of("http://a/"));
  }

  @Test
  void queriesThatDoNotDecodeAreBadArguments() {
    Uri uri = Uri.of("http://a/?x=%FF");
    assertThatIllegalArgumentException()
        .isThrownBy(uri::queryParams)
        .withMessageContaining("http://a/?x=%FF")
        .withMessageContaining("UTF-8");
    assertThatIllegalArgumentException().isThrownBy(() -> Uri.of("http://a/%FF").path());
    assertThatIllegalArgumentException().isThrownBy(() -> Uri.of("http://a/%FF").segments());
  }
}
