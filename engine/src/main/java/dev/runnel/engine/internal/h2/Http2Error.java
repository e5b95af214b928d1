package dev.runnel.engine.internal.h2;

/**
 * The peer broke a rule: the whole connection ends, or one stream (RFC 9113 5.4). Without a stack
 * trace, because it is the peer who decides how many there are.
 */
final class Http2Error extends Exception {
  private static final long serialVersionUID = 1;
  private static final int CONNECTION = 0;

  private final ErrorCode code;
  private final int stream;

  private Http2Error(ErrorCode code, int stream, String message) {
    super(message, null, false, false);
    this.code = code;
    this.stream = stream;
  }

  /** One after which nothing on the connection can be trusted. */
  static Http2Error connection(ErrorCode code, String message) {
    return new Http2Error(code, CONNECTION, message);
  }

  /** One that ends this stream only. */
  static Http2Error stream(int id, ErrorCode code, String message) {
    return new Http2Error(code, id, message);
  }

  ErrorCode code() {
    return code;
  }

  boolean isOfConnection() {
    return stream == CONNECTION;
  }

  int stream() {
    return stream;
  }
}
