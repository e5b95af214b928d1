package dev.runnel.engine.internal.netty;

import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Proxy;
import java.net.SocketAddress;

/** Places to dial. */
final class Destinations {
  private Destinations() {}

  static Destination of(String host, int port) {
    return new Destination(host, port, null, null, null, Protocol.NEGOTIATED, null);
  }

  static Destination at(SocketAddress address) {
    return new Destination("there.test", 80, address, null, null, Protocol.NEGOTIATED, null);
  }

  static Destination through(Proxy proxy, String host, int port) {
    // HTTP/2 by prior knowledge is never forwarded, so that HTTP proxies are asked for a tunnel
    return new Destination(host, port, null, null, null, Protocol.HTTP_2, proxy);
  }

  static Destination tls(ClientTls tls, String host, int port, Protocol protocol) {
    return new Destination(host, port, null, tls, null, protocol, null);
  }

  static Destination tls(ClientTls tls, String host, int port, Proxy proxy) {
    return new Destination(host, port, null, tls, null, Protocol.NEGOTIATED, proxy);
  }
}
