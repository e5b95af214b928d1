package dev.runnel.transport;

import java.io.Serial;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of the client that came to nothing. The {@link #reason()} says what happened, the message
 * where, and {@link #isUnprocessed()} whether the server can have acted on the request.
 *
 * <p>Before the head of the answer it is what the call fails with; behind it, what reading the body
 * throws.
 */
public final class ClientException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  /** What happened. */
  public enum Reason {
    /** The host name has no address, or the resolver did not answer. */
    RESOLVE,
    /** No address of the host took the connection. */
    CONNECT,
    /** No connection within the time for connecting. */
    CONNECT_TIMEOUT,
    /** TLS could not agree, or the server's certificate is not to be trusted. */
    TLS,
    /** The TLS handshake took longer than it may. */
    TLS_TIMEOUT,
    /** The proxy refused, or does not speak what it should. */
    PROXY,
    /** As many calls wait for a connection to this origin as may. */
    POOL_FULL,
    /** No connection became free within the time for waiting. */
    POOL_TIMEOUT,
    /** The connection broke or ended before the answer was whole. */
    CONNECTION_LOST,
    /** What the server sent is not HTTP, or breaks a rule that matters. */
    MALFORMED_RESPONSE,
    /** The head of the answer, or a body to be held as a whole, is larger than its limit. */
    TOO_LARGE,
    /** No head of an answer within its time. */
    HEAD_TIMEOUT,
    /** No byte of the body within its time. */
    BODY_TIMEOUT,
    /** The server took no byte of the request within its time. */
    WRITE_TIMEOUT,
    /** The whole call took longer than it may. */
    CALL_TIMEOUT,
    /** The server gave this call up (RST_STREAM). */
    STREAM_RESET,
    /** The server did not look at this call (REFUSED_STREAM, or behind its GOAWAY). */
    REFUSED,
    /** The caller gave the call up. */
    CANCELLED,
    /** The body cannot be decompressed, or would be larger than its cap. */
    CONTENT_DECODING,
    /** More redirects than are followed. */
    TOO_MANY_REDIRECTS,
    /** A redirect that cannot be followed. */
    BAD_REDIRECT,
    /** The body of the request could not be had, or only once where it is needed again. */
    REQUEST_BODY,
    /** A protocol that was asked for (WebSocket, events) was not given. */
    NOT_UPGRADED,
    /** The client is closed. */
    CLOSED
  }

  private final Reason reason;
  private final boolean unprocessed;

  /** A failure that the server may have seen. */
  public ClientException(Reason reason, String message) {
    this(reason, message, false, null);
  }

  /**
   * A failure.
   *
   * @param unprocessed whether it is certain that the server did nothing with the request
   */
  public ClientException(
      Reason reason, String message, boolean unprocessed, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message), cause);
    this.reason = Objects.requireNonNull(reason);
    this.unprocessed = unprocessed;
  }

  /** What happened. */
  public Reason reason() {
    return reason;
  }

  /**
   * Whether it is certain that the server did nothing with the request, so that it may be sent
   * again whatever its method (RFC 9110 9.2.2, RFC 9113 8.7).
   */
  public boolean isUnprocessed() {
    return unprocessed;
  }
}
