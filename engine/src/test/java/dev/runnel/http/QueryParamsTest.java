package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.io.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParamsTest {
  static Stream<Arguments> queries() {
    return Stream.of(
        Arguments.of("a=1", QueryParams.of("a", "1")),
        Arguments.of("a=1&b=2&a=3", QueryParams.of("a", "1", "b", "2", "a", "3")),
        Arguments.of("a", QueryParams.of("a", "")),
        Arguments.of("a=", QueryParams.of("a", "")),
        Arguments.of("=a", QueryParams.of("", "a")),
        Arguments.of("=", QueryParams.of("", "")),
        Arguments.of("a=b=c", QueryParams.of("a", "b=c")),
        Arguments.of("&&a=1&&&b&", QueryParams.of("a", "1", "b", "")),
        Arguments.of("a+b=c+d", QueryParams.of("a b", "c d")),
        Arguments.of("a=%2B%26%3D%25", QueryParams.of("a", "+&=%")),
        Arguments.of("%61%3D=%C3%a4x%E2%82%AC", QueryParams.of("a=", "äx€")),
        Arguments.of("a=%F0%9F%98%80+%00", QueryParams.of("a", "\ud83d\ude00 \u0000")),
        Arguments.of("a=%EF%BF%BD", QueryParams.of("a", "\uFFFD")),
        Arguments.of("a=%41%42c%43", QueryParams.of("a", "ABcC")),
        Arguments.of("a=1;b=2", QueryParams.of("a", "1;b=2")),
        Arguments.of("a[]=/?:@!", QueryParams.of("a[]", "/?:@!")),
        Arguments.of("a=ä€", QueryParams.of("a", "ä€")));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void parses(String raw, QueryParams expected) {
    assertThat(QueryParams.parse(raw)).isEqualTo(expected).hasSameHashCodeAs(expected);
    assertThat(QueryParams.parse(expected.encode())).isEqualTo(expected);
    assertThat(QueryParams.parseForm(Bytes.utf8(raw))).isEqualTo(expected);
  }

  @Test
  void nothingIsEmpty() {
    assertThat(QueryParams.parse(null)).isSameAs(QueryParams.EMPTY);
    assertThat(QueryParams.parse("")).isSameAs(QueryParams.EMPTY);
    assertThat(QueryParams.parse("&&")).isSameAs(QueryParams.EMPTY);
    assertThat(QueryParams.of()).isSameAs(QueryParams.EMPTY);
    assertThat(QueryParams.EMPTY.isEmpty()).isTrue();
    assertThat(QueryParams.EMPTY.encode()).isEmpty();
  }

  @Test
  void looksUpByNameWithCase() {
    QueryParams params = QueryParams.parse("b=1&a=2&b=3&A=4");

    assertThat(params.get("b")).isEqualTo("1");
    assertThat(params.get("B")).isNull();
    assertThat(params.all("b")).containsExactly("1", "3");
    assertThat(params.all("c")).isEmpty();
    assertThat(params.contains("A")).isTrue();
    assertThat(params.contains("c")).isFalse();
    assertThat(params.names()).containsExactly("b", "a", "A");
    assertThat(params.size()).isEqualTo(4);
    assertThat(params.isEmpty()).isFalse();
    assertThat(params).hasToString("QueryParams[b, a, A]");
    assertThatThrownBy(() -> params.names().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> params.all("b").clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=% | a | % | 2",
        "a=%4 | a | %4 | 2",
        "a=%4&b=1 | a | %4 | 2",
        "x=1&a=b%zz | a | %zz | 7",
        "a=%41%4x | a | %4x | 5",
        "a=%-1 | a | %-1 | 2",
        "a=%+1 | a | %+1 | 2",
        "a=%\uff11\uff11 | a | %\uff11\uff11 | 2",
        "a%=1 | a% | % | 1",
        "a%4=1 | a%4 | %4 | 1",
        "100% | 100% | % | 3",
      })
  void refusesMalformedPercentSequences(String raw, String name, String found, int index) {
    assertThatThrownBy(() -> QueryParams.parse(raw))
        .isInstanceOfSatisfying(
            HttpError.class,
            error -> {
              assertThat(error.status()).isEqualTo(Status.BAD_REQUEST);
              assertThat(error.problem().detail())
                  .isEqualTo(
                      "parameter \"%s\": \"%s\" is not a percent sequence (RFC 3986 2.1) (at index"
                          + " %d)",
                      name, found, index);
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%FF", // never valid
        "%C3", // cut
        "%C3x",
        "%C3+",
        "%E2%82",
        "%A4", // continuation alone
        "%C0%80", // overlong NUL
        "%C0%AF", // overlong slash
        "%E0%80%AF",
        "%ED%A0%80", // surrogate
        "%ED%A0%BD%ED%B8%80", // CESU-8
        "%F4%90%80%80", // beyond U+10FFFF
        "%F8%88%80%80%80",
        "%C3%41",
      })
  void refusesMalformedUtf8(String text) {
    for (String raw : new String[] {"x=1&name=ok" + text, "name" + text + "=1"}) {
      assertThatThrownBy(() -> QueryParams.parse(raw))
          .isInstanceOfSatisfying(
              HttpError.class,
              error -> {
                assertThat(error.status()).isEqualTo(Status.BAD_REQUEST);
                assertThat(error.problem().detail())
                    .startsWith("parameter \"name")
                    .contains("UTF-8")
                    .contains("(at index " + raw.indexOf('%') + ")");
              });
    }
  }

  @Test
  void namesThePlaceWithinARun() {
    assertThatThrownBy(() -> QueryParams.parse("a=%41%42%FF")).hasMessageEndingWith("(at index 8)");
  }

  @Test
  void formsMustBeUtf8() {
    Bytes latin = Bytes.copyOf("ab=ä".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> QueryParams.parseForm(latin))
        .isInstanceOf(HttpError.class)
        .hasMessageContaining("form must be UTF-8, but is malformed at byte 3");
  }

  @Test
  void thousandParametersAreEnough() {
    String thousand =
        IntStream.range(0, 1000).mapToObj(i -> "p" + i).collect(Collectors.joining("&"));

    assertThat(QueryParams.parse("&" + thousand + "&&").size()).isEqualTo(1000);
    assertThatThrownBy(() -> QueryParams.parse(thousand + "&x"))
        .isInstanceOfSatisfying(
            HttpError.class,
            error -> {
              assertThat(error.status()).isEqualTo(Status.BAD_REQUEST);
              assertThat(error.problem().detail()).contains("1,000");
            });
  }

  @Test
  void needsPairs() {
    String[] pairs = {"a", "1"};
    QueryParams params = QueryParams.of(pairs);
    pairs[1] = "2";

    assertThat(params.get("a")).isEqualTo("1");
    assertThatIllegalArgumentException().isThrownBy(() -> QueryParams.of("a", "b", "c"));
  }

  @Test
  void encodesAsBrowsersDo() {
    assertThat(QueryParams.of("a b", "ä&=+", "*-._", "~/?\n").encode())
        .isEqualTo("a+b=%C3%A4%26%3D%2B&*-._=%7E%2F%3F%0A");
    assertThat(QueryParams.of("lone", "\ud83d").encode()).isEqualTo("lone=%EF%BF%BD");
    assertThat(QueryParams.of("pair", "\ud83d\ude00").encode()).isEqualTo("pair=%F0%9F%98%80");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anyTextSurvivesEncoding(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      String[] pairs =
          Stream.generate(() -> anyText(random))
              .limit(2L * random.nextInt(12))
              .toArray(String[]::new);
      QueryParams params = QueryParams.of(pairs);
      QueryParams again = QueryParams.parse(params.encode());

      assertThat(again).isEqualTo(params);
      assertThat(params.encode()).matches("[A-Za-z0-9*\\-._+%&=]*");
    }
  }

  private static String anyText(Random random) {
    int bound = random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1;
    return random
        .ints(random.nextInt(8), 0, bound)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Whatever comes: parameters or a 400, nothing else. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void anyQueryIsReadOrRefused(long seed) {
    Random random = new Random(seed);
    String alphabet = "%%%%aAfF09=&+z\u00e4C3E2";
    for (int round = 0; round < 2000; round++) {
      String raw =
          random
              .ints(random.nextInt(16), 0, alphabet.length())
              .mapToObj(i -> alphabet.substring(i, i + 1))
              .collect(Collectors.joining());
      try {
        QueryParams params = QueryParams.parse(raw);
        assertThat(QueryParams.parse(params.encode())).isEqualTo(params);
      } catch (HttpError refused) {
        assertThat(refused.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(raw).contains("%");
      }
    }
  }
}
