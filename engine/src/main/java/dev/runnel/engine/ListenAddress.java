package dev.runnel.engine;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens.
 *
 * @param address host and port (port 0 takes a free one), or a Unix domain socket
 * @param admin whether its connections are exempt from the connection limit, so that a crowded
 *     server can be asked why
 * @param tls what is spoken there, or null for plain HTTP
 * @param redirect whether all requests are sent on to https, or null to answer them
 */
public record ListenAddress(
    SocketAddress address, boolean admin, @Nullable Tls tls, @Nullable HttpsRedirect redirect) {
  public ListenAddress {
    if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
      throw new IllegalArgumentException(
          "a server listens on an InetSocketAddress or a UnixDomainSocketAddress, not on "
              + address);
    }
    if (tls != null && redirect != null) {
      throw new IllegalArgumentException(
          address + " speaks TLS, so there is nothing to redirect: use a second place without TLS");
    }
  }

  /** A place where requests come in clear. */
  public ListenAddress(SocketAddress address, boolean admin) {
    this(address, admin, null, null);
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
    return new ListenAddress(address, true, tls, redirect);
  }

  /** This place, with TLS. */
  public ListenAddress withTls(Tls value) {
    return new ListenAddress(address, admin, Objects.requireNonNull(value), redirect);
  }

  /**
   * This place, where every request is answered with 308 and the same URL on https, at the port of
   * the first place of this server that speaks TLS.
   */
  public ListenAddress redirectingToHttps() {
    return new ListenAddress(address, admin, tls, new HttpsRedirect(0));
  }

  /**
   * Like {@link #redirectingToHttps()}, at another port: where a balancer or the network gives the
   * TLS port another number than this server knows.
   *
   * @param port 1 to 65535
   */
  public ListenAddress redirectingToHttps(int port) {
    if (port < 1) {
      throw new IllegalArgumentException("port must be within 1..65535, but is " + port);
    }
    return new ListenAddress(address, admin, tls, new HttpsRedirect(port));
  }

  /**
   * That requests are sent on to https.
   *
   * @param port where to; 0 is the port of the first place of the server that speaks TLS
   */
  public record HttpsRedirect(int port) {
    public HttpsRedirect {
      if (port < 0 || port > 0xFFFF) {
        throw new IllegalArgumentException("port must be within 0..65535, but is " + port);
      }
    }
  }

  @Override
  public String toString() {
    return place() + (tls != null ? " (TLS)" : redirect != null ? " (redirects to https)" : "");
  }

  private String place() {
    return address instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : "unix:" + address;
  }
}
