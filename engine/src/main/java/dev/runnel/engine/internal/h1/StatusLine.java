package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.LineEnds.NEED_MORE;
import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;
import static dev.runnel.engine.internal.syntax.Octets.SP;

import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.Version;

/**
 * Scratch of a parser: the status line (RFC 9112 4) of the head that is being parsed. What a byte
 * says is said when it comes: a server that speaks something else is not waited for.
 */
final class StatusLine {
  private static final String NAME = "HTTP/";
  private static final int VERSION_END = 8;
  private static final int CODE_END = 12;

  private Version version = Version.HTTP_1_1;
  private int code;

  /**
   * Parses the line. Nothing may stand before it: RFC 9112 2.2 lets servers skip an empty line, and
   * clients not.
   *
   * @return the index behind the line's LF, or {@link LineEnds#NEED_MORE}
   */
  int parse(byte[] data, int from, int end) throws RejectedException {
    for (int i = 0; i < CODE_END; i++) {
      if (from + i == end) {
        return NEED_MORE;
      }
      judge(data, from, i);
    }
    return reason(data, from + CODE_END, end);
  }

  private void judge(byte[] data, int from, int i) throws RejectedException {
    byte b = data[from + i];
    if (i < NAME.length()) {
      require(b == NAME.charAt(i), Violation.BAD_STATUS_LINE, data, from, i);
    } else if (i < VERSION_END) {
      require(i == 6 ? b == '.' : Octets.isDigit(b), Violation.BAD_VERSION, data, from, i);
      if (i == VERSION_END - 1) {
        require(data[from + 5] == '1', Violation.UNKNOWN_ANSWER_VERSION, data, from, i);
        // Minor versions above 1 count as 1, the highest that is known here (RFC 9110 6.2).
        version = b == '0' ? Version.HTTP_1_0 : Version.HTTP_1_1;
      }
    } else if (i == VERSION_END) {
      require(b == SP, Violation.BAD_STATUS_LINE, data, from, i);
      code = 0;
    } else {
      require(Octets.isDigit(b), Violation.BAD_STATUS, data, from, i);
      code = 10 * code + b - '0';
      if (i == CODE_END - 1) {
        require(code >= 100 && code <= 599, Violation.BAD_STATUS, data, from, i);
      }
    }
  }

  /** Quotes the line as far as it was judged: what follows must not change what is said. */
  private static void require(boolean holds, Violation rule, byte[] data, int from, int i)
      throws RejectedException {
    if (!holds) {
      throw new RejectedException(rule, Octets.quote(data, from, from + i + 1));
    }
  }

  /**
   * Servers exist that leave out the space before an empty reason; nothing can be misunderstood
   * then.
   */
  private static int reason(byte[] data, int from, int end) throws RejectedException {
    if (from == end) {
      return NEED_MORE;
    }
    if (data[from] != SP && data[from] != CR && data[from] != LF) {
      throw new RejectedException(
          Violation.BAD_STATUS, Octets.name(data[from]) + " behind the status code");
    }
    int at = data[from] == SP ? Octets.valueEnd(data, from + 1, end) : from;
    if (at == end) {
      return NEED_MORE;
    }
    if (data[at] == CR && at + 1 < end && data[at + 1] == LF) {
      return at + 2;
    }
    return LineEnds.stray(
        data, at, end, Violation.BAD_REASON, Violation.BARE_CR, "in the status line");
  }

  Version version() {
    return version;
  }

  int code() {
    return code;
  }
}
