package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderNamesTest {
  static Stream<String> constants() {
    return Arrays.stream(HeaderNames.class.getFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(HeaderNamesTest::read);
  }

  private static String read(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @MethodSource("constants")
  void knownNamesAreShared(String name) {
    byte[] bytes = ("::" + name + "::").getBytes(StandardCharsets.ISO_8859_1);

    assertThat(HeaderNames.ofBytes(bytes, 2, name.length())).isSameAs(name);
  }

  @ParameterizedTest
  @MethodSource("constants")
  void otherSpellingsAreKept(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    byte[] bytes = lower.getBytes(StandardCharsets.ISO_8859_1);

    assertThat(HeaderNames.ofBytes(bytes, 0, bytes.length)).isEqualTo(lower);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "Hosts", "Hos", "Hast", "X-Request-Ie", "\u00e4", "Content-Lengtj"})
  void unknownNamesAreRead(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);

    assertThat(HeaderNames.ofBytes(bytes, 0, bytes.length)).isEqualTo(name);
  }

  @Test
  void allAreTokens() {
    assertThat(constants()).isNotEmpty().allMatch(Tokens::isToken).doesNotHaveDuplicates();
  }
}
