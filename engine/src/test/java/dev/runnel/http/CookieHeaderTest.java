package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieHeaderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      nullValues = "null",
      value = {
        "a=1 | 1",
        "b=2; a=1 | 1",
        "b=2;a=1;c=3 | 1",
        "a=1; a=2 | 1",
        "  a \t=\t 1  ;b=2 | 1",
        "a= | ''",
        "a | null",
        "a; b=1 | null",
        "A=1 | null",
        "aa=1; ba=2 | null",
        "a=b=c | b=c",
        "a=\"x y\" | '\"x y\"'",
        "a=\"x;y\" | '\"x'",
        "a=x,y | x,y",
        "=a; a=1 | 1",
        ";;; a=1 ;;; | 1",
        "'b=\"; a=1' | 1",
        "b; a=1 | 1",
        "'' | null",
        "; | null",
      })
  void findsTheFirstOfAName(String field, String expected) {
    for (Headers headers :
        List.of(Headers.of("Cookie", field.strip()), HeaderBlocks.of("cookie", field))) {
      Cookie cookie = Cookie.find(headers, "a");
      assertThat(cookie == null ? null : cookie.value()).isEqualTo(expected);
    }
  }

  @Test
  void readsAllLines() {
    Headers headers = HeaderBlocks.of("cookie", "a=1", "x", "a=9", "cookie", "b=2; a=3");

    assertThat(Cookie.all(headers)).extracting(Cookie::name).containsExactly("a", "b", "a");
    assertThat(Cookie.all(headers)).extracting(Cookie::value).containsExactly("1", "2", "3");
    assertThat(Cookie.find(headers, "b")).isEqualTo(Cookie.of("b", "2"));
    assertThat(Cookie.find(headers, "c")).isNull();
  }

  @Test
  void noFieldIsNoCookie() {
    assertThat(Cookie.find(Headers.EMPTY, "a")).isNull();
    assertThat(Cookie.all(Headers.EMPTY)).isEmpty();
    assertThat(Cookie.all(Headers.of("Cookie", "; =; nameless;=x"))).isEmpty();
  }

  @Test
  void whatCameIsCheckedWhenItIsSetAgain() {
    Cookie odd = Cookie.all(Headers.of("Cookie", "a b=c d")).get(0);

    assertThat(odd.name()).isEqualTo("a b");
    assertThat(odd.value()).isEqualTo("c d");
    assertThatIllegalArgumentException().isThrownBy(odd::toSetCookie);
  }

  /** Each member is looked at once; looking on to the end of the field would take minutes. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void manyMembersWithoutAnEqualsSign() {
    Headers headers = HeaderBlocks.of("Cookie", ";".repeat(4 << 20));
    assertThat(Cookie.find(headers, "a")).isNull();
    assertThat(Cookie.all(headers)).isEmpty();
  }

  @Test
  void findAgreesWithAll() {
    Random random = new Random(5);
    String alphabet = "ab==;; \t\"";
    for (int round = 0; round < 2000; round++) {
      StringBuilder field = new StringBuilder();
      for (int i = random.nextInt(14); i > 0; i--) {
        field.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Headers headers = HeaderBlocks.of("Cookie", field.toString(), "Cookie", "a=last");
      List<Cookie> all = new ArrayList<>(Cookie.all(headers));
      Cookie first = all.stream().filter(c -> c.name().equals("a")).findFirst().orElseThrow();

      assertThat(Cookie.find(headers, "a")).isEqualTo(first);
      assertThat(all).allMatch(c -> c.value().equals(c.value().strip()) && !c.name().isBlank());
    }
  }
}
