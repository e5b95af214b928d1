package dev.runnel.engine.internal.link;

import dev.runnel.transport.ClientException.Reason;

/**
 * What broke a connection.
 *
 * @param words for a message, behind what did not come about because of it
 * @param refused whether the peer ended TLS by an alert: another connection would fare no better
 * @param cause what was thrown
 */
public record LinkLoss(String words, boolean refused, Throwable cause) {
  /** What the calls of a client that it took along fail with. */
  public Reason reason() {
    return refused ? Reason.TLS : Reason.CONNECTION_LOST;
  }
}
