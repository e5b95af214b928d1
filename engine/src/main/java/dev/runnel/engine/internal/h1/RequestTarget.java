package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.LineEnds.NEED_MORE;
import static dev.runnel.engine.internal.syntax.Octets.SP;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.internal.syntax.Authority;
import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.engine.internal.syntax.TargetOctets;
import dev.runnel.http.Method;
import org.jspecify.annotations.Nullable;

/** Scratch of a parser: the target of the request (RFC 9112 3.2) and where its parts are. */
final class RequestTarget {
  private int start;
  private int end;
  private int query;
  private boolean percent;
  private int authorityStart;
  private int authorityEnd;
  private int pathStart;

  /**
   * Finds the end of the target.
   *
   * @return the index of the space behind it, or {@link LineEnds#NEED_MORE}
   */
  int scan(byte[] data, int from, int limit) throws RejectedException {
    start = from;
    query = -1;
    percent = false;
    int at = from;
    for (; at < limit; at++) {
      byte kind = TargetOctets.kind(data[at]);
      if (kind != TargetOctets.PLAIN && !takes(kind, at)) {
        break;
      }
    }
    end = at;
    if (at == limit) {
      return NEED_MORE;
    }
    if (data[at] == SP && at > from) {
      return at;
    }
    Violation inLine = data[at] == SP ? Violation.BAD_REQUEST_LINE : Violation.BAD_TARGET;
    return LineEnds.stray(data, at, limit, inLine, Violation.BAD_REQUEST_LINE, "in the target");
  }

  private boolean takes(byte kind, int at) {
    if (kind == TargetOctets.QUESTION) {
      query = query < 0 ? at : query;
      return true;
    }
    percent |= kind == TargetOctets.PERCENT;
    return kind == TargetOctets.PERCENT || (kind == TargetOctets.QUERY_ONLY && query >= 0);
  }

  /** Holds the whole target to the forms that the method allows. */
  void check(byte[] data, Method method) throws RejectedException {
    authorityStart = authorityEnd = pathStart = start;
    if (percent) {
      checkTriplets(data);
    }
    if (method.equals(Method.CONNECT)) {
      checkTunnel(data);
    } else if (data[start] == '*' && end == start + 1) {
      if (!method.equals(Method.OPTIONS)) {
        throw new RejectedException(Violation.BAD_TARGET_FORM, "'*' is for OPTIONS only");
      }
    } else if (data[start] != '/') {
      checkAbsolute(data);
    }
  }

  private void checkTriplets(byte[] data) throws RejectedException {
    for (int i = start; i < end; i++) {
      if (data[i] == '%' && !Authority.isTriplet(data, i, end)) {
        throw new RejectedException(
            Violation.BAD_PERCENT, Octets.quote(data, i, Math.min(i + 3, end)));
      }
    }
  }

  private void checkTunnel(byte[] data) throws RejectedException {
    if (data[start] == '/' || data[start] == '*') {
      throw new RejectedException(Violation.BAD_TARGET_FORM, "CONNECT takes host:port");
    }
    String flaw = Authority.tunnelFlaw(data, start, end);
    if (flaw != null) {
      throw new RejectedException(Violation.BAD_AUTHORITY, flaw);
    }
    authorityEnd = pathStart = end;
  }

  private void checkAbsolute(byte[] data) throws RejectedException {
    authorityStart = start + schemeLength(data);
    int pathLimit = query < 0 ? end : query;
    int at = authorityStart;
    while (at < pathLimit && data[at] != '/') {
      at++;
    }
    authorityEnd = pathStart = at;
    String flaw = Authority.flaw(data, authorityStart, authorityEnd);
    if (flaw != null) {
      throw new RejectedException(Violation.BAD_AUTHORITY, flaw);
    }
  }

  private int schemeLength(byte[] data) throws RejectedException {
    int length = end - start;
    if (length >= 7 && Octets.spells("http://", data, start)) {
      return 7;
    }
    if (length >= 8 && Octets.spells("https://", data, start)) {
      return 8;
    }
    throw new RejectedException(
        Violation.BAD_TARGET_FORM, "neither a path nor an http or https URI");
  }

  /** The target. */
  String text(byte[] data) {
    return new String(data, start, end - start, ISO_8859_1);
  }

  /** The scheme that the target names, or null. */
  @Nullable String scheme() {
    return switch (authorityStart - start) {
      case 7 -> "http";
      case 8 -> "https";
      default -> null;
    };
  }

  /** Where the authority starts, counted from the start of the target. */
  int authorityStart() {
    return authorityStart - start;
  }

  /** Where the authority ends; as its start when the target names none. */
  int authorityEnd() {
    return authorityEnd - start;
  }

  /** Where the path starts. */
  int pathStart() {
    return pathStart - start;
  }

  /** Where the path ends: at the question mark, or at the end of the target. */
  int pathEnd() {
    return (query < 0 ? end : query) - start;
  }
}
