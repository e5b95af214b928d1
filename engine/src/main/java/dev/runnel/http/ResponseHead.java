package dev.runnel.http;

/**
 * The head of a response: what filters may still edit until it is committed.
 *
 * @param status the final status
 * @param headers the header section, without what the engine adds (framing, Date)
 */
public record ResponseHead(Status status, Headers headers) {
  /** This head with another header section. */
  public ResponseHead withHeaders(Headers replacement) {
    return new ResponseHead(status, replacement);
  }
}
