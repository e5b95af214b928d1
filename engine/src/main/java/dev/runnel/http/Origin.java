package dev.runnel.http;

import java.util.Locale;

/**
 * Where a {@link Uri} leads: scheme, host and port (RFC 6454). Equal origins may share connections
 * and secrets; others may not.
 *
 * @param scheme in lower case: http, https, ws or wss
 * @param host as {@link Uri#host()} gives it: a name in lower case, an IPv4 address, or an IPv6
 *     address in brackets
 * @param port 1 to 65535; that of the scheme where the URL names none
 */
public record Origin(String scheme, String host, int port) {
  /** The port of the scheme: 80 for http and ws, 443 for https and wss. */
  static int defaultPort(String scheme) {
    return isSecure(scheme) ? 443 : 80;
  }

  static boolean isSecure(String scheme) {
    return scheme.equals("https") || scheme.equals("wss");
  }

  /** An origin; scheme and host in any case. */
  public Origin {
    scheme = scheme.toLowerCase(Locale.ROOT);
    host = host.toLowerCase(Locale.ROOT);
  }

  /** Whether it is reached through TLS: https and wss. */
  public boolean isSecure() {
    return isSecure(scheme);
  }

  /** The host as resolvers and sockets take it: without the brackets of an IPv6 address. */
  public String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Host and port as the Host field wants them: without the port where it is the scheme's own. */
  public String authority() {
    return port == defaultPort(scheme) ? host : host + ':' + port;
  }

  /** The origin as the Origin field has it: {@code https://a.example} (RFC 6454 6.2). */
  @Override
  public String toString() {
    return scheme + "://" + authority();
  }
}
