package dev.runnel.engine.internal.syntax;

import org.jspecify.annotations.Nullable;

/**
 * The grammar of a host and a port (RFC 9110 7.2, RFC 3986 3.2.2). A name may have every character
 * of a reg-name. User information, IPvFuture and zone identifiers are refused: no client has a use
 * for them here.
 */
public final class Authority {
  private static final int MAX_PORT = 65_535;

  /** unreserved and sub-delims; percent triplets are looked at one by one. */
  private static final boolean[] REG_NAME =
      Octets.table("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~!$&'()*+,;=");

  private Authority() {}

  /**
   * What is wrong with a host and optional port, or null. An empty host is wrong, an empty port is
   * not.
   */
  public static @Nullable String flaw(byte[] data, int from, int until) {
    int hostEnd = hostEnd(data, from, until);
    if (hostEnd < 0) {
      return "bad IPv6 address";
    }
    if (hostEnd == from) {
      return "no host";
    }
    if (hostEnd == until) {
      return null;
    }
    if (data[hostEnd] != ':') {
      return Octets.name(data[hostEnd]) + " in the host";
    }
    return port(data, hostEnd + 1, until) < 0 ? "bad port" : null;
  }

  /**
   * What is wrong with the target of CONNECT, or null: here the port must be there (RFC 9110
   * 9.3.6).
   */
  public static @Nullable String tunnelFlaw(byte[] data, int from, int until) {
    String flaw = flaw(data, from, until);
    if (flaw != null) {
      return flaw;
    }
    int hostEnd = hostEnd(data, from, until);
    return hostEnd == until || port(data, hostEnd + 1, until) == 0 ? "no port" : null;
  }

  /** The number, 0 for no digits, or -1. */
  private static int port(byte[] data, int from, int until) {
    int port = 0;
    for (int i = from; i < until; i++) {
      if (!Octets.isDigit(data[i])) {
        return -1;
      }
      port = port * 10 + data[i] - '0';
      if (port > MAX_PORT) {
        return -1;
      }
    }
    return port;
  }

  /** Where the host ends, or -1 if it is a malformed literal. */
  private static int hostEnd(byte[] data, int from, int until) {
    if (from < until && data[from] == '[') {
      return literalEnd(data, from + 1, until);
    }
    int i = from;
    while (i < until) {
      if (REG_NAME[data[i] & 0xFF]) {
        i++;
      } else if (isTriplet(data, i, until)) {
        i += 3;
      } else {
        break;
      }
    }
    return i;
  }

  /** Whether a percent sign and two hexadecimal digits stand here. */
  public static boolean isTriplet(byte[] data, int at, int until) {
    return data[at] == '%'
        && at + 2 < until
        && Octets.hex(data[at + 1]) >= 0
        && Octets.hex(data[at + 2]) >= 0;
  }

  private static int literalEnd(byte[] data, int from, int until) {
    for (int i = from; i < until; i++) {
      if (data[i] == ']') {
        return isIpv6(data, from, i) ? i + 1 : -1;
      }
    }
    return -1;
  }

  /**
   * Eight groups of hex digits, fewer with one "::" among them; the last two may be an IPv4
   * address.
   */
  private static boolean isIpv6(byte[] data, int from, int until) {
    int groups = 0;
    boolean gap = false;
    int i = from;
    while (i < until) {
      if (data[i] == ':') {
        // Behind a group stands one colon, which was skipped: a colon here is the second of a gap,
        // or the start.
        boolean first = i == from;
        if (gap || (first && !(i + 1 < until && data[i + 1] == ':'))) {
          return false;
        }
        gap = true;
        i += first ? 2 : 1;
        continue;
      }
      int end = groupEnd(data, i, until);
      if (end < until && data[end] == '.') {
        groups += 2;
        return isIpv4(data, i, until) && (gap ? groups < 8 : groups == 8);
      }
      groups++;
      if (end == i || end - i > 4 || (end < until && data[end] != ':') || end + 1 == until) {
        return false;
      }
      i = end + 1;
    }
    return gap ? groups < 8 : groups == 8;
  }

  private static int groupEnd(byte[] data, int from, int until) {
    int i = from;
    while (i < until && Octets.hex(data[i]) >= 0) {
      i++;
    }
    return i;
  }

  private static boolean isIpv4(byte[] data, int from, int until) {
    int i = from;
    for (int part = 0; part < 4; part++) {
      int start = i;
      int value = 0;
      while (i < until && i < start + 3 && Octets.isDigit(data[i])) {
        value = value * 10 + data[i++] - '0';
      }
      boolean leadingZero = i - start > 1 && data[start] == '0';
      if (i == start || value > 255 || leadingZero) {
        return false;
      }
      if (part < 3 && (i == until || data[i++] != '.')) {
        return false;
      }
    }
    return i == until;
  }
}
