package dev.runnel.engine.internal.h2;

import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import org.jspecify.annotations.Nullable;

/** Reads the heads of answers (RFC 9113 8.1.1 and 8.3.2). */
final class AnswerHeads {
  private AnswerHeads() {}

  /**
   * A head, informational or final.
   *
   * @throws Http2Error of the stream, if it is malformed
   */
  static ResponseHead of(int stream, HeaderFields fields, boolean end) throws Http2Error {
    String flaw = flaw(fields, end);
    if (flaw != null) {
      throw Http2Error.stream(stream, ErrorCode.PROTOCOL_ERROR, "malformed answer: " + flaw);
    }
    return new ResponseHead(Status.of(code(fields.status)), fields.toBlock(null));
  }

  private static @Nullable String flaw(HeaderFields fields, boolean end) {
    if (fields.flaw() != null) {
      return fields.flaw();
    }
    if (fields.hasPseudoOfRequest()) {
      return "a pseudo-header of requests";
    }
    if (fields.status == null) {
      return "no :status";
    }
    int code = code(fields.status);
    if (code < 100 || code > 599) {
      return "bad :status"; // its text may be anything, and is not repeated
    }
    if (code == 101) {
      return "101, which HTTP/2 does not have"; // RFC 9113 8.6
    }
    return code < 200 && end ? "an informational head that ends the stream" : null;
  }

  /** The number, or 0 if it is none of three digits. */
  private static int code(@Nullable String text) {
    if (text == null || text.length() != 3) {
      return 0;
    }
    int code = 0;
    for (int i = 0; i < 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      code = 10 * code + digit;
    }
    return code;
  }
}
