package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @ParameterizedTest
  @CsvSource({
    // RFC 7617 2 and 2.1
    "Aladdin, open sesame, Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    "test, 123\u00a3, Basic dGVzdDoxMjPCow==",
    "'', '', Basic Og==",
    "u, '', Basic dTo=",
    "'', p, Basic OnA=",
    "u, a:b:c, Basic dTphOmI6Yw==",
    "\u65e5, \ud83d\udd11, Basic 5pelOvCflJE="
  })
  void basic(String user, String password, String field) {
    assertThat(Credentials.basic(user, password)).isEqualTo(field);
  }

  @Test
  void longPasswordsStayOnOneLine() {
    assertThat(Credentials.basic("u", "p".repeat(1000))).doesNotContain("\n", "\r");
  }

  @Test
  void aColonWouldEndTheUser() {
    assertThatThrownBy(() -> Credentials.basic("a:b", "secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("colon")
        .hasMessageContaining("RFC 7617 2")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\n", "\0", "a\r\nX", "\u007f", "a\t", "\u0085"})
  void controlsAreRefusedAndNotShown(String text) {
    assertThatThrownBy(() -> Credentials.basic(text, "secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("user name must not have a control")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> Credentials.basic("u", "secret" + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("password must not have a control")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/, ",
    "http://u@a.example/, Basic dTo=",
    "http://u:@a.example/, Basic dTo=",
    "http://:p@a.example/, Basic OnA=",
    "https://Aladdin:open%20sesame@a.example/, Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
    "wss://test:123%C2%A3@a.example/, Basic dGVzdDoxMjPCow==",
    "http://u:a%3Ab:c@a.example/, Basic dTphOmI6Yw=="
  })
  void ofUrls(String url, String field) {
    assertThat(Credentials.of(Uri.of(url))).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://a%3Ab:p@a.example/", "http://a%0A@a.example/", "http://a:%00@a.example/"})
  void urlsWhoseUserCannotBeSent(String url) {
    assertThatThrownBy(() -> Credentials.of(Uri.of(url)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RFC 7617 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mF_9.B5f-4.1JqM", "a", "a=", "a==", "~+/-._09azAZ"})
  void bearer(String token) {
    assertThat(Credentials.bearer(token)).isEqualTo("Bearer " + token);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=", "a b", "a\n", "a=b", "a,b", "\u00e4", "\"a\"", " a", "a "})
  void whatIsNoTokenIsRefusedAndNotShown(String token) {
    assertThatThrownBy(() -> Credentials.bearer(token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of " + token.length() + " characters");
    assertThatThrownBy(() -> Credentials.bearer("secret!" + token))
        .hasMessageNotContaining("secret");
  }
}
