package dev.runnel.http;

import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Places in a document as people write them: {@code items[2].name}. */
final class JacksonPath {
  static final String ROOT = "the document";

  /** Enough to find the place; a hostile document is a thousand levels deep. */
  private static final int MAX_STEPS = 16;

  private final StringBuilder text = new StringBuilder();
  private int steps;

  private JacksonPath() {}

  static String of(List<JsonMappingException.Reference> references) {
    JacksonPath path = new JacksonPath();
    for (JsonMappingException.Reference reference : references) {
      String name = reference.getFieldName();
      if (name != null) {
        path.member(name);
      } else {
        path.element(reference.getIndex());
      }
    }
    return path.toString();
  }

  static String of(JsonStreamContext innermost) {
    Deque<JsonStreamContext> outermostFirst = new ArrayDeque<>();
    for (JsonStreamContext c = innermost; c != null; c = c.getParent()) {
      outermostFirst.push(c);
    }
    JacksonPath path = new JacksonPath();
    for (JsonStreamContext context : outermostFirst) {
      if (context.inObject() && context.hasCurrentName()) {
        path.member(context.getCurrentName());
      } else if (context.inArray() && context.hasCurrentIndex()) {
        path.element(context.getCurrentIndex());
      }
    }
    return path.toString();
  }

  private void member(String name) {
    if (steps++ < MAX_STEPS) {
      if (Tokens.isToken(name) && name.indexOf('.') < 0 && name.length() <= 80) {
        text.append(text.isEmpty() ? "" : ".").append(name);
      } else {
        text.append('[').append(Tokens.quote(name)).append(']');
      }
    }
  }

  private void element(int index) {
    if (steps++ < MAX_STEPS) {
      text.append('[').append(index).append(']');
    }
  }

  @Override
  public String toString() {
    if (steps == 0) {
      return ROOT;
    }
    return steps > MAX_STEPS ? text + "…" : text.toString();
  }
}
