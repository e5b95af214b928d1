package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.LineEnds.NEED_MORE;
import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;
import static dev.runnel.engine.internal.syntax.Octets.SP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.Method;
import dev.runnel.http.Version;

/** Scratch of a parser: the request line (RFC 9112 3) of the head that is being parsed. */
final class RequestLine {
  private static final long HTTP_1_1 = 0x485454502F312E31L;

  /** The known methods by the length of their names. */
  private static final Method[][] METHODS = {
    {},
    {},
    {},
    {Method.GET, Method.PUT},
    {Method.POST, Method.HEAD},
    {Method.PATCH, Method.TRACE},
    {Method.DELETE},
    {Method.OPTIONS, Method.CONNECT},
  };

  private final RequestTarget target = new RequestTarget();
  private Method method = Method.GET;
  private Version version = Version.HTTP_1_1;

  /**
   * Parses the line.
   *
   * @return the index behind the line's LF, or {@link LineEnds#NEED_MORE}
   */
  int parse(byte[] data, int from, int end) throws RejectedException {
    int at = method(data, from, end);
    if (at == NEED_MORE) {
      return NEED_MORE;
    }
    at = target.scan(data, at + 1, end);
    if (at == NEED_MORE) {
      return NEED_MORE;
    }
    at = version(data, at + 1, end);
    if (at != NEED_MORE) {
      target.check(data, method);
    }
    return at;
  }

  Method method() {
    return method;
  }

  Version version() {
    return version;
  }

  RequestTarget target() {
    return target;
  }

  /** Gives the index of the space behind the method. */
  private int method(byte[] data, int from, int end) throws RejectedException {
    int at = from;
    while (at < end && Octets.isToken(data[at])) {
      at++;
    }
    if (at == end) {
      return NEED_MORE;
    }
    if (data[at] != SP || at == from) {
      return LineEnds.stray(
          data, at, end, Violation.BAD_METHOD, Violation.BAD_REQUEST_LINE, "in the method");
    }
    method = intern(data, from, at);
    return at;
  }

  private static Method intern(byte[] data, int from, int until) {
    int length = until - from;
    if (length < METHODS.length) {
      for (Method known : METHODS[length]) {
        if (isExactly(known.name(), data, from)) {
          return known;
        }
      }
    }
    return Method.of(new String(data, from, length, ISO_8859_1));
  }

  private static boolean isExactly(String name, byte[] data, int from) {
    for (int i = 0; i < name.length(); i++) {
      if (data[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Gives the index behind the line's LF. */
  private int version(byte[] data, int from, int end) throws RejectedException {
    if (from + 10 <= end
        && Octets.eight(data, from) == HTTP_1_1
        && data[from + 8] == CR
        && data[from + 9] == LF) {
      version = Version.HTTP_1_1;
      return from + 10;
    }
    int at = from;
    while (at < end && data[at] != CR && data[at] != LF) {
      at++;
    }
    if (at == end) {
      return NEED_MORE;
    }
    if (data[at] == LF || (at + 1 < end && data[at + 1] != LF)) {
      throw new RejectedException(
          data[at] == LF ? Violation.BARE_LF : Violation.BARE_CR, "in the request line");
    }
    if (at + 1 == end) {
      return NEED_MORE;
    }
    version = judge(data, from, at);
    return at + 2;
  }

  /** Minor versions above 1 count as 1, the highest that is known here (RFC 9110 6.2). */
  private static Version judge(byte[] data, int from, int until) throws RejectedException {
    if (!isVersion(data, from, until)) {
      boolean parts = indexOf(SP, data, from, until) < 0;
      throw new RejectedException(
          parts ? Violation.BAD_VERSION : Violation.BAD_REQUEST_LINE,
          Octets.quote(data, from, until));
    }
    if (data[from + 5] != '1') {
      throw new RejectedException(Violation.UNSUPPORTED_VERSION, Octets.quote(data, from, until));
    }
    return data[from + 7] == '0' ? Version.HTTP_1_0 : Version.HTTP_1_1;
  }

  private static boolean isVersion(byte[] data, int from, int until) {
    return until - from == 8
        && isExactly("HTTP/", data, from)
        && Octets.isDigit(data[from + 5])
        && data[from + 6] == '.'
        && Octets.isDigit(data[from + 7]);
  }

  private static int indexOf(byte wanted, byte[] data, int from, int until) {
    for (int i = from; i < until; i++) {
      if (data[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
