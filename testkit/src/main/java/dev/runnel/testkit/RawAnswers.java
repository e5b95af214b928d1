package dev.runnel.testkit;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 answers off what came (RFC 9112), by the framing they say they have. */
final class RawAnswers {
  private final String text;
  private final boolean ended;
  private int at;

  /**
   * @param text what came, as ISO-8859-1
   * @param ended whether no more comes
   */
  RawAnswers(String text, boolean ended) {
    this.text = text;
    this.ended = ended;
  }

  /** Where the answer ends that was read. */
  int end() {
    return at;
  }

  /**
   * The next answer, or null when it is not all there.
   *
   * @param toHead whether it answers a HEAD, and so has no body
   */
  @Nullable RawAnswer next(boolean toHead) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return null;
    }
    String head = text.substring(0, end);
    String[] lines = head.split("\r\n", -1);
    String[] first = lines[0].split(" ", 3);
    if (!first[0].startsWith("HTTP/1.") || first.length < 2) {
      throw new AssertionError("this is no status line: " + lines[0]);
    }
    int status = Integer.parseInt(first[1]);
    Headers headers = fields(lines);
    at = end + 4;
    byte[] body = body(status, headers, toHead);
    return body == null ? null : new RawAnswer(head, status, headers, Bytes.copyOf(body));
  }

  private static Headers fields(String[] lines) {
    List<String> pairs = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1) {
        throw new AssertionError("this is no field line: " + lines[i]);
      }
      pairs.add(lines[i].substring(0, colon));
      pairs.add(lines[i].substring(colon + 1).strip());
    }
    return Headers.of(pairs.toArray(String[]::new));
  }

  private byte @Nullable [] body(int status, Headers headers, boolean toHead) {
    if (toHead || status < 200 || status == 204 || status == 304) {
      return new byte[0];
    }
    String coding = headers.get("Transfer-Encoding");
    if (coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
      return chunks();
    }
    String length = headers.get("Content-Length");
    if (length != null) {
      return take(Integer.parseInt(length));
    }
    return ended ? take(text.length() - at) : null;
  }

  private byte @Nullable [] take(int length) {
    if (text.length() - at < length) {
      return null;
    }
    at += length;
    return text.substring(at - length, at).getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte @Nullable [] chunks() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int line = text.indexOf("\r\n", at);
      if (line < 0) {
        return null;
      }
      int size = Integer.parseInt(text.substring(at, line).split(";", 2)[0].strip(), 16);
      at = line + 2;
      if (size == 0) {
        return trailers() ? body.toByteArray() : null;
      }
      byte[] chunk = take(size);
      if (chunk == null || text.length() < at + 2) {
        return null;
      }
      body.writeBytes(chunk);
      at += 2;
    }
  }

  /** Up to the empty line. */
  private boolean trailers() {
    while (true) {
      int line = text.indexOf("\r\n", at);
      if (line < 0) {
        return false;
      }
      boolean empty = line == at;
      at = line + 2;
      if (empty) {
        return true;
      }
    }
  }
}
