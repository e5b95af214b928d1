package dev.runnel.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads application/x-www-form-urlencoded (WHATWG URL 5.1), but strictly: where the standard would
 * keep a malformed percent sequence or put U+FFFD, this refuses, so that two readers of one query
 * cannot disagree about it.
 */
final class QueryParser {
  /** PHP's max_input_vars. Look-ups walk the list, so this bounds their cost too. */
  static final int MAX_PARAMETERS = 1000;

  private final String raw;
  private String[] pairs = new String[8];
  private int length;

  /** Where the parameter starts that is being read, for messages. */
  private int parameter;

  QueryParser(String raw) {
    this.raw = raw;
  }

  /** Names and values in turn. */
  String[] parse() {
    while (parameter < raw.length()) {
      int ampersand = raw.indexOf('&', parameter);
      int until = ampersand < 0 ? raw.length() : ampersand;
      if (until > parameter) {
        add(endOfName(until), until);
      }
      parameter = until + 1;
    }
    return Arrays.copyOf(pairs, length);
  }

  private void add(int endOfName, int until) {
    if (length == 2 * MAX_PARAMETERS) {
      throw HttpError.badRequest("there are more than 1,000 parameters");
    }
    if (length == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * length);
    }
    pairs[length++] = decode(parameter, endOfName);
    pairs[length++] = decode(Math.min(endOfName + 1, until), until);
  }

  private int endOfName(int until) {
    int i = parameter;
    while (i < until && raw.charAt(i) != '=') {
      i++;
    }
    return i;
  }

  private String decode(int from, int until) {
    for (int i = from; i < until; i++) {
      char c = raw.charAt(i);
      if (c == '%' || c == '+') {
        return decodeEscaped(from, i, until);
      }
    }
    return raw.substring(from, until);
  }

  private String decodeEscaped(int from, int firstEscape, int until) {
    StringBuilder out = new StringBuilder(until - from).append(raw, from, firstEscape);
    for (int i = firstEscape; i < until; ) {
      char c = raw.charAt(i);
      if (c == '%') {
        int end = endOfRun(i, until);
        decodeRun(i, end, out);
        i = end;
      } else {
        out.append(c == '+' ? ' ' : c);
        i++;
      }
    }
    return out.toString();
  }

  private int endOfRun(int from, int until) {
    int i = from;
    while (i < until && raw.charAt(i) == '%') {
      i += 3;
    }
    if (i > until) {
      throw notAPercentSequence(i - 3, until);
    }
    return i;
  }

  /** Decodes percent sequences that follow each other: together they must be UTF-8. */
  private void decodeRun(int from, int until, StringBuilder out) {
    byte[] bytes = new byte[(until - from) / 3];
    boolean ascii = true;
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = octet(from + 3 * i);
      ascii &= bytes[i] >= 0;
    }
    if (ascii) {
      for (byte b : bytes) {
        out.append((char) b);
      }
      return;
    }
    ByteBuffer run = ByteBuffer.wrap(bytes);
    try {
      out.append(StandardCharsets.UTF_8.newDecoder().decode(run));
    } catch (CharacterCodingException e) {
      throw malformed("percent-encoded text must be UTF-8, but is not", from + 3 * run.position());
    }
  }

  private byte octet(int percent) {
    int high = hex(raw.charAt(percent + 1));
    int low = hex(raw.charAt(percent + 2));
    if (high < 0 || low < 0) {
      throw notAPercentSequence(percent, percent + 3);
    }
    return (byte) (high << 4 | low);
  }

  /** Digits of ASCII only: Character.digit knows those of every script. */
  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  private HttpError notAPercentSequence(int from, int until) {
    String found = Tokens.quote(raw.substring(from, until));
    return malformed(found + " is not a percent sequence (RFC 3986 2.1)", from);
  }

  private HttpError malformed(String what, int index) {
    int ampersand = raw.indexOf('&', parameter);
    String name = raw.substring(parameter, endOfName(ampersand < 0 ? raw.length() : ampersand));
    return HttpError.badRequest(
        "parameter " + Tokens.quote(name) + ": " + what + " (at index " + index + ")");
  }
}
