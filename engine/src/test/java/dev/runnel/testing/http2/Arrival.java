package dev.runnel.testing.http2;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame that came; HEADERS and PUSH_PROMISE with their CONTINUATIONs as one.
 *
 * @param frame the frame; its payload is the whole block where there is one
 * @param fields the decoded fields, pseudo-header fields too, in their order
 */
public record Arrival(Frame frame, List<Field> fields) {
  /** The stream. */
  public int stream() {
    return frame.stream();
  }

  /** Whether it ends its stream. */
  public boolean ends() {
    return frame.ends();
  }

  /** The value of :status. */
  public int status() {
    String value = field(":status");
    if (value == null) {
      throw new AssertionError("no :status in " + this);
    }
    return Integer.parseInt(value);
  }

  /** The value of a field, or null; fails if there are several. */
  public @Nullable String field(String name) {
    List<String> values =
        fields.stream().filter(f -> f.name().equals(name)).map(Field::value).toList();
    if (values.size() > 1) {
      throw new AssertionError(name + " stands there several times: " + values);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** The content of DATA in ISO-8859-1. */
  public String text() {
    return frame.text();
  }

  @Override
  public String toString() {
    return frame.toString(fields);
  }
}
