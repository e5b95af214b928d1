package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random edits of header sections, against a plain list of fields. */
class HeadersModelTest {
  private static final List<String> NAMES =
      List.of("a", "A", "b", "Host", "host", "HOST", "x-y", "X-Y", "Content-Length", "^", "~");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void behavesLikeAList(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Headers headers = Headers.EMPTY;
      List<Headers.Field> model = new ArrayList<>();
      for (int step = 0; step < 30; step++) {
        headers = edit(headers, model, random);
        compare(headers, model);
      }
    }
  }

  private static Headers edit(Headers headers, List<Headers.Field> model, Random random) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    String value = Integer.toString(random.nextInt(100));
    switch (random.nextInt(6)) {
      case 0 -> {
        model.removeIf(field -> field.name().equalsIgnoreCase(name));
        return headers.without(name);
      }
      case 1 -> {
        model.removeIf(field -> field.name().equalsIgnoreCase(name));
        model.add(new Headers.Field(name, value));
        return headers.set(name, value);
      }
      case 2 -> {
        model.add(new Headers.Field(name, value));
        return headers.plus(HeaderBlocks.of(name, value));
      }
      case 3 -> {
        return HeaderBlocks.of(flat(model)); // as if it went over the wire
      }
      default -> {
        model.add(new Headers.Field(name, value));
        return headers.with(name, value);
      }
    }
  }

  private static void compare(Headers headers, List<Headers.Field> model) {
    assertThat(headers).containsExactlyElementsOf(model);
    assertThat(headers.size()).isEqualTo(model.size());
    assertThat(headers.isEmpty()).isEqualTo(model.isEmpty());
    for (String name : NAMES) {
      List<String> values =
          model.stream()
              .filter(field -> field.name().equalsIgnoreCase(name))
              .map(Headers.Field::value)
              .toList();
      assertThat(headers.all(name)).isEqualTo(values);
      assertThat(headers.get(name)).isEqualTo(values.isEmpty() ? null : values.get(0));
    }
    Headers again = Headers.of(flat(model));
    assertThat(headers).isEqualTo(again).hasSameHashCodeAs(again);
  }

  private static String[] flat(List<Headers.Field> model) {
    return model.stream()
        .flatMap(field -> List.of(field.name(), field.value()).stream())
        .toArray(String[]::new);
  }
}
