package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.io.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as raw bytes, and what must become of it.
 *
 * @param name unique among all cases
 * @param source the RFC and section that says so, or the promise of ours that does
 * @param bytes head and body
 * @param rejected the rule that the bytes break; null when they are a good request
 * @param properties what a good request is read as, by the names of {@link RequestReading#property}
 */
public record RawCase(
    String name,
    String source,
    Bytes bytes,
    @Nullable Violation rejected,
    Map<String, String> properties) {
  /** A good request; properties are written {@code name=value}. */
  static RawCase good(String name, String source, String raw, String... properties) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String property : properties) {
      int equals = property.indexOf('=');
      map.put(property.substring(0, equals), property.substring(equals + 1));
    }
    return new RawCase(name, source, bytes(raw), null, Map.copyOf(map));
  }

  /** A request that breaks a rule. */
  static RawCase bad(String name, Violation rejected, String raw) {
    return new RawCase(name, rejected.source(), bytes(raw), rejected, Map.of());
  }

  private static Bytes bytes(String raw) {
    return Bytes.copyOf(raw.getBytes(ISO_8859_1));
  }

  /** A GET of {@code /} on host {@code h} with these field lines, each with its line end. */
  static String get(String fields) {
    return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }

  /** A POST to {@code /} on host {@code h} with these field lines, each with its line end. */
  static String post(String fields) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }

  @Override
  public String toString() {
    return name;
  }
}
