package dev.runnel.engine.internal.netty;

import java.net.SocketAddress;

/** Where something listens in a network in memory. */
final class MemoryAddress extends SocketAddress {
  private static final long serialVersionUID = 1;

  private final transient MemoryNetty network;
  private final int port;

  MemoryAddress(MemoryNetty network, int port) {
    this.network = network;
    this.port = port;
  }

  MemoryNetty network() {
    return network;
  }

  int port() {
    return port;
  }

  @Override
  public String toString() {
    return "memory:" + port;
  }
}
