package dev.runnel.testing.http2;

/**
 * What the server must not send. Kept by the session, and thrown into the next wait of the test.
 */
final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProtocolViolation(String message) {
    super(message);
  }
}
