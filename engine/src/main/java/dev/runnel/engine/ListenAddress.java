package dev.runnel.engine;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/**
 * Where a server listens.
 *
 * @param address host and port (port 0 takes a free one), or a Unix domain socket
 * @param admin whether its connections are exempt from the connection limit, so that a crowded
 *     server can be asked why
 */
public record ListenAddress(SocketAddress address, boolean admin) {
  public ListenAddress {
    if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
      throw new IllegalArgumentException(
          "a server listens on an InetSocketAddress or a UnixDomainSocketAddress, not on "
              + address);
    }
  }

  /**
   * A host and port.
   *
   * @param port 0 takes a free one
   * @throws IllegalArgumentException if the port is not within 0..65535 or the host is not known
   */
  public static ListenAddress tcp(String host, int port) {
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("port must be within 0..65535, but is " + port);
    }
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("unknown host '" + host + "'");
    }
    return new ListenAddress(address, false);
  }

  /** A Unix domain socket. A file that is left over from an earlier run is replaced. */
  public static ListenAddress unix(Path socket) {
    return new ListenAddress(UnixDomainSocketAddress.of(socket), false);
  }

  /** This place, exempt from the connection limit. */
  public ListenAddress asAdmin() {
    return new ListenAddress(address, true);
  }

  @Override
  public String toString() {
    return address instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : "unix:" + address;
  }
}
