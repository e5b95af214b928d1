package dev.runnel.http;

import java.net.SocketAddress;

/**
 * A connection without HTTP framing, after an upgrade or CONNECT. Lives on the loop; back-pressured
 * both ways.
 */
public interface RawConnection {
  /** What the peer sends; ends when the peer closes its half. */
  BodyReader input();

  /** What the peer gets; {@link BodyWriter#end()} closes our half. */
  BodyWriter output();

  /** Sends what was written, then closes both halves. Safe to call twice. */
  void close();

  /**
   * Drops the connection, or the stream, at once; what was not sent is lost. For a peer that is
   * gone or does not play by the rules.
   */
  void reset();

  /** The peer. */
  SocketAddress remoteAddress();
}
