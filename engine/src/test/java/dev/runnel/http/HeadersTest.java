package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for header sections that were set and for those that were received. */
class HeadersTest {
  static Stream<Named<Function<String[], Headers>>> forms() {
    return Stream.of(Named.of("set", Headers::of), Named.of("received", HeaderBlocks::of));
  }

  private static Headers make(Function<String[], Headers> form, String... namesAndValues) {
    return form.apply(namesAndValues);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void findsWithoutCase(Function<String[], Headers> form) {
    Headers headers = make(form, "Host", "a", "x-Custom", "1", "X-CUSTOM", "2");

    assertThat(headers.get("host")).isEqualTo("a");
    assertThat(headers.get("HOST")).isEqualTo("a");
    assertThat(headers.get("hos")).isNull();
    assertThat(headers.all("X-Custom")).containsExactly("1", "2");
    assertThat(headers.all("none")).isEmpty();
    assertThat(headers.contains("x-custom")).isTrue();
    assertThat(headers.indexOf("X-custom", 2)).isEqualTo(2);
    assertThat(headers.indexOf("X-custom", 3)).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void caseIsAMatterOfLettersOnly(Function<String[], Headers> form) {
    // These differ in bit 0x20 like letters do: ^ and ~, _ and DEL, @ and `.
    Headers headers = make(form, "a^b", "1", "c`d", "2");

    assertThat(headers.contains("a~b")).isFalse();
    assertThat(headers.contains("A^B")).isTrue();
    assertThat(headers.contains("c@d")).isFalse();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void keepsOrderAndSpelling(Function<String[], Headers> form) {
    Headers headers = make(form, "b", "1", "A", "2", "b", "");

    assertThat(headers.size()).isEqualTo(3);
    assertThat(headers)
        .containsExactly(
            new Headers.Field("b", "1"), new Headers.Field("A", "2"), new Headers.Field("b", ""));
    List<String> seen = new ArrayList<>();
    headers.forEach((name, value) -> seen.add(name + '=' + value));
    assertThat(seen).containsExactly("b=1", "A=2", "b=");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void refusesIndexesOutside(Function<String[], Headers> form) {
    Headers headers = make(form, "a", "1");

    assertThatThrownBy(() -> headers.name(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> headers.value(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> headers.name(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void keepsObsoleteTextAsLatin1(Function<String[], Headers> form) {
    assertThat(make(form, "a", "caf\u00e9").get("a")).isEqualTo("caf\u00e9");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void iteratorEnds(Function<String[], Headers> form) {
    Iterator<Headers.Field> iterator = make(form, "a", "1").iterator();
    assertThat(iterator.next()).isEqualTo(new Headers.Field("a", "1"));
    assertThat(iterator.hasNext()).isFalse();
    assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void changesAreOtherValues(Function<String[], Headers> form) {
    Headers headers = make(form, "a", "1", "B", "2", "A", "3");

    assertThat(headers.with("c", "4"))
        .isEqualTo(Headers.of("a", "1", "B", "2", "A", "3", "c", "4"));
    assertThat(headers.set("a", "9")).isEqualTo(Headers.of("B", "2", "a", "9"));
    assertThat(headers.set("new", "9").size()).isEqualTo(4);
    assertThat(headers.without("A")).isEqualTo(Headers.of("B", "2"));
    assertThat(headers.without("none")).isSameAs(headers);
    assertThat(headers.without("b").without("a")).isSameAs(Headers.EMPTY);
    assertThat(headers.plus(Headers.EMPTY)).isSameAs(headers);
    assertThat(Headers.EMPTY.plus(headers)).isSameAs(headers);
    assertThat(headers.plus(HeaderBlocks.of("z", "0")).get("z")).isEqualTo("0");
    assertThat(headers).isEqualTo(Headers.of("a", "1", "B", "2", "A", "3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "close | close | true",
        "keep-alive, Close | close | true",
        "keep-alive,\tclose | close | true",
        ",,close | close | true",
        "closed | close | false",
        "clo se | close | false",
        "close;x=1 | close | false",
        "a, b, c | B | true",
      })
  void findsListMembers(String value, String token, boolean expected) {
    assertThat(Headers.of("Connection", value).hasToken("connection", token)).isEqualTo(expected);
    assertThat(HeaderBlocks.of("Connection", value).hasToken("connection", token))
        .isEqualTo(expected);
  }

  @Test
  void findsListMembersOnAllLines() {
    Headers headers = Headers.of("Vary", "Accept", "Other", "Cookie", "vary", "Origin, Cookie");

    assertThat(headers.hasToken("Vary", "cookie")).isTrue();
    assertThat(headers.hasToken("Other", "origin")).isFalse();
    assertThat(headers.hasToken("None", "")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\r\nSet-Cookie: x=1",
        "a\nb",
        "a\rb",
        "a\u0000b",
        "\u0001",
        "\u007f",
        "a\u010ab", // its low byte is LF
        "a\u560ab", // Chinese, its low byte is LF
        "\u20ac",
        " a",
        "a ",
        "\ta",
      })
  void refusesValuesThatCouldForgeFields(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("X-A", value))
        .withMessageContaining("X-A");
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.EMPTY.with("X-A", value));
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.EMPTY.set("X-A", value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a:", "a\r\n", ":path", "a(b)", "\u00e4", "\u212aeep", "a\u0000"})
  void refusesNamesThatAreNoTokens(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.of(name, "v"));
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.EMPTY.with(name, "v"));
    assertThatIllegalArgumentException().isThrownBy(() -> Headers.EMPTY.set(name, "v"));
  }

  @Test
  void refusesANameWithoutValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("a", "1", "b"))
        .withMessageContaining("3");
  }

  @Test
  void takesACopyOfTheArray() {
    String[] pairs = {"a", "1"};
    Headers headers = Headers.of(pairs);
    pairs[1] = "evil\r\n";

    assertThat(headers.get("a")).isEqualTo("1");
  }

  @Test
  void setAndReceivedAreEqual() {
    Headers set = Headers.of("content-type", "a", "X", "b");
    Headers received = HeaderBlocks.of("Content-Type", "a", "x", "b");

    assertThat(set).isEqualTo(received).hasSameHashCodeAs(received);
    assertThat(received).isEqualTo(set);
    assertThat(HeaderBlocks.of()).isEqualTo(Headers.EMPTY).hasSameHashCodeAs(Headers.EMPTY);
    assertThat(set).isNotEqualTo(HeaderBlocks.of("X", "b", "Content-Type", "a"));
    assertThat(set).isNotEqualTo(HeaderBlocks.of("Content-Type", "A", "x", "b"));
    assertThat(set).isNotEqualTo(HeaderBlocks.of("Content-Type", "a"));
    assertThat(set).isNotEqualTo("Headers");
  }

  @Test
  void doesNotTellItsValues() {
    assertThat(Headers.of("Authorization", "secret")).hasToString("Headers[Authorization]");
    assertThat(HeaderBlocks.of("Authorization", "secret")).hasToString("Headers[Authorization]");
  }
}
