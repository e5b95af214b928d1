package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;

import dev.runnel.engine.Limits;
import dev.runnel.http.HeaderBlock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Parses request heads (RFC 9112 2 to 6), strictly. One serves a whole loop: between two calls it
 * remembers nothing about a connection.
 *
 * <p>The verdict is a function of the bytes alone, never of how they were split: an incomplete head
 * is parsed again from its start, every byte is judged from left to right, and what is judged never
 * changes by what follows.
 *
 * <pre>
 *   int end = parser.parse(data, from, until);
 *   if (end == NEED_MORE) {
 *     patience = parser.patience();  // and again when worthParsing(data, from, scanned, until, patience)
 *   } else {
 *     serve(parser.head());
 *   }
 * </pre>
 */
public final class RequestParser {
  /** The head is not whole yet. */
  public static final int NEED_MORE = LineEnds.NEED_MORE;

  private final Limits limits;
  private final RequestLine line = new RequestLine();
  private final FieldLines lines;
  private final KnownFields fields;
  private @Nullable RequestHead head;
  private int patience;

  /** Holds requests to these limits. */
  public RequestParser(Limits limits) {
    this.limits = limits;
    this.lines = new FieldLines(limits.headerFields());
    this.fields = new KnownFields(lines);
  }

  /**
   * Parses the head that starts at an index. One empty line before it is skipped (RFC 9112 2.2).
   *
   * @param data received bytes; they are copied, so the array may be used again
   * @param until where the received bytes end
   * @return the index behind the head, or {@link #NEED_MORE}
   * @throws RejectedException if the head breaks a rule already, be it whole or not
   */
  public int parse(byte[] data, int from, int until) throws RejectedException {
    head = null;
    int start = skipEmptyLine(data, from, until);
    if (start == NEED_MORE) {
      patience = 2;
      return NEED_MORE;
    }
    int lineLimit = start + limits.requestLine() + 2;
    int at = line.parse(data, start, Math.min(until, lineLimit));
    if (at == NEED_MORE) {
      if (until > lineLimit) {
        throw new RejectedException(
            Violation.REQUEST_LINE_TOO_LONG, "the limit is " + limits.requestLine());
      }
      patience = lineLimit - from;
      return NEED_MORE;
    }
    return section(data, from, at, until);
  }

  /** The head that was just parsed. */
  public RequestHead head() {
    if (head == null) {
      throw new IllegalStateException("no head was parsed");
    }
    return head;
  }

  /**
   * After {@link #NEED_MORE}: how many bytes of this head may stand there without any other line
   * end.
   */
  public int patience() {
    return patience;
  }

  /**
   * Whether it pays to parse an incomplete head again: a line was ended, or a limit is passed.
   *
   * @param from where the head starts
   * @param scanned the first byte that was not there when the head was parsed last
   * @param until where the received bytes end
   * @param patience what {@link #patience()} gave then
   */
  public static boolean worthParsing(byte[] data, int from, int scanned, int until, int patience) {
    if (until - from > patience) {
      return true;
    }
    for (int i = scanned; i < until; i++) {
      if (data[i] == LF) {
        return true;
      }
    }
    return false;
  }

  private static int skipEmptyLine(byte[] data, int from, int until) throws RejectedException {
    if (from == until) {
      return NEED_MORE;
    }
    if (data[from] != CR) {
      return from;
    }
    if (from + 1 == until) {
      return NEED_MORE;
    }
    if (data[from + 1] != LF) {
      throw new RejectedException(Violation.BARE_CR, "before the request line");
    }
    return from + 2;
  }

  private int section(byte[] data, int from, int sectionStart, int until) throws RejectedException {
    int sectionLimit = sectionStart + limits.headerSection();
    int end = Math.min(until, sectionLimit);
    lines.begin(sectionStart);
    fields.begin();
    int at = sectionStart;
    while (at < until && data[at] != CR) {
      at = lines.parse(data, at, end);
      if (at == NEED_MORE) {
        return unfinished(from, sectionLimit, until);
      }
      fields.see(data, lines.count() - 1);
    }
    if (at + 1 >= until) {
      return unfinished(from, Math.max(sectionLimit, until), until);
    }
    if (data[at + 1] != LF) {
      throw new RejectedException(Violation.BARE_CR, "behind the header section");
    }
    fields.check(data, line.version());
    HeaderBlock headers = lines.block(Arrays.copyOfRange(data, sectionStart, at));
    head = new RequestHead(data, line, fields, headers);
    return at + 2;
  }

  private int unfinished(int from, int sectionLimit, int until) throws RejectedException {
    if (until > sectionLimit) {
      throw new RejectedException(
          Violation.HEADERS_TOO_LARGE, "the limit is " + limits.headerSection());
    }
    patience = sectionLimit - from;
    return NEED_MORE;
  }
}
