package dev.runnel.ws;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An extension as {@code Sec-WebSocket-Extensions} names it (RFC 6455 9.1). */
record Extension(String name, List<Param> params) {
  static final String FIELD = "Sec-WebSocket-Extensions";

  /** A parameter; the value is null where there is none. */
  record Param(String name, @Nullable String value) {}

  /**
   * All extensions of all lines of the field, in order.
   *
   * @throws IllegalArgumentException if a line is malformed; the handshake has to fail then (RFC
   *     6455 9.1)
   */
  static List<Extension> parse(List<String> lines) {
    List<Extension> all = new ArrayList<>();
    for (String line : lines) {
      new ExtensionParser(line).parseInto(all);
    }
    return all;
  }
}
