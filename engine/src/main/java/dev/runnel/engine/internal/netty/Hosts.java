package dev.runnel.engine.internal.netty;

import dev.runnel.transport.Destination;
import dev.runnel.transport.Proxy;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Names and addresses of servers and proxies, as messages and proxies want them. */
final class Hosts {
  /** RFC 1928 5: the length of a name is one byte; no DNS name has more (RFC 1035 2.3.4). */
  private static final int LONGEST_NAME = 255;

  private Hosts() {}

  /**
   * Refuses what would say something else to a proxy or in a message.
   *
   * @throws IllegalArgumentException if there is no such host
   */
  static void check(Destination to) {
    checkHost("host", to.host());
    if (to.serverName() != null) {
      checkHost("server name", to.serverName());
    }
    Proxy proxy = to.proxy();
    if (proxy != null && to.address() != null && !(to.address() instanceof InetSocketAddress)) {
      throw new IllegalArgumentException("no proxy reaches " + to.address() + ": leave it out");
    }
  }

  private static void checkHost(String what, String host) {
    boolean clean = host.chars().allMatch(c -> c > ' ' && c < 0x7F && "/?#@\\[]".indexOf(c) < 0);
    if (host.isEmpty() || host.length() > LONGEST_NAME || !clean) {
      throw new IllegalArgumentException(
          what + " must be a name in ASCII or an address, but is '" + host + "'");
    }
  }

  /** A server in a message. */
  static String name(Destination to) {
    SocketAddress fixed = to.address();
    String server = bracketed(to.host()) + ':' + to.port();
    String where = fixed == null ? server : server + " at " + AddressRace.text(fixed);
    return to.proxy() == null ? where : where + " through " + name(to.proxy());
  }

  /** A proxy in a message: no user either. */
  static String name(Proxy proxy) {
    return proxy.kind().scheme() + "://" + bracketed(proxy.host()) + ':' + proxy.port();
  }

  private static String bracketed(String host) {
    return host.indexOf(':') < 0 ? host : '[' + host + ']';
  }

  /** The addresses with a port; a resolver of a user's may have found null. */
  static List<SocketAddress> withPort(List<InetAddress> found, int port) {
    return List.copyOf(found).stream()
        .map(address -> (SocketAddress) new InetSocketAddress(address, port))
        .toList();
  }

  /** Whether a proxy has to be told an address that is found here. */
  static boolean isResolvedHere(Destination to) {
    Proxy proxy = to.proxy();
    return proxy != null && !proxy.kind().resolvesNames();
  }

  /** The address that a SOCKS proxy is told; null if it can carry none of them. */
  static @Nullable InetAddress forSocks(List<SocketAddress> found, Proxy proxy) {
    InetAddress other = null;
    for (SocketAddress address : found) {
      InetAddress inet = ((InetSocketAddress) address).getAddress();
      if (inet instanceof Inet4Address) {
        return inet;
      }
      other = other == null ? inet : other;
    }
    return proxy.kind() == Proxy.Kind.SOCKS4 ? null : other;
  }

  /**
   * What is said to a proxy.
   *
   * @param target the server's address where it was resolved here
   */
  static ProxyTalk talk(Destination to, Proxy proxy, @Nullable InetAddress target) {
    InetAddress address = target == null ? known(to) : target;
    int port = to.address() instanceof InetSocketAddress fixed ? fixed.getPort() : to.port();
    String host = to.host();
    return switch (proxy.kind()) {
      case HTTP, HTTPS -> {
        String where = to.address() == null || address == null ? host : address.getHostAddress();
        yield new ConnectTalk(bracketed(where) + ':' + port, proxy.user(), proxy.password());
      }
      case SOCKS4, SOCKS4A -> {
        Inet4Address four = address instanceof Inet4Address inet ? inet : null;
        if (address != null && four == null) {
          throw ProxyTalk.refused("SOCKS4 carries IPv4 only, and the server's address is " + host);
        }
        yield new Socks4Talk(four, host, port, proxy.user());
      }
      case SOCKS5, SOCKS5H -> new Socks5Talk(address, host, port, proxy.user(), proxy.password());
    };
  }

  /** The address that is said, not found. */
  private static @Nullable InetAddress known(Destination to) {
    return to.address() instanceof InetSocketAddress fixed && fixed.getAddress() != null
        ? fixed.getAddress()
        : HostNames.literal(to.host());
  }

  static Throwable unwrapped(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
