package dev.runnel.engine.internal.h1;

/**
 * The rules that a message must keep, each with the status that answers a breach: of a request, or
 * 502 where only an answer can break it (that is what a gateway says then). All of them end the
 * connection: after a breach nobody knows where the next message would begin.
 */
public enum Violation {
  BARE_CR(400, "RFC 9112 2.2", "A CR must be followed by LF."),
  BARE_LF(400, "RFC 9112 2.2", "A line must end with CR LF, not with LF alone."),

  REQUEST_LINE_TOO_LONG(414, "RFC 9112 3", "The request line is too long."),
  BAD_REQUEST_LINE(
      400,
      "RFC 9112 3",
      "A request line must be a method, a target and a version with one space between each."),
  BAD_METHOD(400, "RFC 9110 9.1", "The method must be a token."),
  BAD_VERSION(400, "RFC 9112 2.3", "The version must be written HTTP/1.1."),
  UNSUPPORTED_VERSION(505, "RFC 9110 15.6.6", "This port speaks HTTP/1.1 and HTTP/1.0."),

  BAD_TARGET(400, "RFC 9112 3.2", "The target has a character that must be percent-encoded."),
  BAD_PERCENT(400, "RFC 3986 2.1", "A percent sign must be followed by two hexadecimal digits."),
  BAD_TARGET_FORM(400, "RFC 9112 3.2", "The target has a form that this method does not allow."),
  BAD_AUTHORITY(400, "RFC 9112 3.2", "The authority in the target is malformed."),

  HEADERS_TOO_LARGE(431, "RFC 6585 5", "The header section is too large."),
  TOO_MANY_FIELDS(431, "RFC 6585 5", "There are too many field lines."),
  OBS_FOLD(400, "RFC 9112 5.2", "A line of the header section must not start with white space."),
  FIELD_WITHOUT_COLON(400, "RFC 9112 5", "A field line must have a colon."),
  SPACE_IN_FIELD_NAME(400, "RFC 9112 5.1", "White space must not stand before the colon."),
  EMPTY_FIELD_NAME(400, "RFC 9110 5.1", "A field name must not be empty."),
  BAD_FIELD_NAME(400, "RFC 9110 5.1", "A field name must be a token."),
  BAD_FIELD_VALUE(400, "RFC 9110 5.5", "A field value must not have control characters."),

  HOST_MISSING(400, "RFC 9112 3.2", "A request of HTTP/1.1 must have a Host field."),
  HOST_REPEATED(400, "RFC 9112 3.2", "There must be only one Host field."),
  BAD_HOST(400, "RFC 9112 3.2", "The Host field must be a host and perhaps a port."),

  BAD_CONTENT_LENGTH(400, "RFC 9110 8.6", "Content-Length must be one number of digits only."),
  CONTENT_LENGTH_REPEATED(400, "RFC 9112 6.3", "There must be only one Content-Length field."),
  CONTENT_LENGTH_WITH_TRANSFER_ENCODING(
      400, "RFC 9112 6.1", "Content-Length must not stand beside Transfer-Encoding."),
  BAD_TRANSFER_ENCODING(
      400, "RFC 9112 6.3", "Transfer-Encoding must be chunked, once, as the last coding."),
  UNKNOWN_TRANSFER_CODING(501, "RFC 9112 6.1", "No transfer coding but chunked is supported."),
  TRANSFER_ENCODING_IN_HTTP_1_0(
      400, "RFC 9112 6.1", "A request of HTTP/1.0 must not have Transfer-Encoding."),
  UNKNOWN_EXPECTATION(417, "RFC 9110 10.1.1", "No expectation but 100-continue is supported."),

  BAD_CHUNK_SIZE(400, "RFC 9112 7.1", "A chunk must start with its size, 1 to 15 hex digits."),
  BAD_CHUNK_EXTENSION(400, "RFC 9112 7.1.1", "A chunk extension is malformed."),
  CHUNK_EXTENSIONS_TOO_LONG(400, "RFC 9112 7.1.1", "The chunk extensions are too long."),
  BAD_CHUNK_END(400, "RFC 9112 7.1", "The data of a chunk must be followed by CR LF."),
  TRAILERS_TOO_LARGE(431, "RFC 6585 5", "The trailer section is too large."),
  FORBIDDEN_TRAILER(400, "RFC 9110 6.5.1", "This field must not stand in a trailer section."),

  STATUS_LINE_TOO_LONG(502, "RFC 9112 4", "The status line is too long."),
  BAD_STATUS_LINE(
      502, "RFC 9112 4", "An answer must begin with HTTP/1.1, a space and a status code."),
  UNKNOWN_ANSWER_VERSION(
      502, "RFC 9112 2.3", "Only answers of HTTP/1.1 and HTTP/1.0 are understood."),
  BAD_STATUS(502, "RFC 9110 15", "The status code must be three digits, from 100 to 599."),
  BAD_REASON(502, "RFC 9112 4", "The reason phrase must not have control characters."),
  ANSWER_LENGTHS_DIFFER(502, "RFC 9112 6.3", "There must not be two different Content-Lengths."),
  TRANSFER_ENCODING_WITHOUT_BODY(
      502, "RFC 9112 6.1", "An answer that has no body must not have Transfer-Encoding."),
  ANSWER_OF_HTTP_1_0_WITH_TRANSFER_ENCODING(
      502, "RFC 9112 6.1", "An answer of HTTP/1.0 must not have Transfer-Encoding.");

  private final int status;
  private final String source;
  private final String sentence;

  Violation(int status, String source, String sentence) {
    this.status = status;
    this.source = source;
    this.sentence = sentence;
  }

  /** Whether something is well-formed, but larger than it may be. */
  public boolean isTooLarge() {
    return switch (this) {
      case REQUEST_LINE_TOO_LONG,
          STATUS_LINE_TOO_LONG,
          HEADERS_TOO_LARGE,
          TOO_MANY_FIELDS,
          CHUNK_EXTENSIONS_TOO_LONG,
          TRAILERS_TOO_LARGE ->
          true;
      default -> false;
    };
  }

  /** Whether only an answer can break it. */
  public boolean isOfAnswers() {
    return status == 502;
  }

  /** The status code of the answer. */
  public int status() {
    return status;
  }

  /** The RFC and section that has the rule. */
  public String source() {
    return source;
  }

  /** The rule, for the client. */
  public String sentence() {
    return sentence;
  }
}
