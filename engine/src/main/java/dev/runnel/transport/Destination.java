package dev.runnel.transport;

import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection goes, and what is spoken there. Connections to equal destinations may be used
 * for each other's calls.
 *
 * @param host a name or an address, in lower case, IPv6 without brackets
 * @param port the port
 * @param address instead of what the host resolves to: a Unix domain socket, or a fixed address
 * @param tls how it is secured, or null for bytes in clear
 * @param serverName the name asked for in SNI and looked for in the certificate; null is the host
 * @param protocol which version is spoken
 * @param proxy what stands between, or null
 * @param tunnel whether the proxy only carries bytes, also for requests in clear: a WebSocket needs
 *     that (RFC 6455 4.1)
 */
public record Destination(
    String host,
    int port,
    @Nullable SocketAddress address,
    @Nullable ClientTls tls,
    @Nullable String serverName,
    Protocol protocol,
    @Nullable Proxy proxy,
    boolean tunnel) {
  public Destination {
    Objects.requireNonNull(host);
    Objects.requireNonNull(protocol);
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
  }

  /** Where an HTTP proxy forwards what is in clear. */
  public Destination(
      String host,
      int port,
      @Nullable SocketAddress address,
      @Nullable ClientTls tls,
      @Nullable String serverName,
      Protocol protocol,
      @Nullable Proxy proxy) {
    this(host, port, address, tls, serverName, protocol, proxy, false);
  }

  /** Which version is spoken. */
  public enum Protocol {
    /** What ALPN chooses of HTTP/2 and HTTP/1.1; in clear HTTP/1.1. */
    NEGOTIATED,
    /** HTTP/1.1 and nothing else. */
    HTTP_1_1,
    /** HTTP/2 and nothing else; in clear with prior knowledge (RFC 9113 3.3). */
    HTTP_2
  }

  /**
   * Whether requests in clear are sent to the proxy with an absolute target, and the proxy makes
   * the connection to their origin (RFC 9112 3.2.2); otherwise it only carries bytes.
   */
  public boolean isForwarded() {
    return !tunnel
        && tls == null
        && protocol != Protocol.HTTP_2 // a proxy that forwards reads HTTP/1.1
        && proxy != null
        && isHttp(proxy.kind());
  }

  private static boolean isHttp(Proxy.Kind kind) {
    return kind == Proxy.Kind.HTTP || kind == Proxy.Kind.HTTPS;
  }

  /** As error messages name it. */
  @Override
  public String toString() {
    String where = address != null ? address.toString() : host + ":" + port;
    return proxy == null ? where : where + " through " + proxy;
  }
}
