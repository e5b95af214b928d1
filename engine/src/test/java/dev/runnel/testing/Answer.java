package dev.runnel.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A response as it stood on the wire. Parsed by hand and strictly, so that nothing of the engine
 * vouches for itself.
 *
 * @param status the three digits
 * @param head status line and fields, with CR LF
 * @param body without framing, in ISO-8859-1
 * @param trailers the lines behind the last chunk
 * @param length how many bytes it took on the wire
 */
public record Answer(int status, String head, String body, List<String> trailers, int length) {

  /** The value of a field, or null; fails if there are several. */
  public String header(String name) {
    List<String> values = headers(name);
    if (values.size() > 1) {
      throw new AssertionError(name + " stands there several times: " + values);
    }
    return values.isEmpty() ? null : values.get(0);
  }

  /** All values of a field. */
  public List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
        values.add(line.substring(prefix.length()).strip());
      }
    }
    return values;
  }

  static Answer parse(String text, boolean toHead, boolean ended) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return null;
    }
    String head = text.substring(0, end + 4);
    if (!head.matches("(?s)HTTP/1\\.1 [1-5][0-9][0-9] [^\r\n]*\r\n.*")) {
      throw new AssertionError("not the head of a response: " + head);
    }
    Answer bare = new Answer(Integer.parseInt(head.substring(9, 12)), head, "", List.of(), end + 4);
    if (bare.status < 200 || bare.status == 204 || bare.status == 304 || toHead) {
      return bare;
    }
    String length = bare.header("Content-Length");
    if (length != null) {
      int until = end + 4 + Integer.parseInt(length);
      return text.length() < until ? null : bare.with(text.substring(end + 4, until), until);
    }
    if (bare.header("Transfer-Encoding") != null) {
      return bare.chunked(text);
    }
    return ended ? bare.with(text.substring(end + 4), text.length()) : null;
  }

  private Answer with(String wholeBody, int until) {
    return new Answer(status, head, wholeBody, List.of(), until);
  }

  private Answer chunked(String text) {
    StringBuilder data = new StringBuilder();
    int at = length;
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return null;
      }
      int size = Integer.parseInt(text.substring(at, lineEnd), 16);
      at = lineEnd + 2;
      if (size == 0) {
        return withTrailers(text, data.toString(), at);
      }
      if (text.length() < at + size + 2) {
        return null;
      }
      data.append(text, at, at + size);
      if (!text.startsWith("\r\n", at + size)) {
        throw new AssertionError("no CR LF behind a chunk");
      }
      at += size + 2;
    }
  }

  private Answer withTrailers(String text, String data, int from) {
    List<String> lines = new ArrayList<>();
    int at = from;
    while (true) {
      int lineEnd = text.indexOf("\r\n", at);
      if (lineEnd < 0) {
        return null;
      }
      String line = text.substring(at, lineEnd);
      at = lineEnd + 2;
      if (line.isEmpty()) {
        return new Answer(status, head, data, lines, at);
      }
      lines.add(line);
    }
  }
}
