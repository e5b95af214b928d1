package dev.runnel.engine;

import java.time.Duration;

/**
 * The time limits of a server, by the loop's clock. Immutable; {@link Duration#ZERO} turns a limit
 * off.
 *
 * @param requestHead from the first byte (and for a new connection from accept) to the end of the
 *     head; then 408 or close (10 s)
 * @param keepAliveIdle between two requests; then close (75 s, above the 60 s of common balancers,
 *     so that they close first)
 * @param bodyStall without a byte of a body that is being read; then 408 (30 s)
 * @param writeStall without the peer taking a byte; then close (30 s)
 * @param lingeringClose how long unread bytes are discarded before a close (2 s; RFC 9112 9.6)
 * @param tlsHandshake from accept to the end of the TLS handshake; then close (10 s)
 */
public record Timeouts(
    Duration requestHead,
    Duration keepAliveIdle,
    Duration bodyStall,
    Duration writeStall,
    Duration lingeringClose,
    Duration tlsHandshake) {
  /** The defaults. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(75),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10));

  public Timeouts {
    for (Duration limit :
        new Duration[] {
          requestHead, keepAliveIdle, bodyStall, writeStall, lingeringClose, tlsHandshake
        }) {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("a time limit must not be negative: " + limit);
      }
    }
  }

  /** With another limit for request heads. */
  public Timeouts withRequestHead(Duration limit) {
    return new Timeouts(limit, keepAliveIdle, bodyStall, writeStall, lingeringClose, tlsHandshake);
  }

  /** With another limit for idle connections. */
  public Timeouts withKeepAliveIdle(Duration limit) {
    return new Timeouts(requestHead, limit, bodyStall, writeStall, lingeringClose, tlsHandshake);
  }

  /** With another limit for silent uploads. */
  public Timeouts withBodyStall(Duration limit) {
    return new Timeouts(
        requestHead, keepAliveIdle, limit, writeStall, lingeringClose, tlsHandshake);
  }

  /** With another limit for peers that take nothing. */
  public Timeouts withWriteStall(Duration limit) {
    return new Timeouts(requestHead, keepAliveIdle, bodyStall, limit, lingeringClose, tlsHandshake);
  }

  /** With another time for discarding what comes before a close. */
  public Timeouts withLingeringClose(Duration limit) {
    return new Timeouts(requestHead, keepAliveIdle, bodyStall, writeStall, limit, tlsHandshake);
  }

  /** With another limit for TLS handshakes. */
  public Timeouts withTlsHandshake(Duration limit) {
    return new Timeouts(requestHead, keepAliveIdle, bodyStall, writeStall, lingeringClose, limit);
  }
}
