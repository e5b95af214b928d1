package dev.runnel.ws;

import dev.runnel.ws.Extension.Param;
import java.util.ArrayList;
import java.util.List;

/** Reads one line of {@code Sec-WebSocket-Extensions} by the grammar of RFC 6455 9.1. */
final class ExtensionParser {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private final String line;
  private int at;

  ExtensionParser(String line) {
    this.line = line;
  }

  /** A list may have empty members, as all lists of HTTP, but not only those (RFC 2616 2.1). */
  void parseInto(List<Extension> all) {
    int before = all.size();
    while (skipSpace()) {
      if (line.charAt(at) == ',') {
        at++;
        continue;
      }
      all.add(extension());
      if (skipSpace() && line.charAt(at) != ',') {
        throw malformed("',' or ';' is missing");
      }
    }
    if (all.size() == before) {
      throw malformed("it names no extension");
    }
  }

  private Extension extension() {
    String name = token();
    List<Param> params = new ArrayList<>(4);
    while (skipSpace() && line.charAt(at) == ';') {
      at++;
      params.add(param());
    }
    return new Extension(name, params);
  }

  private Param param() {
    boolean more = skipSpace();
    String name = more ? token() : missing();
    return new Param(name, skipSpace() && line.charAt(at) == '=' ? value() : null);
  }

  private String value() {
    at++;
    if (!skipSpace()) {
      return missing();
    }
    return line.charAt(at) == '"' ? quoted() : token();
  }

  private String token() {
    int from = at;
    while (at < line.length() && isTokenChar(line.charAt(at))) {
      at++;
    }
    return at == from ? missing() : line.substring(from, at);
  }

  private String missing() {
    throw malformed("a name or value is missing");
  }

  /** What stands in quotes must be a token too, once the escapes are resolved (RFC 6455 9.1). */
  private String quoted() {
    StringBuilder out = new StringBuilder();
    for (at++; at < line.length() && line.charAt(at) != '"'; at++) {
      if (line.charAt(at) == '\\' && at + 1 < line.length()) {
        at++;
      }
      if (!isTokenChar(line.charAt(at))) {
        throw malformed("what is quoted is no token");
      }
      out.append(line.charAt(at));
    }
    if (at == line.length()) {
      throw malformed("a quoted value does not end");
    }
    at++;
    return out.isEmpty() ? missing() : out.toString();
  }

  /** Goes to the next character that is no white space; false at the end. */
  private boolean skipSpace() {
    while (at < line.length() && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
      at++;
    }
    return at < line.length();
  }

  private static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SIGNS.indexOf(c) >= 0;
  }

  private IllegalArgumentException malformed(String why) {
    return new IllegalArgumentException(
        Extension.FIELD + " is malformed at index " + at + " of \"" + shown() + "\": " + why);
  }

  /** Values of headers are free of control characters; they may still be long. */
  private String shown() {
    return line.length() <= 80 ? line : line.substring(0, 80) + "…";
  }
}
