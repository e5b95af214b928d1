package dev.runnel.engine.internal.h1;

import dev.runnel.engine.Limits;
import dev.runnel.http.HeaderBlock;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;

/** Parses the heads of answers (RFC 9112 4 to 6), as strictly as those of requests. */
final class ResponseParser extends HeadParser<AnswerHead> {
  private final StatusLine line = new StatusLine();
  private final AnswerFields fields;

  /** Holds answers to these limits; the status line has that of a request line. */
  ResponseParser(Limits limits) {
    this(limits, new FieldLines(limits.headerFields()));
  }

  private ResponseParser(Limits limits, FieldLines lines) {
    super(limits, lines, Violation.STATUS_LINE_TOO_LONG);
    this.fields = new AnswerFields(lines);
  }

  @Override
  int begin(byte[] data, int from, int until) {
    return from == until ? NEED_MORE : from;
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
    fields.check(data, line.version(), line.code());
  }

  @Override
  AnswerHead make(byte[] data, HeaderBlock headers) {
    ResponseHead head = new ResponseHead(Status.of(line.code()), headers);
    return AnswerHead.of(head, line.version(), fields);
  }
}
