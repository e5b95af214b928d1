package dev.runnel.testing.http2;

import java.util.ArrayList;
import java.util.List;

/** A field line, or a pseudo-header field. */
public record Field(String name, String value) {
  /** Names and values in turn. */
  public static List<Field> list(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a name without a value: " + List.of(namesAndValues));
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return fields;
  }

  @Override
  public String toString() {
    return name + "=" + value;
  }
}
