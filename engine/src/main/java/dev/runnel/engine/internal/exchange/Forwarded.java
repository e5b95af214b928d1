package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.TrustedProxies;
import dev.runnel.engine.TrustedProxies.Fields;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The client, scheme and host behind trusted proxies: from Forwarded (RFC 7239), or from
 * X-Forwarded-For, -Proto and -Host. Of two kinds one may be the client's own. Hops are read from
 * the nearest on; the first one that is not trusted is the client, because whatever stands before
 * it may be made up. What does not parse ends the walk.
 *
 * @param client who sent the request
 * @param scheme what the client spoke, or null
 * @param host what the client asked for, or null
 */
record Forwarded(SocketAddress client, @Nullable String scheme, @Nullable String host) {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern LITERAL =
      Pattern.compile(OCTET + "(\\." + OCTET + "){3}|(:|[0-9A-Fa-f]+:)[0-9A-Fa-f:.]*");

  static Forwarded of(SocketAddress peer, Headers headers, TrustedProxies trusted) {
    if (!trusts(trusted, peer)) {
      return new Forwarded(peer, null, null);
    }
    List<Hop> hops = hops(headers, trusted.fields());
    SocketAddress client = peer;
    String scheme = null;
    String host = null;
    for (int i = hops.size() - 1; i >= 0; i--) {
      Hop hop = hops.get(i);
      if (hop.scheme != null) {
        scheme = hop.scheme;
      }
      if (hop.host != null) {
        host = hop.host;
      }
      InetSocketAddress address = hop.address;
      if (address == null) {
        break;
      }
      client = address;
      if (!trusts(trusted, address)) {
        break;
      }
    }
    return new Forwarded(client, scheme, host);
  }

  static boolean trusts(TrustedProxies trusted, SocketAddress peer) {
    return peer instanceof InetSocketAddress inet
        && inet.getAddress() != null
        && trusted.trusts(inet.getAddress());
  }

  private static List<Hop> hops(Headers headers, @Nullable Fields only) {
    List<Hop> standard = only == Fields.X_FORWARDED ? List.of() : standardHops(headers);
    List<Hop> older = only == Fields.FORWARDED ? List.of() : olderHops(headers);
    if (standard.isEmpty()) {
      return older;
    }
    return older.isEmpty() ? standard : List.of(); // nobody knows which the proxy wrote
  }

  private static List<Hop> standardHops(Headers headers) {
    List<String> lines = headers.all(HeaderNames.FORWARDED);
    return split(lines, ',').stream().map(Forwarded::standardHop).toList();
  }

  private static List<Hop> olderHops(Headers headers) {
    List<Hop> hops = new ArrayList<>();
    List<String> addresses = split(headers.all(HeaderNames.X_FORWARDED_FOR), ',');
    List<String> schemes = split(headers.all(HeaderNames.X_FORWARDED_PROTO), ',');
    List<String> hosts = split(headers.all(HeaderNames.X_FORWARDED_HOST), ',');
    int count = Math.max(addresses.size(), Math.max(schemes.size(), hosts.size()));
    for (int i = count; i > 0; i--) {
      String address = fromEnd(addresses, i);
      hops.add(
          new Hop(
              address == null ? null : address(address),
              scheme(fromEnd(schemes, i)),
              host(fromEnd(hosts, i))));
    }
    return hops;
  }

  private static @Nullable String fromEnd(List<String> values, int place) {
    return place > values.size() ? null : values.get(values.size() - place);
  }

  private static Hop standardHop(String element) {
    InetSocketAddress address = null;
    String scheme = null;
    String host = null;
    for (String pair : split(List.of(element), ';')) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String value = unquote(pair.substring(equals + 1).strip());
        switch (pair.substring(0, equals).strip().toLowerCase(Locale.ROOT)) {
          case "for" -> address = address(value);
          case "proto" -> scheme = scheme(value);
          case "host" -> host = host(value);
          default -> {
            // "by" and extensions say nothing about the client.
          }
        }
      }
    }
    return new Hop(address, scheme, host);
  }

  /** Splits list fields outside of quoted strings. */
  private static List<String> split(List<String> lines, char separator) {
    List<String> parts = new ArrayList<>();
    for (String line : lines) {
      // A quote that a client left open must not swallow what its proxy wrote behind it.
      boolean balanced = line.chars().filter(c -> c == '"').count() % 2 == 0;
      split(line, separator, balanced, parts);
    }
    parts.removeIf(String::isEmpty);
    return parts;
  }

  private static void split(String line, char separator, boolean quotes, List<String> parts) {
    int from = 0;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quotes) {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(line.substring(from, i).strip());
        from = i + 1;
      }
    }
    parts.add(line.substring(from).strip());
  }

  private static String unquote(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  private static @Nullable String scheme(@Nullable String value) {
    if (value == null) {
      return null;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    return lower.equals("http") || lower.equals("https") ? lower : null;
  }

  private static @Nullable String host(@Nullable String value) {
    return value != null
            && value.matches("[A-Za-z0-9._-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?")
        ? value
        : null;
  }

  /** An address literal with or without a port; names and obfuscated identifiers are nobody. */
  private static @Nullable InetSocketAddress address(String text) {
    String host = text;
    int port = 0;
    if (text.startsWith("[")) {
      int close = text.indexOf(']');
      if (close < 0) {
        return null;
      }
      host = text.substring(1, close);
      port = port(text.substring(close + 1));
    } else if (text.indexOf(':') == text.lastIndexOf(':') && text.indexOf(':') >= 0) {
      host = text.substring(0, text.indexOf(':'));
      port = port(text.substring(text.indexOf(':')));
    }
    if (port < 0 || !isLiteral(host)) {
      return null;
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      return null; // out of range: like any other text that is no address
    }
  }

  /**
   * Whether the JDK takes this for a literal, right or wrong, and does not ask DNS: that would
   * block the loop. What has a colon is one if it begins as one; what has none must be right,
   * because {@code 999.1.1.1} is a host name to it.
   */
  static boolean isLiteral(String host) {
    return LITERAL.matcher(host).matches();
  }

  private static int port(String suffix) {
    if (suffix.isEmpty()) {
      return 0;
    }
    if (!suffix.matches(":[0-9]{1,5}")) {
      return -1;
    }
    int port = Integer.parseInt(suffix.substring(1));
    return port <= 0xFFFF ? port : -1;
  }

  private record Hop(
      @Nullable InetSocketAddress address, @Nullable String scheme, @Nullable String host) {}
}
