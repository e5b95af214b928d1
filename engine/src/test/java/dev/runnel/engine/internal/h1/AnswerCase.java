package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.http.Method;
import dev.runnel.io.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer as raw bytes, and what must become of it.
 *
 * @param name unique among all cases
 * @param source the RFC and section that says so
 * @param method of the request that is answered
 * @param bytes head and body
 * @param rejected the rule that the bytes break; null when they are a good answer
 * @param properties what a good answer is read as, by the names of {@link AnswerReading#property}
 */
record AnswerCase(
    String name,
    String source,
    Method method,
    Bytes bytes,
    @Nullable Violation rejected,
    Map<String, String> properties) {
  static AnswerCase good(String name, String source, String raw, String... properties) {
    return good(name, source, Method.GET, raw, properties);
  }

  /** A good answer; properties are written {@code name=value}. */
  static AnswerCase good(
      String name, String source, Method method, String raw, String... properties) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String property : properties) {
      int equals = property.indexOf('=');
      map.put(property.substring(0, equals), property.substring(equals + 1));
    }
    return new AnswerCase(name, source, method, bytes(raw), null, Map.copyOf(map));
  }

  /** An answer that breaks a rule. */
  static AnswerCase bad(String name, Violation rejected, String raw) {
    return new AnswerCase(name, rejected.source(), Method.GET, bytes(raw), rejected, Map.of());
  }

  private static Bytes bytes(String raw) {
    return Bytes.copyOf(raw.getBytes(ISO_8859_1));
  }

  String text() {
    return bytes.text(ISO_8859_1);
  }

  /** 200 with these field lines, each with its line end. */
  static String ok(String fields) {
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
  }

  /** For names. */
  static String printable(String text) {
    StringBuilder out = new StringBuilder("'");
    text.chars()
        .forEach(
            c -> out.append(c >= ' ' && c < 0x7F ? (char) c + "" : String.format("\\x%02x", c)));
    return out.append('\'').toString();
  }

  @Override
  public String toString() {
    return name;
  }
}
