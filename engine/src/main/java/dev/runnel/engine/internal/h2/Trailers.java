package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.syntax.TrailerFields;
import dev.runnel.http.Headers;

/** Reads trailer sections (RFC 9113 8.1). */
final class Trailers {
  private Trailers() {}

  /**
   * The trailers of a stream.
   *
   * @throws Http2Error of the stream, if they are malformed or not its end
   */
  static Headers of(int stream, HeaderFields fields, boolean end) throws Http2Error {
    if (!end) {
      throw broken(stream, "a second header block that does not end the stream");
    }
    if (fields.flaw() != null || fields.hasPseudo()) {
      throw broken(stream, "malformed trailers");
    }
    for (int i = 0; i < fields.count(); i++) {
      if (TrailerFields.isForbidden(fields.name(i))) {
        throw broken(stream, "field " + fields.name(i) + " in the trailers");
      }
    }
    return fields.count() == 0 ? Headers.EMPTY : fields.toBlock(null);
  }

  private static Http2Error broken(int stream, String message) {
    return Http2Error.stream(stream, ErrorCode.PROTOCOL_ERROR, message);
  }
}
