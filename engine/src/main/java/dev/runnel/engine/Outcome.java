package dev.runnel.engine;

import org.jspecify.annotations.Nullable;

/**
 * How a call ended.
 *
 * @param status the status sent, or 499 if the call was cancelled before any was
 * @param bytesReceived bytes of the request body taken from the wire, without framing
 * @param bytesSent bytes of the response body handed to the transport, without framing
 * @param nanos from the request's head to the end, by the loop's clock
 * @param cancelled why the call was cancelled, or null
 * @param error what the handler failed with, or null
 */
public record Outcome(
    int status,
    long bytesReceived,
    long bytesSent,
    long nanos,
    @Nullable CancelCause cancelled,
    @Nullable Throwable error) {
  /** The status that logs show for a client that left before it was answered. */
  public static final int CLIENT_CLOSED_REQUEST = 499;
}
