package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;

import dev.runnel.engine.Limits;
import dev.runnel.http.HeaderBlock;

/**
 * Parses request heads (RFC 9112 2 to 6), strictly.
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
public final class RequestParser extends HeadParser<RequestHead> {
  private final RequestLine line = new RequestLine();
  private final KnownFields fields;

  /** Holds requests to these limits. */
  public RequestParser(Limits limits) {
    this(limits, new FieldLines(limits.headerFields()));
  }

  private RequestParser(Limits limits, FieldLines lines) {
    super(limits, lines, Violation.REQUEST_LINE_TOO_LONG);
    this.fields = new KnownFields(lines);
  }

  /** One empty line before a request is skipped (RFC 9112 2.2). */
  @Override
  int begin(byte[] data, int from, int until) throws RejectedException {
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

  @Override
  int line(byte[] data, int from, int end) throws RejectedException {
    return line.parse(data, from, end);
  }

  @Override
  void beginFields() {
    fields.begin();
  }

  @Override
  void see(byte[] data, int seen) throws RejectedException {
    fields.see(data, seen);
  }

  @Override
  void check(byte[] data) throws RejectedException {
    fields.check(data, line.version());
  }

  @Override
  RequestHead make(byte[] data, HeaderBlock headers) {
    return new RequestHead(data, line, fields, headers);
  }
}
