package dev.runnel.transport.netty;

import dev.runnel.engine.internal.netty.NettyClient;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.TransportOptions;

/** The client's transport on the event loops and sockets of Netty. */
public final class NettyTransport {
  private NettyTransport() {}

  /**
   * A transport with loops of its own.
   *
   * @throws IllegalArgumentException if what should move the bytes does not load here
   */
  public static ClientTransport open(TransportOptions options) {
    return NettyClient.open(options);
  }
}
