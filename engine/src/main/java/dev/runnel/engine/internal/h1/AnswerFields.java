package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.Violation.ANSWER_LENGTHS_DIFFER;
import static dev.runnel.engine.internal.h1.Violation.ANSWER_OF_HTTP_1_0_WITH_TRANSFER_ENCODING;
import static dev.runnel.engine.internal.h1.Violation.CONTENT_LENGTH_WITH_TRANSFER_ENCODING;
import static dev.runnel.engine.internal.h1.Violation.TRANSFER_ENCODING_WITHOUT_BODY;

import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.Version;

/** Scratch of a parser: the fields of an answer that the connection itself must understand. */
final class AnswerFields extends ConnectionFields {
  AnswerFields(FieldLines lines) {
    super(lines);
  }

  /**
   * Holds the fields against each other once the section is whole. RFC 9112 6.3 would have
   * Transfer-Encoding win over Content-Length; we refuse, because two that disagree about it
   * disagree about where the next answer begins.
   */
  void check(byte[] data, Version version, int status) throws RejectedException {
    if (!chunked()) {
      return;
    }
    if (version == Version.HTTP_1_0) {
      throw new RejectedException(ANSWER_OF_HTTP_1_0_WITH_TRANSFER_ENCODING, null);
    }
    if (status < 200 || status == 204) {
      throw new RejectedException(TRANSFER_ENCODING_WITHOUT_BODY, "the status is " + status);
    }
    if (contentLength != NONE) {
      throw new RejectedException(CONTENT_LENGTH_WITH_TRANSFER_ENCODING, null);
    }
    requireChunked(data);
  }

  /** The same length more than once, in lines or as a list, is one length (RFC 9110 8.6). */
  @Override
  void contentLength(byte[] data, int line) throws RejectedException {
    int until = lines.valueEnd(line);
    int start = lines.valueStart(line);
    for (int i = start; i <= until; i++) {
      if (i == until || data[i] == ',') {
        oneLength(data, line, start, i);
        start = i + 1;
      }
    }
  }

  private void oneLength(byte[] data, int line, int from, int until) throws RejectedException {
    int start = from;
    int end = until;
    while (start < end && Octets.isSpace(data[start])) {
      start++;
    }
    while (end > start && Octets.isSpace(data[end - 1])) {
      end--;
    }
    long length = length(data, start, end);
    if (contentLength != NONE && contentLength != length) {
      throw new RejectedException(ANSWER_LENGTHS_DIFFER, lines.where(data, line));
    }
    contentLength = length;
  }
}
