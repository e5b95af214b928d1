package dev.runnel.http;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the few shapes a problem document has (RFC 8259), so that an error answer needs no JSON
 * library.
 */
final class JsonText {
  private JsonText() {}

  static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder(128);
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, @Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Number number) {
      appendNumber(out, number);
    } else if (value instanceof Map<?, ?> map) {
      char separator = '{';
      for (Map.Entry<?, ?> member : map.entrySet()) {
        out.append(separator);
        appendString(out, String.valueOf(member.getKey()));
        append(out.append(':'), member.getValue());
        separator = ',';
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Iterable<?> items) {
      appendList(out, items);
    } else {
      appendString(out, value.toString());
    }
  }

  private static void appendNumber(StringBuilder out, Number number) {
    // Floats only: a BigDecimal beyond them is a number like any other.
    boolean isFloat = number instanceof Double || number instanceof Float;
    if (isFloat && !Double.isFinite(number.doubleValue())) {
      out.append("null"); // RFC 8259 6: no such numbers
    } else {
      out.append(number);
    }
  }

  private static void appendList(StringBuilder out, Iterable<?> items) {
    out.append('[');
    boolean first = true;
    for (Object item : items) {
      if (!first) {
        out.append(',');
      }
      append(out, item);
      first = false;
    }
    out.append(']');
  }

  private static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // U+2028/2029 end a line in JavaScript; a lone surrogate has no UTF-8 form.
          if (c < ' ' || c == 0x7F || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
