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

  /** Closes both halves at once. Safe to call twice. */
  void close();

  /** The peer. */
  SocketAddress remoteAddress();
}
